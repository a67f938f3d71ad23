'use strict'

const assert = require('node:assert/strict')
const { isDisturbed, median, quantile, summary, xsOf } = require('../../bench/harness/figures.js')
const { atMost, atMostTimes, faster, row } = require('../../bench/harness/row.js')

describe('figures of samples', () => {
  it('a quantile lies between its neighbours, whatever the order', () => {
    const samples = [40, 10, 30, 20]
    assert.equal(quantile(samples, 0), 10)
    assert.equal(quantile(samples, 1), 40)
    assert.equal(quantile(samples, 0.5), 25)
    assert.equal(quantile(samples, 0.25), 17.5)
    assert.deepEqual(samples, [40, 10, 30, 20], 'samples keep their order')
  })

  it('numbers are sorted as numbers', () => assert.equal(median([9, 100, 10]), 10))

  it('one sample is all quantiles', () => assert.equal(quantile([7], 0.9), 7))

  it('the spread is that of the middle 80 %, as a part of the median', () => {
    const samples = Array.from({ length: 11 }, (_, i) => 10 + i)
    const expected = { median: 15, p10: 11, p90: 19, spread: 8 / 15, samples }
    assert.deepEqual(summary(samples), expected)
    assert.equal(summary([0, 0]).spread, 0)
  })
})

describe('what tables and pages ask of results', () => {
  it('each x of some curves once, as numbers in order', () => {
    const points = (...xs) => ({ points: xs.map((x) => ({ x })) })
    assert.deepEqual(xsOf([points(10, 100), points(1, 10, 9)]), [1, 9, 10, 100])
  })

  it('a case was disturbed if time mattered and others were busy', () => {
    const found = [{}, { others: 0.1 }, { others: 0.11 }, { others: 0.11, timed: false }]
    assert.deepEqual(found.map(isDisturbed), [false, false, true, false])
  })
})

describe('a row', () => {
  const sides = { what: 'w', unit: 'ms', ours: [1, 2, 4], theirs: [4, 4, 4], rival: 'r' }

  it('has the ratio of each round, and its median', () => {
    const { ratio, ours, theirs, rival } = row(sides)
    assert.deepEqual(ratio.samples, [4, 2, 1])
    assert.deepEqual([ratio.median, ours.median, theirs.median, rival], [2, 2, 4, 'r'])
  })

  it('has no ratio without a rival', () => {
    const { ratio, theirs, rival, claims } = row({ what: 'w', unit: 'B', ours: [1] })
    assert.deepEqual([ratio, theirs, rival, claims], [null, null, null, []])
  })

  it('judges what is claimed, at its bounds, too', () => {
    const claims = [faster(2), faster(2.1), atMost(2, 'ms'), atMost(1.9, 'ms')]
    const slow = row({ ...sides, ours: [8, 8, 8], claims: [atMostTimes(2), atMostTimes(1.9)] })
    assert.deepEqual(row({ ...sides, claims }).claims, [
      { text: '≥ 2× faster', holds: true },
      { text: '≥ 2.1× faster', holds: false },
      { text: '≤ 2 ms', holds: true },
      { text: '≤ 1.9 ms', holds: false },
    ])
    assert.deepEqual(slow.claims.map(({ holds }) => holds), [true, false])
  })
})
