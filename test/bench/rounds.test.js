'use strict'

const assert = require('node:assert/strict')
const { inTurns, measure, scaled } = require('../../bench/harness/rounds.js')

describe('rounds', () => {
  /** Lanes that note when they are called. */
  function noting(names) {
    const calls = []
    const lanes = Object.fromEntries(names.map((name) => [name, async () => calls.push(name)]))
    return { calls, lanes }
  }

  it('every lane runs once a round, in turns, after two rounds of warming up', async () => {
    const { calls, lanes } = noting(['a', 'b', 'c'])
    const samples = await measure(lanes, { rounds: 2 })
    assert.equal(calls.join(''), 'abc' + 'bca' + 'cab' + 'abc')
    assert.deepEqual(Object.keys(samples), ['a', 'b', 'c'])
    for (const list of Object.values(samples)) {
      assert.equal(list.length, 2)
      assert.ok(list.every((ms) => ms > 0))
    }
  })

  it('samples of one\'s own are taken in turns, too, after one round that counts for nothing', async () => {
    let calls = 0
    const samples = await inTurns({ a: 'A', b: 'B' }, 2, async (way) => `${way}${++calls}`)
    assert.deepEqual(samples, { a: ['A3', 'A5'], b: ['B4', 'B6'] })
  })

  it('the number of rounds may come from what a warm round took', async () => {
    const { lanes } = noting(['a'])
    let took
    const rounds = (ms) => {
      took = ms
      return 4
    }
    const { a } = await measure(lanes, { rounds })
    assert.equal(a.length, 4)
    assert.ok(took > 0)
  })

  it('what is prepared is given to the run, and is not timed', async () => {
    const log = []
    let prepared = 0
    const lane = {
      prepare: async () => ++prepared,
      run: (input) => log.push(input),
    }
    await measure({ lane }, { rounds: 1 })
    assert.deepEqual(log, [1, 2, 3])
  })

  it('the results are checked once, when warm', async () => {
    const checked = []
    let round = 0
    const lanes = { a: () => ++round, b: async () => 'b' }
    await measure(lanes, { rounds: 3, check: (results) => checked.push(results) })
    assert.deepEqual(checked, [{ a: 2, b: 'b' }])
  })

  it('a check that throws, or a lane, ends it', async () => {
    const check = async () => {
      throw new Error('unlike')
    }
    await assert.rejects(measure({ a: () => 1 }, { rounds: 1, check }), /unlike/)
    const fails = () => Promise.reject(new Error('lane'))
    await assert.rejects(measure({ a: fails }, { rounds: 1 }), /lane/)
  })

  it('samples are scaled', () => assert.deepEqual(scaled([1, 2], 1000), [1000, 2000]))
})
