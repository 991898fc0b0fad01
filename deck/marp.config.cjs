// What Marp is told for every export: nothing on a slide may come from elsewhere, and what it does in silence is noted.
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { createRequire } = require('node:module')

const KATEX = 'katex-fonts/'
const OUTSIDE_IMPORT = /@import\s*(?:url\()?\s*(["']?)(?:https?:)?\/\/[^"')]*\1\s*\)?[^;]*;/g
const KATEX_SOURCES = new RegExp(`src:\\s*url\\(["']?${KATEX}([^"')]+\\.woff2)["']?\\)[^;}]*`, 'g')

// KaTeX's fonts lie beside Marp's own KaTeX; its style sheet would fetch them.
const withKatexFonts = (css) =>
  css.replace(KATEX_SOURCES, (_, name) => {
    const beside = createRequire(fs.realpathSync(process.argv[1]))
    const font = path.join(path.dirname(beside.resolve('katex/dist/katex.css')), 'fonts', name)
    return `src:url("data:font/woff2;base64,${fs.readFileSync(font, 'base64')}") format("woff2")`
  })

// A formula that cannot be read is drawn in red and no more said; an unknown command too, in MathJax.
const BROKEN = new RegExp(
  ['data-mjx-error="([^"]*)"', 'class="katex-error" title="([^"]*)"', 'data-mml-node="mtext"[^>]*(?:fill|color)[=:"\\s]*red()',
    'mathcolor="#cc0000"><mtext>()'].join('|'))

const engine = ({ marp }) => {
  const rules = marp.markdown.renderer.rules
  let formulas = []
  for (const name of Object.keys(rules).filter((name) => name.startsWith('marp_math_'))) {
    const rule = rules[name]
    rules[name] = (tokens, index, ...rest) => {
      const html = rule(tokens, index, ...rest)
      const broken = BROKEN.exec(html)
      if (broken) formulas.push({ source: tokens[index].content, message: broken[1] || broken[2] || 'an unknown command' })
      return html
    }
  }
  const render = marp.render.bind(marp)
  marp.render = (...given) => {
    formulas = []
    const rendered = render(...given)
    const css = withKatexFonts(rendered.css.replace(OUTSIDE_IMPORT, ''))
    const html = [].concat(rendered.html).join('')
    if (process.env.DECK_RENDERED) fs.writeFileSync(process.env.DECK_RENDERED, JSON.stringify({ html, css, formulas }))
    return { ...rendered, css }
  }
  return marp
}

module.exports = {
  engine,
  options: { emoji: { shortcode: true, unicode: false }, math: { lib: 'mathjax', katexFontPath: KATEX } },
}
