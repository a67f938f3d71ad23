'use strict'
// vm contexts, and two copies of heddle in one environment.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both } = require('../helpers/child.js')

describe('lifecycle: realms', () => {
  const file = path.join(__dirname, 'fixtures', 'realms.js')

  both('values of a vm context, and two copies', { file }, ({ said, digest, twice }) => {
    const { misuse, ...rest } = said
    assert.deepEqual(rest, {
      list: [digest, digest, null],
      object: ['a', 'b'],
      set: ['d41d8cd98f00b204e9800998ecf8427e'],
      steps: 1000,
      chain: digest,
      sorted: [1, 2, 3],
      error: 'Z_DATA_ERROR',
      abort: 'TimeoutError',
    })
    assert.equal(misuse[0], 'ERR_HEDDLE_INVALID_ARG_TYPE')
    assert.match(misuse[1], /^hash: argument "data" must be .*, got an instance of Object$/)
    assert.deepEqual(twice.lengths, [1000, 1000])
    assert.equal(twice.others, true)
  })
})
