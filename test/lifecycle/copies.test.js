'use strict'
// Two copies of heddle in one process: what one makes is understood by the other.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both } = require('../helpers/child.js')

const CRC = 891568578 // of abc
const MD5 = '9dd4e461268c8034f5c8564e155c67a6' // of x

const expected = {
  parallel: [CRC, CRC, 4, null],
  all: [CRC, CRC],
  object: { a: CRC },
  sequential: [CRC, CRC + 1],
  first: [CRC, CRC],
  settled: ['ERR_CRYPTO_INVALID_DIGEST'],
  mappers: [
    [CRC, 2564639436],
    [2, 4],
  ],
  mapped: [2212294583, 1842515611],
  streamed: [1, 3],
  timed: CRC,
  run: CRC,
  previous: MD5,
  chained: MD5,
  chain: 'TypeError ERR_HEDDLE_INVALID_ARG_TYPE',
  list: 'TypeError ERR_HEDDLE_INVALID_ARG_TYPE',
  file: true,
  fileAsPrevious: true,
  retry: 'RangeError undefined',
  attempts: 1,
  moved: [8, 0],
  aborted: 'TimeoutError ERR_HEDDLE_TIMEOUT',
}

describe('lifecycle: two copies', () => {
  const file = path.join(__dirname, 'fixtures', 'copies.js')
  for (const how of ['anew', 'apart']) {
    both(`${how}`, { file, args: [how] }, ({ threads, there, back, left, others }) => {
      assert.equal(others, true)
      assert.deepEqual(there, expected)
      assert.deepEqual(back, expected)
      assert.deepEqual(threads, { sums: [5050, 5050], some: true })
      assert.equal(left, 0)
    })
  }
})
