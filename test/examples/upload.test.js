'use strict'

const assert = require('node:assert/strict')
const { example } = require('../helpers/example.js')

describe('examples/upload.mjs', () => {
  const section = example('upload.mjs')

  it('gives the same digests in all ways', () => {
    const titles = ['createHash, in the handler', 'heddle: hash(algorithm, request)', 'heddle: hashed and compressed, from one request']
    for (const title of titles) assert.deepEqual(section(title), ['8 of 8 digests are right'])
  })

  it('rejects when a client leaves, and holds no thread', () => {
    assert.deepEqual(section('a client that leaves'), ['the Task rejects: ECONNRESET', '0 threads are held'])
  })
})
