'use strict'
// Draws docs/trace.svg: what the page of a recording shows, of a sample that
// is always the same. `node scripts/trace-picture.js` writes it.

const fs = require('node:fs')
const path = require('node:path')
const { reduce } = require('../lib/trace/page/reduce.js')
const { sampleTrace } = require('../test/trace/sample.js')

const FILE = path.join(__dirname, '..', 'docs', 'trace.svg')

const WIDTH = 900
const GUTTER = 96
const LANE = 15
const WAIT = 40
const ROW = 22
const BAR = 16

const STYLE = `text{font:11px system-ui,sans-serif;fill:#1b1f24}.g{fill:#fff}.r{fill:#f0f2f4}.call{fill:#e3e8ee;stroke:#57606a}
.wait{fill:#c9a227}.stall{fill:#c4314b}.held{fill:#c4314b;opacity:.1}.gc{fill:#6e7781}.h{stroke:#1b1f24;stroke-width:1.5}
.t0{fill:#3b78c3}.t1{fill:#2e8b6f}.t2{fill:#a2559c}.t3{fill:#b8702a}
@media(prefers-color-scheme:dark){text{fill:#e6eaef}.g{fill:#14181d}.r{fill:#1e242b}.call{fill:#2f3944;stroke:#a7b0ba}
.wait{fill:#d9b84a}.stall{fill:#ff7085}.held{fill:#ff7085}.gc{fill:#8b96a1}.h{stroke:#e6eaef}
.t0{fill:#6ba4e8}.t1{fill:#58bd9c}.t2{fill:#cc86c7}.t3{fill:#dd9a58}}`

const round = (number) => Math.round(number * 10) / 10
const rect = (style, x, y, width, height) =>
  `<rect class="${style}" x="${round(x)}" y="${round(y)}" width="${round(Math.max(0.5, width))}" height="${height}"/>`
const text = (words, x, y) => `<text x="${round(x)}" y="${round(y)}">${words}</text>`

function picture() {
  const data = reduce(sampleTrace({ members: 240, natives: 3, javascript: 2 }))
  const tasks = [...new Set(data.rows.flatMap(({ t }) => t))]
  const x = (us) => GUTTER + (us * (WIDTH - GUTTER - 8)) / data.duration
  const wide = (us) => x(us) - x(0)
  const loop = 12 + data.lanes * LANE
  const wait = loop + 26
  const top = wait + WAIT + 10
  const height = top + data.rows.length * ROW + 22
  const parts = [rect('g', 0, 0, WIDTH, height)]
  parts.push(text('calls', 6, 20), text('event loop', 6, loop + 9), text('waiting', 6, wait + 24))
  for (const { s, d, l, n } of data.calls) {
    parts.push(rect('call', x(s), 8 + l * LANE, wide(d), LANE - 4))
    const name = data.names[n]
    if (wide(d) > name.length * 7 + 8) parts.push(text(name, x(s) + 4, 17 + l * LANE))
  }
  data.waiting.forEach((count, i) => {
    if (i % 4 !== 0 || count === 0) return
    const high = (WAIT * count) / Math.max(...data.waiting)
    parts.push(rect('wait', x((i * data.duration) / data.waiting.length), wait + WAIT - high, wide((4 * data.duration) / data.waiting.length), round(high)))
  })
  data.rows.forEach((row, i) => {
    const y = top + i * ROW
    parts.push(text(row.name, 6, y + 12), rect('r', GUTTER, y, WIDTH - GUTTER - 8, BAR))
    row.s.forEach((start, at) => {
      parts.push(rect(`t${tasks.indexOf(row.t[at])}`, x(start), y, wide(row.d[at]) - 0.7, BAR))
      if (row.f[at] === 1) return
      for (let line = x(start); line + 8 < x(start + row.d[at]); line += 6) {
        const [from, to] = row.f[at] === 2 ? [y + BAR, y] : [y, y + BAR]
        parts.push(`<path class="h" d="M${round(line)} ${from}L${round(line + 8)} ${to}"/>`)
      }
    })
  })
  for (const { s, d } of data.collections) parts.push(rect('gc', x(s), loop + 13, wide(d), 6))
  for (const { s, d } of data.stalls) {
    parts.push(rect('stall', x(s), loop, wide(d), 11), rect('held', x(s), loop, wide(d), top + data.rows.length * ROW - loop))
  }
  let at = GUTTER
  tasks.forEach((task, i) => {
    const name = data.names[task]
    parts.push(rect(`t${i}`, at, height - 15, 14, 10), text(name, at + 18, height - 6))
    at += 30 + name.length * 7
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Calls, the event loop, what waits, and what each thread runs, over time"><style>${STYLE}</style>
${parts.join('\n')}
</svg>
`
}

if (require.main === module) fs.writeFileSync(FILE, picture())

module.exports = { FILE, picture }
