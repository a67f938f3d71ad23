'use strict'
// The report of the benchmark, without a browser. fixtures/results.json has every branch of what
// `--json` writes, and names that try to become markup.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseHTML } = require('linkedom')
const { charts, page } = require('../../lib/bench/report/index.js')
const { INSTALL, WANTED } = require('../../lib/bench/report/libraries.js')
const palette = require('../../lib/bench/report/palette.js')
const fixture = require('./fixtures/results.json')
const manifest = require('../../package.json')

const folder = path.join(__dirname, '..', '..', 'lib', 'bench', 'report')
const copy = () => structuredClone(fixture)
const only = (name) => ({
  ...copy(),
  results: copy().results.filter((result) => result.name === name),
})
const text = (element) => element.textContent.replace(/\s+/g, ' ').trim()
const documentOf = async (results) => parseHTML(await page(results)).document

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
    assert.equal(new Set(bars.map((bar) => bar.getAttribute('x'))).size, 1)
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

describe('page() of the report', () => {
  let html
  let document

  before(async () => {
    html = await page(fixture)
    document = parseHTML(html).document
  })

  it('has every chart, named and described', async () => {
    const figures = [...document.querySelectorAll('figure')]
    assert.deepEqual(
      figures.map((figure) => figure.getAttribute('data-chart')),
      Object.keys(MARKS),
    )
    for (const figure of figures) {
      const svg = figure.querySelector('svg')
      assert.equal(svg.getAttribute('role'), 'img')
      for (const id of svg.getAttribute('aria-labelledby').split(' ')) {
        assert.ok(document.getElementById(id).textContent.length > 0, id)
      }
    }
  })

  it('has a table with the figures of each chart', async () => {
    for (const { id, table } of await charts(fixture)) {
      const found = document.getElementById(`${id}-table`)
      assert.equal(text(found.querySelector('caption')), text({ textContent: table.caption }), id)
      const rows = [...found.querySelectorAll('tbody tr')]
      const cells = rows.map((row) => [...row.children].map((cell) => cell.textContent))
      assert.deepEqual(cells, table.rows, id)
      assert.ok(
        [...found.querySelectorAll('thead th')].every((th) => th.getAttribute('scope') === 'col'),
      )
      assert.ok(rows.every((row) => row.querySelector('th').getAttribute('scope') === 'row'))
    }
  })

  it('shows in the tables what was measured', () => {
    const cells = (id) =>
      [...document.querySelectorAll(`#${id}-table tbody tr`)].map((row) =>
        [...row.children].map(text),
      )
    assert.deepEqual(cells('parallel-noop-bars-1'), [
      ['heddle', '223 ns/task', '217', '250', '5', ''],
      ['Promise.all, AsyncWorkers', '2,015 ns/task', '1,959', '2,261', '5', '9.32×'],
    ])
    assert.deepEqual(cells('parallel-noop-usage')[0], [
      'heddle',
      '5',
      '22.4 ms',
      '24.1 ms',
      '0.9 ms',
      '4.2 ms',
      '7.9 ms',
      '92 MiB',
    ])
    assert.deepEqual(cells('scaling-curve-1')[3], ['heddle, native', '4', '3.6', '3.24', '4.14'])
    assert.deepEqual(cells('scaling-curve-1')[11], ['ideal', '4', '4', '4', '4'])
    assert.deepEqual(cells('zeros-bars-1')[0], ['heddle', '0 ms', '0', '0', '1', ''])
    assert.deepEqual(cells('zeros-bars-1')[1], ['also zero', '0 ms', '0', '0', '1', '–'])
  })

  it('shows the use of one side alone as a table', () => {
    assert.equal(document.querySelector('#one-task-used-table tbody td').textContent, '5')
  })

  it('lists at the top what does not hold, with its figure', () => {
    const summary = text(document.getElementById('summary'))
    assert.match(summary, /11 of 14 claims hold\./)
    assert.match(summary, /3 claims do not hold/)
    assert.match(
      summary,
      /sha256-4KiB, 20,000 digests: claimed ≥ 1\.9× faster, measured 1\.9 µs\/task; a loop of createHash 3\.4 µs\/task \(1\.85×\)/,
    )
    assert.match(summary, /race-stop, .*hash of 64 MiB, p95: claimed p95 ≤ 2 ms, measured 2\.4 ms/)
    assert.match(summary, /crashed: ended with code 134: Assertion failed <b>!<\/b>�/)
    assert.match(summary, /sha256-4KiB \(14 %\)/)
  })

  it('says beside each chart what holds, in words', () => {
    const claims = (id) =>
      [...document.querySelectorAll(`[data-chart="${id}"] .claims li`)].map(text)
    assert.deepEqual(claims('parallel-noop-bars-1'), ['≤ 350 ns/task: holds', '≥ 8× faster: holds'])
    assert.deepEqual(claims('sha256-4kib-bars-1'), [
      '≥ 3× faster (Promise.all, subtle.digest): holds',
      '≥ 1.9× faster (a loop of createHash): does not hold, measured 1.9 µs/task; a loop of createHash 3.4 µs/task (1.85×)',
    ])
    assert.equal(document.querySelectorAll('.claims li').length, 14)
    assert.equal(document.querySelectorAll('.claims .failed').length, 3)
  })

  it('says where it was measured', () => {
    const head = text(document.querySelector('header'))
    for (const part of [
      '2026-01-02 03:04 UTC',
      'v20.20.2',
      '0.1.0',
      'A <CPU> & more, 4 cores, linux x64',
      'not set (4)',
      '0.12',
    ]) {
      assert.ok(head.includes(part), part)
    }
  })

  it('lets no name become markup', () => {
    const hostile = fixture.results.find(
      ({ group, name }) => group === '' && name.startsWith('<script>'),
    ).name
    for (const tag of ['script', 'img', 'iframe', 'object'])
      assert.equal(document.querySelector(tag), null, tag)
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        assert.doesNotMatch(name, /^on/)
        assert.doesNotMatch(value, /[<>]|javascript:/)
      }
    }
    const heading = [...document.querySelectorAll('h3')].find(
      (each) => each.textContent === hostile,
    )
    assert.ok(heading !== undefined)
    assert.equal(html.includes('\u0000') || html.includes('\u001b'), false)
  })

  it('needs nothing beside itself', () => {
    const links = [...document.querySelectorAll('[src], [href]')].flatMap((element) =>
      ['src', 'href'].map((name) => element.getAttribute(name)).filter((value) => value !== null),
    )
    assert.ok(
      links.every((link) => link.startsWith('#') || link === 'data:,'),
      links.join(),
    )
    assert.doesNotMatch(html, /@import|url\(/)
  })

  it('has landmarks, a language and headings without gaps', () => {
    assert.equal(document.documentElement.getAttribute('lang'), 'en')
    for (const tag of ['header', 'main', 'nav', 'footer', 'h1']) {
      assert.equal(document.querySelectorAll(tag).length, 1, tag)
    }
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(({ localName }) =>
      Number(localName[1]),
    )
    levels.forEach((level, i) =>
      assert.ok(i === 0 ? level === 1 : level <= levels[i - 1] + 1, String(i)),
    )
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('has the groups in their order, the user’s own last', () => {
    const headings = [...document.querySelectorAll('main h2')].map(text)
    assert.deepEqual(headings, [
      'Summary',
      'Overhead',
      'CPU in C',
      'CPU in JavaScript',
      'I/O',
      'Sequences and races',
      'Neighbours',
      'Scaling',
      'Plugins',
      'Your own code',
    ])
  })

  it('judges nothing after a quick run', async () => {
    const quick = text((await documentOf({ ...copy(), quick: true })).body)
    assert.match(quick, /Few rounds: no claim is judged/)
    assert.match(quick, /14 claims, not judged/)
    assert.doesNotMatch(quick, /does not hold|: holds/)
  })

  it('says so when every claim holds', async () => {
    const summary = (await documentOf(only('parallel-noop'))).getElementById('summary')
    assert.match(text(summary), /Every claim holds: 2 of 2\./)
    assert.equal(summary.querySelector('.bad'), null)
  })

  it('takes results without rivals, without cases, and of older runs', async () => {
    assert.match(text((await documentOf(only('crashed'))).body), /Nothing was compared/)
    assert.match(text((await documentOf({ ...copy(), results: [] })).body), /Nothing was compared/)
    const own = only('neighbours')
    for (const row of own.results[0].rows) row.claims = []
    assert.match(text((await documentOf(own)).body), /no more than its first rival in 1 of 1 cases/)
    const [{ name, rows, others }] = fixture.results
    const older = await documentOf({
      head: { ...fixture.head, heddle: undefined },
      quick: false,
      results: [{ name, rows, others }],
    })
    assert.equal(text(older.querySelector('h3[id="parallel-noop-heading"]')), 'parallel-noop')
  })

  it('gives two cases of one name different anchors', async () => {
    const twice = only('one-task')
    twice.results.push(...only('one-task').results)
    const ids = (await charts(twice)).map(({ id }) => id)
    assert.deepEqual(ids, ['overview', 'one-task-bars-1', 'one-task-2-bars-1'])
  })
})

describe('the libraries of the report', () => {
  it('are named, with the command that installs them, when they are missing', () => {
    const alone = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-report-'))
    try {
      fs.cpSync(folder, path.join(alone, 'report'), { recursive: true })
      const script = `
        require('./report').page(${JSON.stringify(only('one-task'))})
          .then(() => process.exit(2), (error) => console.log(error.message))`
      const { stdout, status, stderr } = spawnSync(process.execPath, ['-e', script], {
        cwd: alone,
        encoding: 'utf8',
      })
      assert.equal(status, 0, stderr)
      for (const part of ['--html', '@observablehq/plot', 'linkedom', INSTALL])
        assert.ok(stdout.includes(part), stdout)
    } finally {
      fs.rmSync(alone, { recursive: true, force: true })
    }
  })

  it('are optional peers, and those that are tested', () => {
    assert.equal(INSTALL, `npm install --save-dev ${WANTED.join(' ')}`)
    for (const wanted of WANTED) {
      const [, name, version] = /^(.+)@(.+)$/.exec(wanted)
      assert.equal(manifest.peerDependenciesMeta[name].optional, true)
      assert.ok(manifest.peerDependencies[name].includes(version), wanted)
      assert.ok(manifest.devDependencies[name].includes(version), wanted)
    }
  })
})
