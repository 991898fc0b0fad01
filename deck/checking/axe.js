// What axe-core says of the slides, and not of the buttons that Marp puts around them.
async rules => {
  const slides = [...document.querySelectorAll('svg[data-marpit-svg]')];
  // Marp hides all slides but one from screen readers, and shows each in its turn.
  for (const slide of slides) slide.removeAttribute('aria-hidden');
  // The outlines of a formula have no text to read out, and no deck can give them one.
  const result = await axe.run({include: [['svg[data-marpit-svg]']], exclude: [['mjx-container']]}, {
    elementRef: true, resultTypes: ['violations', 'incomplete'], runOnly: {type: 'tag', values: rules.tags},
    rules: Object.fromEntries(rules.without.map(id => [id, {enabled: false}]))});
  const told = (rule, node) => {
    const element = node.element, slide = slides.indexOf(element.closest('svg[data-marpit-svg]'));
    const images = [...element.closest('section')?.querySelectorAll('img:not(.emoji)') ?? []];
    const data = [...node.any, ...node.all, ...node.none].map(check => check.data).find(Boolean) ?? {};
    return {rule: rule.id, help: rule.help, slide, html: node.html, data, tag: element.tagName.toLowerCase(),
            text: (element.textContent.trim() ? element : element.closest('p, li, td, th, h1, h2, h3, h4, h5, h6') ?? element)
              .textContent.replace(/\s+/g, ' ').trim(), image: images.indexOf(element)};
  };
  const style = element => {
    const {color, fontSize, fontWeight} = getComputedStyle(element);
    const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
    return {color, least: large ? 3 : 4.5};
  };
  const rects = element => {
    const range = document.createRange(), frame = element.closest('svg[data-marpit-svg]').getBoundingClientRect();
    return [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim()).flatMap(node => {
      range.selectNodeContents(node);
      return [...range.getClientRects()].map(r => [r.left - frame.left, r.top - frame.top, r.width, r.height]);
    });
  };
  const nodes = list => list.flatMap(rule => rule.nodes.map(node => ({rule, node})));
  return {
    violations: nodes(result.violations).map(({rule, node}) => told(rule, node)),
    unsure: nodes(result.incomplete).filter(({rule}) => rule.id === 'color-contrast').map(({rule, node}) =>
      ({...told(rule, node), ...style(node.element), rects: rects(node.element)})),
    frames: slides.map(slide => { const {x, y, width, height} = slide.getBoundingClientRect();
                                  return {x: x + scrollX, y: y + scrollY, width, height}; }),
  };
}
