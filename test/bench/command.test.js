'use strict'
// heddle bench, as it is run: processes, output, files, exit codes.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { BenchError } = require('../../bench/harness/errors.js')
const { runScript } = require('../../bench/harness/spawn.js')
const { sourcesOf } = require('../../bench/harness/suite.js')
const { run } = require('../helpers/child.js')
const { root, temporaryFolder } = require('../support.js')

const KILL_MS = 100_000

/** Runs the command; its output goes to pipes. */
const bench = (args, env = {}) =>
  run(path.join(root, 'bin', 'heddle.js'), {
    args: ['bench', ...args],
    env: { FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
  })

// Notes what is called, and in which process.
const GOOD = `
import { appendFileSync } from 'node:fs'
const note = (words) => appendFileSync(process.env.NOTES, process.pid + ' ' + words + '\\n')
export const doubled = {
  async setup({ quick }) { note('setup ' + quick); return [1, 2, 3] },
  promiseAll: (list) => Promise.all(list.map(async (n) => 2 * n)),
  async heddle(list) { return list.map((n) => 2 * n) },
  loop(list) { return list.map((n) => n + n) },
  teardown(list) { note('teardown ' + list) },
}
export const other = { promiseAll: () => note('other'), heddle: () => note('other') }
`

const FAILING = `
const fine = { promiseAll: () => 1, heddle: () => 1 }
exports.throws = { ...fine, promiseAll() { throw new Error('no yarn') } }
exports.rejects = { ...fine, heddle: () => Promise.reject('a knot') }
exports.setups = { ...fine, setup() { throw new TypeError('no loom') } }
exports.differ = { ...fine, heddle: () => 2 }
exports.never = { ...fine, heddle: () => new Promise(() => {}) }
exports.exits = { ...fine, promiseAll() { process.exit(0) } }
exports.open = { ...fine, setup() { require('node:http').createServer().listen(0) } }
`

const summaryKeys = ['median', 'p10', 'p90', 'spread', 'samples']
const rowKeys = ['what', 'unit', 'rival', 'ours', 'theirs', 'ratio', 'claims']
const headKeys = ['date', 'node', 'heddle', 'platform', 'cpu', 'cores', 'threads'].concat([
  'uvThreadpoolSize',
  'load',
])

function assertSummary(summary) {
  assert.deepEqual(Object.keys(summary), summaryKeys)
  assert.ok(summary.samples.length > 0)
  for (const figure of [...summary.samples, summary.median, summary.spread]) {
    assert.ok(Number.isFinite(figure))
  }
}

function assertUsage({ side, runs, wall, cpu, threads, delay, peak, ...rest }) {
  assert.deepEqual(rest, {})
  assert.equal(typeof side, 'string')
  assert.deepEqual(Object.keys(delay), ['p50', 'p99', 'max'])
  if (threads !== null) assert.deepEqual(Object.keys(threads), ['main', 'v8', 'others'])
  for (const figure of [runs, wall, cpu, peak, ...Object.values(delay), ...Object.values(threads ?? {})]) {
    assert.ok(Number.isFinite(figure) && figure >= 0)
  }
}

describe('heddle bench', function () {
  this.timeout(KILL_MS)
  const at = temporaryFolder()

  before(() => {
    fs.writeFileSync(at('good.mjs'), GOOD)
    fs.writeFileSync(at('failing.cjs'), FAILING)
  })

  describe('of cases that run', () => {
    let end
    let all
    before(async () => {
      const args = [at('good.mjs'), '--quick', '--case', 'dou', '--json', at('good.json')]
      end = await bench(args, { NOTES: at('notes') })
      all = JSON.parse(fs.readFileSync(at('good.json'), 'utf8'))
    })

    it('prints a table, without colours', () => {
      assert.deepEqual([end.code, end.signal, end.stderr], [0, null, ''])
      assert.doesNotMatch(end.stdout, new RegExp(String.fromCharCode(27)))
      assert.match(end.stdout, /^heddle \S+, Node v\S+ /)
      assert.match(end.stdout, /^doubled$/m)
      assert.match(end.stdout, /^ {2}promiseAll +\S+ ms +\d+ % +\S+× \(± \d+ %\)$/m)
      assert.match(end.stdout, /^ {2}one run alone .*peak MiB$/m)
    })

    it('writes figures of the form that reports are made of', () => {
      assert.deepEqual(Object.keys(all), ['head', 'quick', 'results'])
      assert.deepEqual(Object.keys(all.head), headKeys)
      assert.equal(all.quick, true)
      const [result, ...others] = all.results
      assert.deepEqual(others, [], 'the other case was not wanted')
      assert.deepEqual([result.name, result.group, result.title], ['doubled', '', 'doubled'])
      assert.ok(result.others >= 0)
      assert.deepEqual(result.rows.map(({ rival }) => rival), ['promiseAll', 'loop'])
      for (const row of result.rows) {
        assert.deepEqual(Object.keys(row), rowKeys)
        assert.deepEqual([row.what, row.unit, row.claims], ['doubled', 'ms', []])
        for (const key of ['ours', 'theirs', 'ratio']) assertSummary(row[key])
      }
      // When it is to be quick, of the first two ways only.
      assert.deepEqual(result.usage.map(({ side }) => side), ['heddle', 'promiseAll'])
      result.usage.forEach(assertUsage)
    })

    it('sets up and tears down once in each process', () => {
      const byProcess = {}
      for (const line of fs.readFileSync(at('notes'), 'utf8').trimEnd().split('\n')) {
        const [pid, ...words] = line.split(' ')
        byProcess[pid] = [...(byProcess[pid] ?? []), words.join(' ')]
      }
      const notes = Object.values(byProcess)
      assert.equal(notes.length, 3, 'one to compare, and one for each way that is used alone')
      for (const words of notes) assert.deepEqual(words, ['setup true', 'teardown 1,2,3'])
    })
  })

  describe('of cases that fail', () => {
    let end
    let crashes
    before(async () => {
      end = await bench([at('failing.cjs'), '--quick', '--json', at('failing.json')])
      const { results } = JSON.parse(fs.readFileSync(at('failing.json'), 'utf8'))
      crashes = Object.fromEntries(results.map(({ name, crash }) => [name, crash]))
    })

    it('runs the others, names those that failed, and ends with 1', () => {
      assert.deepEqual([end.code, end.signal], [1, null])
      const names = 'throws, rejects, setups, differ, never, exits'
      assert.equal(end.stderr, `could not be run: ${names} (see above)\n`)
      assert.equal(crashes.open, undefined, 'what is left open keeps nobody')
      assert.match(end.stdout, /^never\n {2}could not be run: case 'never': heddle\(\)/m)
    })

    const words = {
      throws: /^case 'throws': promiseAll\(\) failed: Error: no yarn\n {4}at /,
      rejects: /^case 'rejects': heddle\(\) failed: 'a knot'$/,
      setups: /^case 'setups': setup\(\) failed: TypeError: no loom\n/,
      differ: /^case 'differ': heddle\(\) and promiseAll\(\) do not give the same result /,
      never: /^case 'never': heddle\(\) never ends: it waits for a promise that nothing is left to settle$/,
      exits: /^the process ended with exit code 0 before it had a result$/,
    }
    for (const [name, expected] of Object.entries(words)) {
      it(`says why: ${name}`, () => assert.match(crashes[name], expected))
    }

    it("shows the user's part of a stack", () => {
      assert.match(crashes.throws, /failing\.cjs:\d+/)
      assert.ok(!crashes.throws.includes(path.join(root, 'bench', 'harness')))
    })
  })

  describe('of a file that cannot be read', () => {
    const files = {
      'a syntax error': ['s.mjs', 'export const = 1', /^s\.mjs failed: .*SyntaxError/s],
      'a file that throws': ['t.cjs', "throw new Error('unwound')", /^t\.cjs failed: Error: unwound/],
      'a file that never ends': ['u.mjs', 'await new Promise(() => {})', /^u\.mjs never ends: it waits/],
      'a file that exits': ['v.mjs', 'process.exit(3)', /^the process ended with exit code 3 before/],
      'no cases': ['w.mjs', 'export const a = 1', /^w\.mjs: case 'a' must be /],
    }
    for (const [what, [name, source, message]] of Object.entries(files)) {
      it(`says so: ${what}`, async () => {
        fs.writeFileSync(at(name), source)
        await assert.rejects(sourcesOf(at(name), {}), { constructor: BenchError, message })
      })
    }

    it('ends with 1', async () => {
      fs.writeFileSync(at('x.mjs'), 'export const a = 1')
      const end = await bench([at('x.mjs')])
      assert.deepEqual([end.code, end.stdout], [1, ''])
      assert.match(end.stderr, /^heddle bench: x\.mjs: case 'a' must be \{ promiseAll\(\)/)
    })
  })

  describe('of what takes too long', () => {
    it('gives up, and says what did', async () => {
      const source = 'setInterval(() => {}, 1000); await new Promise(() => {})'
      fs.writeFileSync(at('long.mjs'), source)
      const message = /^(long\.mjs|the case) has not ended, 0\.5 s after the start \(--timeout SECONDS/
      await assert.rejects(sourcesOf(at('long.mjs'), { timeout: '0.5' }), { message })
    })

    it('ends a process that does not come back to its loop', async () => {
      fs.writeFileSync(at('blocked.cjs'), 'for (;;);')
      const message = /^the process was killed 0\.5 s after its start: it did not end, nor come back/
      await assert.rejects(runScript(at('blocked.cjs'), [], { limit: 500 }), { message })
    })
  })

  const misuses = {
    'no FILE': [[], 2, /^heddle bench: one FILE is expected, got 0\nheddle bench --help/],
    'two of them': [['good.mjs', 'good.mjs'], 2, /one FILE is expected, got 2/],
    'an unknown option': [['good.mjs', '--fast'], 2, /Unknown option '--fast'/],
    'a time limit that is none': [['good.mjs', '--timeout', 'soon'], 2, /--timeout must be seconds .*'soon'/],
    'a FILE that is not there': [['nowhere.mjs'], 1, /^heddle bench: there is no file .*nowhere\.mjs\n$/],
    'an unknown case': [
      ['good.mjs', '--case', 'good'],
      1,
      /^heddle bench: there is no case 'good'; there are: doubled, other\n$/,
    ],
    'figures that cannot be written': [
      ['good.mjs', '--json', path.join('no', 'folder', 'a.json')],
      1,
      /^heddle bench: cannot write .*a\.json: ENOENT/,
    ],
    'a report that cannot be written': [
      ['good.mjs', '--html', path.join('no', 'folder', 'a.html')],
      1,
      /^heddle bench: cannot write .*a\.html: ENOENT/,
    ],
  }
  for (const [what, [args, code, words]] of Object.entries(misuses)) {
    it(`refuses ${what}, before it measures`, async () => {
      const absolute = args.map((arg) => (/\.(mjs|json|html)$/.test(arg) ? at(arg) : arg))
      const end = await bench(absolute)
      assert.deepEqual([end.code, end.stdout], [code, ''])
      assert.match(end.stderr, words)
    })
  }

  it('says how it is used', async () => {
    const { code, stdout } = await bench(['--help'])
    assert.equal(code, 0)
    assert.match(stdout, /^Usage: heddle bench FILE/)
    for (const option of ['case', 'quick', 'json', 'html', 'timeout']) {
      assert.ok(stdout.includes(`--${option} `), option)
    }
  })
})
