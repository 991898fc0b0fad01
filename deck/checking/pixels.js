// The contrast of each text with the pixels behind it: what nearly all of it has at least.
async ({picture, texts}) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), paper = canvas.getContext('2d');
  paper.drawImage(image, 0, 0);
  const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = rgb => rgb.reduce((sum, c, i) => sum + [0.2126, 0.7152, 0.0722][i] * linear(c / 255), 0);
  return texts.map(({color, rects}) => {
    const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number), ratios = [];
    for (const [x, y, width, height] of rects) {
      if (width < 1 || height < 1) continue;
      const {data} = paper.getImageData(Math.round(x), Math.round(y), Math.round(width), Math.round(height));
      for (let i = 0; i < data.length; i += 4) {
        const behind = [data[i], data[i + 1], data[i + 2]];
        const front = [red, green, blue].map((c, k) => alpha * c + (1 - alpha) * behind[k]);
        const [low, high] = [luminance(front), luminance(behind)].sort((a, b) => a - b);
        ratios.push((high + 0.05) / (low + 0.05));
      }
    }
    ratios.sort((a, b) => a - b);
    // A thin line that crosses the letters takes nothing from them.
    return ratios.length ? ratios[Math.floor(ratios.length / 10)] : null;
  });
}
