'use strict'
// The figures in the documentation are those of the committed results file.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { files, stale, write } = require('../scripts/figures.js')
const { chosenRows, CHOSEN, ROWS } = require('../scripts/figures/chosen.js')
const { model } = require('../bench/report/model.js')
const fixture = require('./bench/fixtures/results.json')

const README =
  'first\n<!-- login -->\nold\n<!-- /login -->\nbefore\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n'
const LOGIN = { clients: 40, cores: 4, seconds: { 'plain Node': [4, 4.4, 5], heddle: [0.2, 0.4, 0.5] } }
const without = (name) => ({
  ...fixture,
  results: fixture.results.filter((result) => result.name !== name),
})

describe('README, its charts and docs/benchmarks.md', () => {
  // In a process of its own: Plot moves lines by half a pixel where it sees a test runner.
  it('have the figures of the committed results file', () => {
    const script = path.join(__dirname, '..', 'scripts', 'figures.js')
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
  })
})

describe('scripts/figures.js', () => {
  let made

  before(async () => {
    made = await files(fixture, LOGIN, README)
  })

  it('writes README, docs/benchmarks.md and the chosen charts', () => {
    assert.deepEqual(
      [...made.keys()],
      [
        'README.md',
        'docs/benchmarks.md',
        'docs/charts/login.svg',
        'docs/charts/js-markdown-bars-1.svg',
        'docs/charts/sha256-4kib-bars-1.svg',
        'docs/charts/neighbours-bars-1.svg',
        'docs/charts/scaling-curve-1.svg',
        'docs/charts/overview.svg',
      ],
    )
    assert.equal(made.size, CHOSEN.length + 4)
  })

  it('shows each chart in README, with its figures in words', () => {
    const text = made.get('README.md')
    const images = [...text.matchAll(/<img align="top" src="([^"]+)" width="\d+" alt="([^"]+)">/g)]
    assert.deepEqual(
      images.map(([, src]) => src),
      [...made.keys()].slice(2, -1), // the last one is in docs/benchmarks.md
    )
    const alt = (part) => images.find(([, src]) => src.includes(part))[2]
    assert.match(
      alt('js-markdown'),
      /Markdown: 120 documents\. .*heddle is 2 times faster than inline, Promise\.all.*heddle: 412 ms/,
    )
    assert.match(alt('scaling'), /90 % of ideal at 4/)
    assert.match(alt('login'), /^40 clients .*heddle is 11 times faster than plain Node/)
    assert.ok(text.startsWith('first\n<!-- login -->\n<img '))
    assert.ok(text.includes('<!-- /login -->\nbefore\n<!-- figures -->\nMeasured 2026-01-02'))
    assert.ok(text.endsWith('<!-- /figures -->\nafter\n'))
  })

  it('has in README the chosen rows that are there, in words', () => {
    const rows = made.get('README.md').split('\n').filter((line) => line.startsWith('| '))
    const there = ROWS.filter(({ name }) => ['js-markdown', 'neighbours', 'one-task'].includes(name))
    const firsts = rows.map((row) => row.slice(2, row.indexOf(' | ')))
    assert.deepEqual(firsts, ['', ...there.map(({ words }) => words)])
    assert.match(rows[1], /^\| Markdown to HTML.* \| 412 ms \| .* \*\*2×\*\* \|$/)
  })

  it('finds all the chosen rows in the committed results', () => {
    const found = chosenRows(model(require('../bench/results.json')))
    assert.deepEqual(found.map(({ words }) => words), ROWS.map(({ words }) => words))
  })

  it('has in docs/benchmarks.md a row of each case, and every claim that does not hold', () => {
    const [, short] = /^## In short\n([^]*?)^## /m.exec(made.get('docs/benchmarks.md'))
    const rows = short.split('\n').filter((line) => line.startsWith('| '))
    const of = (name) => rows.filter((row) => row.startsWith(`| ${name} `)).length
    assert.deepEqual(['parallel-noop', 'sha256-4KiB', 'race-stop', 'js-markdown'].map(of), [1, 2, 2, 1])
    assert.equal(rows.filter((row) => row.includes('**does not hold**')).length, 3)
    assert.match(short, /<img align="top" src="charts\/overview\.svg"/)
  })

  it('has in docs/benchmarks.md what does not hold first, then all rows, uses and curves', () => {
    const text = made.get('docs/benchmarks.md')
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    assert.deepEqual(headings.slice(0, 3), ['Claims that do not hold', 'In short', 'Overhead'])
    for (const line of [
      '| 20,000 digests | 1.9 µs/task (1.85 to 2.13) | 11.2 µs/task (10.9 to 12.6) | p-limit, subtle.digest | 6.08× |  |',
      '| heddle | 5 | 22.4 ms | 24.1 ms | 0.9 ms | 4.2 ms | 7.9 ms | 92 MiB |',
      '| threads | heddle, native | heddle, thread() | ideal |',
      '| 4 | 3.6 | 3.3 | 4 |',
    ]) {
      assert.ok(text.includes(line), line)
    }
    assert.match(text, /Could not be run: crashed\./)
    assert.match(text, /sha256-4KiB \(14 %\)/)
    assert.doesNotMatch(text, /<script|<img (?!align="top" src="charts)/)
  })

  it('finds files that differ, that are missing, and charts that nobody wants', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-figures-'))
    try {
      write(folder, made)
      assert.deepEqual(stale(folder, made), [])
      fs.appendFileSync(path.join(folder, 'README.md'), '.')
      fs.rmSync(path.join(folder, 'docs', 'charts', 'overview.svg'))
      fs.writeFileSync(path.join(folder, 'docs', 'charts', 'more.svg'), '<svg/>')
      assert.deepEqual(stale(folder, made), [
        'README.md',
        'docs/charts/overview.svg',
        'docs/charts/more.svg',
      ])
      write(folder, made)
      assert.deepEqual(stale(folder, made), [])
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })

  it('throws when a chosen chart, a mark or a full run is missing', async () => {
    await assert.rejects(
      files(without('scaling'), LOGIN, README),
      /no such chart for README\.md: scaling, curve 1\./,
    )
    await assert.rejects(files(fixture, LOGIN, 'no marks'), /no marks/)
    await assert.rejects(files({ ...fixture, quick: true }, LOGIN, README), /quick run/)
  })
})
