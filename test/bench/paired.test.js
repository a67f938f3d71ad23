'use strict'

const assert = require('node:assert/strict')
const { fill, sample } = require('../../bench/harness/paired.js')
const { goal, goalTimes, row } = require('../../bench/harness/row.js')
const made = require('./fixtures/paired.js')

const quick = { quick: true }

describe('a paired case', () => {
  it('runs each size of a side, and gives its median in the unit', async () => {
    const runs = []
    const subject = {
      sizes: [1, 2],
      scale: (size) => size * 0, // no times here
      ours: (size) => () => void runs.push(size),
      theirs: () => assert.fail('not the other side'),
    }
    assert.deepEqual(await sample(subject, 'ours', quick), [0, 0])
    assert.deepEqual(runs, [1, 1, 2, 2])
    runs.length = 0
    await sample(subject, 'ours', { quick: false })
    assert.ok(runs.filter((size) => size === 1).length >= 16)
  })

  it('has a row for each size, of processes of their own', async function () {
    this.timeout(60_000)
    const { rows } = await made.run(quick)
    assert.deepEqual(rows.map(({ what }) => what), ['work of 1', 'work of 3', 'more work of 1'])
    const [first, second] = rows
    assert.equal(first.rival, 'by hand')
    assert.deepEqual(first.claims.map(({ text }) => text), ['≤ 2× theirs (within 10 %)'])
    // The fixture gives its process instead of a time.
    const pids = rows.flatMap(({ ours, theirs }) => [...ours.samples, ...theirs.samples])
    assert.equal(new Set(pids).size, 4)
    assert.ok(!pids.includes(process.pid))
    assert.equal(first.ours.median, second.ours.median)
  })

  it('may live beside many objects', () => {
    global.gc()
    const before = process.memoryUsage().heapUsed
    const objects = fill(before + 10 * 2 ** 20)
    const now = process.memoryUsage().heapUsed
    assert.ok(objects.length > 0 && now - before > 5 * 2 ** 20, `${before}, ${now}`)
  })
})

describe('a goal', () => {
  const holds = (claim, ours, theirs) =>
    row({ what: '', unit: 'ms', ours: [ours], theirs: [theirs], rival: '', claims: [claim] }).claims[0].holds

  it('holds within 10 % of it', () => {
    assert.ok(holds(goal(10, 'ms'), 10.9, 1))
    assert.ok(!holds(goal(10, 'ms'), 11.1, 1))
    assert.ok(holds(goalTimes(2), 21.9, 10))
    assert.ok(!holds(goalTimes(2), 22.1, 10))
  })

  it('says so', () => {
    assert.equal(goal(3, 'µs/call').text, '≤ 3 µs/call (within 10 %)')
  })
})
