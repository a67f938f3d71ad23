'use strict'

const assert = require('node:assert/strict')
const { stripVTControlCharacters: plain } = require('node:util')
const { limitOf, select } = require('../../bench/harness/options.js')
const { faster, row } = require('../../bench/harness/row.js')
const { broken, disturbed, format } = require('../../bench/harness/table.js')

const result = {
  name: 'weave',
  title: 'Weaving',
  rows: [
    row({
      what: '100 threads',
      unit: 'ms',
      ours: [10, 10],
      theirs: [20, 20],
      rival: 'by hand',
      claims: [faster(1.5), faster(3)],
    }),
    row({ what: '100 threads', unit: 'ms', ours: [10, 10], theirs: [5, 5], rival: 'a mill' }),
    row({ what: 'memory', unit: 'B', ours: [1234.5] }),
  ],
  usage: [
    {
      side: 'heddle',
      runs: 1,
      wall: 1234.5,
      cpu: 0.0123,
      threads: { main: 0.01, others: 0.002, v8: 0.0003 },
      delay: { p50: 0.25, p99: 1.5, max: 20 },
      peak: 64 * 2 ** 20,
    },
  ],
  curves: [
    {
      title: 'Growth',
      x: { label: 'threads', log: true },
      y: { label: 'ns', log: false },
      series: [
        { name: 'heddle', points: [{ x: 1000, median: 2, p10: 1, p90: 3 }] },
        { name: 'by hand', points: [{ x: 1, median: 4, p10: 1, p90: 9 }] },
      ],
    },
  ],
  others: 0.25,
}

/** Lines of the table, with single spaces. */
const lines = (text) => plain(text).split('\n').map((line) => line.trim().replace(/ +/g, ' '))

describe('the table', () => {
  it('has ours once, and a line for each rival', () => {
    const shown = lines(format(result, true))
    assert.equal(shown[0], 'weave Weaving')
    assert.equal(shown[1], 'median spread theirs / ours')
    assert.equal(shown.filter((line) => line.startsWith('heddle 10.0 ms 0 %')).length, 1)
    assert.ok(shown.includes('a mill 5.00 ms 0 % 0.50× (± 0 %)'))
    assert.ok(shown.includes('heddle 1,235 B 0 %'))
  })

  it('shows which claims hold and which do not', () => {
    const shown = lines(format(result, true)).find((line) => line.startsWith('by hand 20.0 ms'))
    assert.equal(
      shown,
      'by hand 20.0 ms 0 % 2.00× (± 0 %) ≥ 1.5× faster: holds, ≥ 3× faster: DOES NOT HOLD',
    )
    assert.doesNotMatch(plain(format(result, false)), /holds|HOLD/)
  })

  it('lists what does not hold', () => {
    assert.deepEqual(broken([result, { name: 'crashed', crash: 'x' }]), [
      'weave, 100 threads: claimed ≥ 3× faster, measured 10.0 ms, 2.00× of by hand',
    ])
  })

  it('has what each side took of the machine, and the curves', () => {
    const shown = lines(format(result, true))
    assert.ok(shown.includes('one run alone wall ms CPU ms main / others / V8 loop delay p50/p99/max ms peak MiB'))
    assert.ok(shown.includes('heddle 1,235 0.012 0.010 / 0.002 / 0.000 0.25 / 1.50 / 20.0 64'))
    const at = shown.indexOf('Growth (ns)')
    assert.deepEqual(shown.slice(at + 1, at + 4), ['threads 1 1,000', 'heddle 2.00', 'by hand 4.00'])
  })

  it('keeps points where their x is', () => {
    const text = plain(format(result, true)).split('\n')
    const at = text.findIndex((line) => line.trim().startsWith('threads '))
    const [xs, ours, theirs] = text.slice(at, at + 3)
    assert.equal(ours.indexOf('2.00') + 4, xs.indexOf('1,000') + 5)
    assert.equal(theirs.indexOf('4.00') + 4, xs.indexOf(' 1 ') + 2)
  })

  it('columns stand below each other', () => {
    const [head, , ours, theirs] = plain(format(result, true)).split('\n').slice(1)
    const end = (line, word) => line.indexOf(word) + word.length
    assert.equal(end(head, 'median'), end(ours, '10.0 ms'))
    assert.equal(end(head, 'median'), end(theirs, '20.0 ms'))
  })

  it('says why a case could not be run', () => {
    const text = plain(format({ name: 'weave', crash: 'no yarn' }, true))
    assert.equal(text, 'weave\n  could not be run: no yarn\n')
  })

  it('names what was disturbed, where time counts', () => {
    const quiet = { ...result, others: 0.05 }
    const untimed = { ...result, timed: false }
    assert.deepEqual(disturbed([result, quiet, untimed, { name: 'x', crash: '' }]), ['weave (25 %)'])
  })
})

describe('the options', () => {
  const names = ['hash-small', 'hash-large', 'sort']

  it('--case takes the beginning of names, and keeps their order', () => {
    assert.deepEqual(select(names, []), names)
    assert.deepEqual(select(names, ['sort', 'hash']), names)
    assert.deepEqual(select(names, ['hash-l']), ['hash-large'])
    assert.throws(() => select(names, ['sort', 'large']), {
      message: "there is no case 'large'; there are: hash-small, hash-large, sort",
    })
  })

  it('--timeout takes seconds', () => {
    assert.equal(limitOf(undefined), 600_000)
    assert.equal(limitOf('1.5'), 1500)
    for (const bad of ['', ' ', '0', '-1', 'x', 'NaN', 'Infinity', '1e9']) {
      assert.throws(() => limitOf(bad), /--timeout must be seconds above 0/, bad)
    }
  })
})
