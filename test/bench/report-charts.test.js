'use strict'
// The charts of the benchmark's report: what is drawn, where, and what is said about it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { parseHTML } = require('linkedom')
const { charts } = require('../../bench/report/index.js')
const palette = require('../../bench/report/palette.js')
const fixture = require('./fixtures/results.json')

const folder = path.join(__dirname, '..', '..', 'bench', 'report')

// Bars or dots of each chart, counted by hand in the fixture: entries of a comparison, points of
// curves that are not dashed, four measures a side, cases with a rival.
const MARKS = {
  overview: 9,
  'parallel-noop-bars-1': 2,
  'parallel-noop-bars-2': 2,
  'parallel-noop-usage': 8,
  'overhead-bars-1': 1,
  'overhead-curve-1': 63,
  'overhead-curve-2': 15,
  'break-even-curve-1': 10,
  'sha256-4kib-bars-1': 4,
  'sha256-4kib-usage': 16,
  'js-markdown-bars-1': 6,
  'one-task-bars-1': 2,
  'race-stop-bars-1': 3,
  'neighbours-bars-1': 3,
  'scaling-curve-1': 8,
  'plugin-noop-bars-1': 2,
  'plugin-noop-bars-2': 2,
  'zeros-bars-1': 2,
  'zeros-bars-2': 2,
  'zeros-bars-3': 2,
  'zeros-curve-1': 1,
  'script-alert-x-script-img-src-x-onerror-bars-1': 2,
  'script-alert-x-script-img-src-x-onerror-curve-1': 2,
  'script-alert-x-script-img-src-x-onerror-usage': 8,
  'a-name-that-somebody-made-very-long-inde-bars-1': 2,
  'a-name-that-somebody-made-very-long-inde-curve-1': 4,
  'a-name-that-somebody-made-very-long-inde-usage': 8,
}

describe('charts() of the report', () => {
  let made
  let byId

  const svgOf = (id) => parseHTML(byId.get(id).svg).document

  before(async () => {
    made = await charts(fixture)
    byId = new Map(made.map((chart) => [chart.id, chart]))
  })

  it('has a mark for every figure', () => {
    const counted = made.map(({ id }) => [id, svgOf(id).querySelectorAll('.mark > *').length])
    assert.deepEqual(Object.fromEntries(counted), MARKS)
  })

  it('gives each chart an id for a file, a group, a title and words', () => {
    for (const { id, group, title, description } of made) {
      assert.match(id, /^[a-z0-9-]+$/)
      for (const words of [group, title, description]) assert.ok(words.length > 0, id)
    }
    assert.equal(byId.size, made.length)
    assert.equal(byId.get('scaling-curve-1').group, 'Scaling')
    assert.equal(byId.get('js-markdown-bars-1').title, 'Markdown: 120 documents')
  })

  it('draws bars from zero, as long as their figures', () => {
    const bars = [...svgOf('sha256-4kib-bars-1').querySelectorAll('rect')].filter((rect) =>
      rect.closest('.mark'),
    )
    const rows = fixture.results.find(({ name }) => name === 'sha256-4KiB').rows
    const medians = [rows[0].ours, ...rows.map(({ theirs }) => theirs)].map(({ median }) => median)
    const widths = bars.map((bar) => Number(bar.getAttribute('width'))).sort((a, b) => a - b)
    medians.sort((a, b) => a - b)
    const scale = widths.at(-1) / medians.at(-1)
    medians.forEach((median, i) =>
      assert.ok(Math.abs(widths[i] - median * scale) < 0.1, String(median)),
    )
    const zero = Number(bars[0].getAttribute('x'))
    assert.ok(bars.every((bar) => Number(bar.getAttribute('x')) === zero))
    const reaches = [...svgOf('sha256-4kib-bars-1').querySelectorAll('.interval line')]
    const ends = reaches.map((line) => (Number(line.getAttribute('x2')) - zero) / scale)
    const p90 = [rows[0].ours, ...rows.map(({ theirs }) => theirs)].map((summary) => summary.p90)
    p90.sort((a, b) => a - b)
    p90.forEach((end, i) => assert.ok(Math.abs(ends[i] - end) < 0.02, `${ends[i]} ${end}`))
  })

  it('draws dots on a logarithmic axis where figures are more than 30 times apart', () => {
    const document = svgOf('neighbours-bars-1')
    const dots = [...document.querySelectorAll('.mark circle, .mark path')]
    const places = dots.map((dot) =>
      Number(dot.getAttribute('cx') ?? /\(([\d.]+)/.exec(dot.getAttribute('transform'))[1]),
    )
    const [a, b, c] = places.sort((x, y) => x - y)
    assert.ok(Math.abs((c - a) / (b - a) - Math.log(308 / 1.9) / Math.log(2.4 / 1.9)) < 0.05)
    assert.match(document.documentElement.textContent, /logarithmic/)
  })

  it('draws the points of a curve at their figures', () => {
    const dots = [...svgOf('scaling-curve-1').querySelectorAll('.mark.s0 circle')]
    const at = (name) => dots.map((dot) => Number(dot.getAttribute(name)))
    const [x, y] = [at('cx'), at('cy')]
    const medians = [1, 1.95, 2.8, 3.6]
    const step = (x[3] - x[0]) / 3
    const unit = (y[0] - y[3]) / (medians[3] - medians[0])
    medians.forEach((median, i) => {
      assert.ok(Math.abs(x[i] - (x[0] + i * step)) < 0.02, `x ${x[i]}`)
      assert.ok(Math.abs(y[i] - (y[0] - (median - 1) * unit)) < 0.02, `y ${y[i]}`)
    })
  })

  it('draws ratios on a logarithmic axis, on their side of even', () => {
    const document = svgOf('overview')
    const even = Number(
      /[\d.]+/.exec(document.querySelector('.even line, line.even').getAttribute('x1'))[0],
    )
    const better = [...document.querySelectorAll('.mark.ours circle')].map((dot) =>
      dot.getAttribute('cx'),
    )
    assert.equal(better.length, 8)
    assert.ok(better.every((x) => Number(x) >= even))
    const [slower] = document.querySelectorAll('.mark.slower path')
    assert.ok(Number(/\(([\d.]+)/.exec(slower.getAttribute('transform'))[1]) < even)
  })

  it('emphasises heddle, and heddle only', () => {
    for (const id of ['parallel-noop-bars-1', 'neighbours-bars-1', 'sha256-4kib-bars-1']) {
      assert.equal(svgOf(id).querySelectorAll('.mark.ours > *').length, 1, id)
    }
    assert.equal(svgOf('sha256-4kib-usage').querySelectorAll('.mark.ours > *').length, 4)
  })

  it('keeps rows apart whose figure for heddle is another one', () => {
    assert.deepEqual(
      byId.get('plugin-noop-bars-1').table.rows.map(([name]) => name),
      ['heddle', 'a built-in one'],
    )
    assert.deepEqual(
      byId.get('plugin-noop-bars-2').table.rows.map(([name]) => name),
      ['heddle', 'koffi'],
    )
  })

  it('shows rows without a rival together, under what they share', () => {
    const { title, table } = byId.get('race-stop-bars-1')
    assert.equal(title, 'A loser stops: until a loser has stopped')
    assert.deepEqual(
      table.rows.map(([name]) => name),
      ['spin, p95', 'sleep, p95', 'hash of 64 MiB, p95'],
    )
  })

  it('dashes what curves are held against', () => {
    for (const id of ['scaling-curve-1', 'break-even-curve-1']) {
      const dashed = svgOf(id).querySelectorAll('.line.reference[stroke-dasharray]')
      assert.equal(dashed.length, 2, id) // the line and its sample in the legend
    }
  })

  it('has a line and a band for every series, and each in the legend', () => {
    const document = svgOf('overhead-curve-1')
    assert.equal(document.querySelectorAll('.band path').length, 9)
    assert.equal(document.querySelectorAll('.line path').length, 9)
    assert.equal(document.querySelectorAll('.legend .line line').length, 9)
    for (const { name } of fixture.results[1].curves[0].series) {
      assert.ok(document.querySelector('.legend').textContent.includes(name), name)
    }
  })

  it('says what is found, with figures', () => {
    const says = (id, words) =>
      assert.ok(byId.get(id).description.includes(words), byId.get(id).description)
    says('overview', 'In 8 of 9 cases')
    says('overview', 'Below 1, where it needs more: One tiny task 0.013× (createHash)')
    says('one-task-bars-1', 'heddle is 80 times slower than createHash')
    says('parallel-noop-bars-1', 'heddle is 9.32 times faster than Promise.all, AsyncWorkers')
    says('parallel-noop-bars-1', 'heddle: 223 ns/task (p10 to p90: 217 to 250)')
    says('plugin-noop-bars-1', 'heddle is on a par with a built-in one')
    says('break-even-curve-1', 'one task: pays from 10,000 on (size of a task, µs)')
    says('scaling-curve-1', 'heddle, native: 90 % of ideal at 4')
    says('overhead-curve-1', 'heddle, native Tasks: from 52,215 at 1 to 215 at 1,000,000')
    says('parallel-noop-usage', 'Peak memory: heddle 92 MiB, Promise.all, AsyncWorkers 318 MiB')
  })

  it('brings its own colours, light and dark, and its background', () => {
    for (const { id, svg } of made) {
      assert.match(svg, /^<svg [^>]*xmlns=.http:\/\/www\.w3\.org\/2000\/svg./, id)
      assert.match(svg, /prefers-color-scheme: dark/, id)
      assert.match(svg, /class="backdrop"/, id)
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/, id)
    }
  })

  it('gives the same bytes each time', async () => {
    assert.deepEqual(await charts(fixture), made)
  })

  it('has its colours once as attributes and once in the style sheet', () => {
    const [light] = fs.readFileSync(path.join(folder, 'theme.css'), 'utf8').split('@media')
    const { series, ...rest } = palette
    const named = { ...rest, ...Object.fromEntries(series.map((colour, i) => [`s${i}`, colour])) }
    for (const [name, colour] of Object.entries(named))
      assert.ok(light.includes(`--${name}: ${colour};`), name)
  })
})
