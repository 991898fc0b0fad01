// What a slide holds, where it stands, and the colours of its texts as they are painted.
() => [...document.querySelectorAll('section')].map(section => {
  const frame = section.getBoundingClientRect(), style = getComputedStyle(section);
  const inside = {left: frame.left + parseFloat(style.paddingLeft), right: frame.right - parseFloat(style.paddingRight),
                  top: frame.top, bottom: frame.bottom - parseFloat(style.paddingBottom)};
  const blocks = [...section.children].filter(e => !['HEADER', 'FOOTER', 'STYLE', 'SCRIPT'].includes(e.tagName));
  const boxes = blocks.map(e => ({
    name: e.tagName + ' ' + e.textContent.trim().slice(0, 30), rect: e.getBoundingClientRect()}));
  const outside = boxes.filter(({rect}) => rect.left < inside.left - 1 || rect.right > inside.right + 1
    || rect.top < inside.top - 1 || rect.bottom > inside.bottom + 1).map(b => b.name);
  const touching = [];
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) {
    const wide = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
    const high = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
    if (wide > 1 && high > 1) touching.push(a.name + ' / ' + b.name);
  }
  const ground = e => { for (; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!/, 0\)$/.test(colour)) return colour; } return 'rgb(255, 255, 255)'; };
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT), texts = [];
  for (let node; node = walker.nextNode();) {
    const owner = node.parentElement;
    if (!node.textContent.trim() || owner.closest('style, script, svg svg, mjx-container')) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const rect = range.getBoundingClientRect(), own = getComputedStyle(owner);
    texts.push({text: node.textContent.trim().slice(0, 30), colour: own.color, ground: ground(owner),
      size: parseFloat(own.fontSize), bold: own.fontWeight >= 600, family: own.fontFamily,
      inside: rect.left >= frame.left && rect.right <= frame.right
        && rect.top >= frame.top && rect.bottom <= frame.bottom});
  }
  const images = [...section.querySelectorAll('img')].map(i => { const r = i.getBoundingClientRect(); return {
    painted: i.complete && i.naturalWidth > 0, width: r.width, height: r.height, fit: getComputedStyle(i).objectFit,
    declared: [Number(i.getAttribute('width')), Number(i.getAttribute('height'))], alt: i.alt}; });
  return {title: section.querySelector('h1, h2')?.textContent, classes: section.className, outside, touching,
    texts, images,
    size: [frame.width, frame.height], paper: style.backgroundColor,
    heading: [...section.querySelectorAll(':scope > h1, :scope > h2')].map(h => getComputedStyle(h).color),
    overflow: section.scrollHeight > section.clientHeight + 1 || section.scrollWidth > section.clientWidth + 1};
})
