'use strict'

const assert = require('node:assert/strict')
const { comparison, series } = require('../../bench/harness/comparison.js')
const { usage } = require('../../bench/harness/usage.js')
const { using } = require('../../bench/harness/using.js')
const { child } = require('../support.js')

const quick = { quick: true }

/** Keeps the event loop busy. */
function hold(ms) {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** A case whose parts note when they are called, and with what. */
function noting(more = {}) {
  const log = []
  const note = (what, result) => (...args) => {
    log.push([what, ...args])
    return result
  }
  const made = comparison({
    group: 'A group',
    title: 'a title',
    setup: note('setup', 'data'),
    teardown: note('teardown'),
    sides: () => ({
      heddle: {
        open: note('open', 'tool'),
        prepare: note('prepare', 'input'),
        run: note('run', 1),
        close: note('close'),
      },
      plain: note('plain', 1),
    }),
    ...more,
  })
  return { log, made }
}

describe('a comparison', () => {
  it('opens its sides, runs them, and closes all', async () => {
    const { log, made } = noting()
    const { rows } = await made.run(quick)
    const round = [['prepare', 'data', 'tool'], ['run', 'input', 'tool'], ['plain', 'data']]
    assert.deepEqual(log, [
      ['setup', quick],
      ['open', 'data'],
      ...round,
      round[2],
      round[0],
      round[1],
      ...round,
      ['close', 'tool'],
      ['teardown', 'data'],
    ])
    assert.deepEqual([made.group, made.title], ['A group', 'a title'])
    assert.deepEqual(rows.map(({ what, unit, rival }) => [what, unit, rival]), [
      ['a title', 'ms', 'plain'],
    ])
  })

  it('scales to its unit and its count', async () => {
    const ms = 2
    const sides = () => ({ heddle: () => hold(ms), plain: () => hold(ms) })
    const { made } = noting({ sides, rounds: () => 3, unit: 'ns/task', count: () => 1e6 })
    const [row] = (await made.run(quick)).rows
    assert.equal(row.unit, 'ns/task')
    assert.equal(row.ours.samples.length, 3)
    for (const ns of row.ours.samples) assert.ok(ns >= ms && ns < ms * 1e5, `${ns} ns`)
  })

  it('names its rows by the data, and has the claims of each rival', async () => {
    const claim = { text: 'always', holds: () => true }
    const { made } = noting({ what: (data) => `of ${data}`, claims: { plain: [claim] } })
    const [row] = (await made.run(quick)).rows
    assert.equal(row.what, 'of data')
    assert.deepEqual(row.claims, [{ text: 'always', holds: true }])
  })

  it('gives the results to its check, and closes when that throws', async () => {
    const seen = []
    const check = (...args) => {
      seen.push(...args)
      throw new Error('unlike')
    }
    const { log, made } = noting({ check })
    await assert.rejects(made.run(quick), /unlike/)
    assert.deepEqual(seen[1], 'data')
    assert.deepEqual(log.slice(-2), [['close', 'tool'], ['teardown', 'data']])
  })

  it('in a series has the rows of all, and the sides of the first', async () => {
    const first = noting().made
    const all = series({ group: 'g', title: 't', cases: [first, noting().made] })
    assert.deepEqual([all.group, all.title, all.sides], ['g', 't', first.sides])
    assert.equal((await all.run(quick)).rows.length, 2)
  })
})

describe('the usage of a side', () => {
  it('opens this side only, and tears down', async () => {
    const { log, made } = noting()
    const used = await usage(made, 'plain', quick)
    assert.deepEqual(log.map(([what]) => what), ['setup', 'plain', 'plain', 'teardown'])
    assert.deepEqual(Object.keys(used), ['side', 'runs', 'wall', 'cpu', 'threads', 'delay', 'peak'])
    assert.deepEqual([used.side, used.runs], ['plain', 1])
    assert.deepEqual(Object.keys(used.delay), ['p50', 'p99', 'max'])
    assert.ok(used.wall > 0 && used.cpu >= 0 && used.delay.max >= used.delay.p50)
    assert.ok(used.peak > 2 ** 20, `${used.peak} bytes`)
  })

  it('sees work that holds the event loop', async () => {
    const held = 50 // ms
    const made = comparison({ group: '', title: '', sides: () => ({ heddle: () => hold(held) }) })
    const { wall, cpu, delay } = await usage(made, 'heddle', quick)
    assert.ok(wall >= held && delay.max >= held / 2, `${wall} ms, ${delay.max} ms`)
    assert.ok(cpu > 0)
  })

  it('tells the CPU time of the main thread from that of others', function () {
    if (process.platform !== 'linux') this.skip()
    // In a process of its own, in which nobody has had work for the pool yet.
    const { stdout } = child(`
      const { usage } = require('./bench/harness/usage.js')
      const { parallel } = require('heddle')
      const { spin } = require('heddle/testing')
      const hold = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); }
      const sides = () => ({ main: () => hold(100), others: () => parallel([spin(100), spin(100)]) })
      void (async () => {
        const used = [await usage({ sides }, 'main', { quick: true }), await usage({ sides }, 'others', { quick: true })]
        console.log(JSON.stringify(used.map(({ threads }) => threads)))
      })()
    `)
    const [main, others] = JSON.parse(stdout)
    assert.ok(main.main > main.others, stdout)
    assert.ok(others.others > others.main, stdout)
  })
})

describe('using()', () => {
  const fails = (words) => () => {
    throw new Error(words)
  }

  it('gives what the work gives, and closes', async () => {
    const closed = []
    const result = await using(() => 1, async (opened) => opened + 1, (opened) => closed.push(opened))
    assert.deepEqual([result, closed], [2, [1]])
    assert.equal(await using(() => 1, async () => 3), 3)
  })

  it('an error of the work comes before one of closing', async () => {
    await assert.rejects(using(() => 1, fails('weave'), fails('close')), /weave/)
    await assert.rejects(using(() => 1, async () => 2, fails('close')), /close/)
  })

  it('closes nothing that was not opened', async () => {
    const closed = []
    await assert.rejects(using(fails('open'), async () => 1, () => closed.push(1)), /open/)
    assert.deepEqual(closed, [])
  })
})
