'use strict'
// The page of the benchmark's report, without a browser. fixtures/results.json has every branch of what
// `--json` writes, and names that try to become markup.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseHTML } = require('linkedom')
const { charts, page, ready } = require('../../bench/report/index.js')
const { INSTALL, WANTED } = require('../../bench/report/libraries.js')
const fixture = require('./fixtures/results.json')
const manifest = require('../../package.json')

const frame = path.join(__dirname, '..', '..', 'bench')
const copy = () => structuredClone(fixture)
const only = (name) => ({
  ...copy(),
  results: copy().results.filter((result) => result.name === name),
})
const text = (element) => element.textContent.replace(/\s+/g, ' ').trim()
const documentOf = async (results) => parseHTML(await page(results)).document

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
      (await charts(fixture)).map(({ id }) => id),
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
    assert.doesNotMatch(summary, /somewhere/) // the stack is in the case's own place
    assert.match(document.getElementById('crashed').textContent, /at somewhere/)
    assert.match(summary, /sha256-4KiB \(14 %\)/)
    assert.doesNotMatch(summary, /plugin-noop \(40 %\)/) // it is not timed
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
      for (const room of ['harness', 'report']) {
        fs.cpSync(path.join(frame, room), path.join(alone, 'bench', room), { recursive: true })
      }
      const script = `
        require('./bench/report').ready()
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

  it('are there, here', () => ready())

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
