'use strict'
// Two copies of heddle in one process: what one makes is understood by the other.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both, run } = require('../helpers/child.js')

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

  it("leave one of the threads of libuv's pool to others, together", async function () {
    this.timeout(100_000)
    const slots = path.join(__dirname, 'fixtures', 'copies-slots.js')
    const end = await run(slots, { env: { UV_THREADPOOL_SIZE: '4' } })
    assert.equal(end.code, 0, end.stderr)
    const { most, ...said } = JSON.parse(end.stdout)
    assert.ok(most <= 3, `${most} of 4`)
    assert.deepEqual(said, {
      turns: 'each',
      completed: [true, true],
      ends: ['stopped', 'stopped'],
      left: [0, 0],
    })
  })
})
