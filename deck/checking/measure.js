// What each slide looks like, measured in slide pixels by the browser that lays it out.
() => {
  const HIDDEN = '.katex-mathml, mjx-assistive-mml, script, style, title, desc';
  const BLOCKS = 'h1, h2, h3, h4, h5, h6, p, li, td, th, pre, figcaption, footer, header, mjx-container, .katex, div';
  const squeezed = text => text.replace(/\s+/g, ' ').trim();
  const union = (a, b) => ({left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
                            right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom)});

  // The number of a page is no element: its box follows from its style.
  function pageNumber(section) {
    const style = getComputedStyle(section, '::after');
    if (['none', 'normal', '""'].includes(style.content) || style.position !== 'absolute') return null;
    const frame = section.getBoundingClientRect(), px = name => parseFloat(style[name]) || 0;
    const extra = name => style.boxSizing === 'border-box' ? 0 : px('padding' + name) + px('border' + name + 'Width');
    const left = frame.left + section.clientLeft + px('left') + px('marginLeft');
    const top = frame.top + section.clientTop + px('top') + px('marginTop');
    return {left, top, right: left + px('width') + extra('Left') + extra('Right'),
            bottom: top + px('height') + extra('Top') + extra('Bottom')};
  }

  // Every block that shows something: its box is that of its letters or pictures, not of the room it could take.
  function boxes(section) {
    const found = new Map(), range = document.createRange();
    const enter = (element, rect) => {
      if (rect.right - rect.left < 0.5 || rect.bottom - rect.top < 0.5) return;
      if (getComputedStyle(element).visibility === 'hidden') return;
      const plain = {left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom};
      found.set(element, found.has(element) ? union(found.get(element), plain) : plain);
    };
    const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) {
      if (!node.data.trim() || node.parentElement.closest(HIDDEN)) continue;
      range.selectNodeContents(node);
      const block = node.parentElement.closest(BLOCKS) ?? section;
      for (const rect of range.getClientRects()) enter(block, rect);
    }
    for (const element of section.querySelectorAll('img, svg, video, iframe, mjx-container'))
      if (!element.parentElement.closest('svg svg, mjx-container')) enter(element, element.getBoundingClientRect());
    return [...found].map(([element, rect]) => ({element, rect}));
  }

  // The nearest ancestor that cuts off what does not fit into it.
  function cutting(element, section) {
    const own = element.matches('img, svg, video, iframe');  // which cut off only what is in them
    for (let outer = own ? element.parentElement : element; outer && outer !== section; outer = outer.parentElement)
      if (getComputedStyle(outer).overflowX !== 'visible') return outer;
    return section;
  }

  // A command that they do not know is written in red by both of Marp's ways to set formulas.
  function unknown(section) {
    const outlined = [...section.querySelectorAll('mjx-container [data-mml-node=mtext][fill=red]')].map(e =>
      [...e.querySelectorAll('[data-c]')].map(c => String.fromCodePoint(parseInt(c.dataset.c, 16))).join(''));
    const written = [...section.querySelectorAll('.katex-html [style*="#cc0000"]')].map(e => squeezed(e.textContent));
    return [...outlined, ...written].filter(name => name.startsWith('\\')).map(name => 'unknown command ' + name);
  }

  const all = [...document.querySelectorAll('svg[data-marpit-svg]')];
  return all.map(svg => {
    const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    const frame = svg.getBoundingClientRect(), scale = frame.width / width;
    const sections = [...svg.querySelectorAll('section')];
    const section = sections.find(s => !['background', 'pseudo'].includes(s.dataset.marpitAdvancedBackground));
    const images = [...section.querySelectorAll('img')].filter(image => !image.matches('.emoji'));
    const named = element => {
      const nearest = element.matches('img') ? element : element.closest(BLOCKS) ?? element;
      return {tag: nearest.tagName.toLowerCase(), text: squeezed(nearest.textContent), image: images.indexOf(nearest)};
    };
    const apart = (rect, limit) => Object.entries({
      left: limit.left - rect.left, top: limit.top - rect.top,
      right: rect.right - limit.right, bottom: rect.bottom - limit.bottom})
      .map(([side, far]) => ({side, far: far / scale})).filter(({far}) => far > 1);

    const shown = boxes(section), number = sections.map(pageNumber).find(Boolean);
    const isEdge = element => element.closest('footer, header');
    const edges = shown.filter(({element}) => isEdge(element))
      .map(({element, rect}) => ({name: isEdge(element).tagName.toLowerCase(), rect}));
    if (number) edges.push({name: 'page number', rect: number});
    const overflows = [], overlaps = [];
    for (const {element, rect} of shown) {
      const limit = cutting(element, section), inner = limit.getBoundingClientRect();
      const sides = apart(rect, limit === section ? frame : inner);
      if (sides.length) overflows.push({...named(element), sides, slide: limit === section});
      if (isEdge(element)) continue;
      for (const edge of edges) {
        const wide = Math.min(rect.right, edge.rect.right) - Math.max(rect.left, edge.rect.left);
        const high = Math.min(rect.bottom, edge.rect.bottom) - Math.max(rect.top, edge.rect.top);
        if (wide > scale && high > scale) overlaps.push({...named(element), other: edge.name, far: high / scale});
      }
    }
    const sources = sections.flatMap(s => [s, ...s.querySelectorAll('*')])
      .flatMap(e => [...getComputedStyle(e).backgroundImage.matchAll(/url\("(.*?)"\)/g)].map(m => m[1]));
    sources.push(...[...section.querySelectorAll('img')].map(image => image.src));
    const formulas = [...section.querySelectorAll('[data-mjx-error], [data-mml-node=merror], .katex-error')]
      .map(e => e.dataset.mjxError ?? e.getAttribute('title') ?? squeezed(e.textContent));
    formulas.push(...unknown(section));
    return {
      width, height, overflows, overlaps, sources, formulas,
      language: section.dataset.lang ?? '', theme: section.dataset.theme ?? '',
      headings: [...section.querySelectorAll('h1, h2, h3, h4, h5, h6')]
        .map(h => ({level: Number(h.tagName[1]), text: squeezed(h.textContent)})),
      images: images.map(image => {
        const rect = image.getBoundingClientRect();
        return {written: image.getAttribute('src') ?? '', url: image.currentSrc || image.src, alt: image.alt,
                painted: image.complete && image.naturalWidth > 0,
                width: rect.width / scale, height: rect.height / scale};
      }),
    };
  });
}
