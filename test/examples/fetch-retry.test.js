'use strict'

const assert = require('node:assert/strict')
const { example } = require('../helpers/example.js')

/** The lines of a path that fulfils at the third attempt. */
const thirdTime = (path) => [
  ...[1, 2].flatMap((attempt) => [
    `server: start ${path}`,
    `server: end ${path} (503)`,
    `attempt ${attempt}: status 503`,
  ]),
  `server: start ${path}`,
  `server: end ${path}`,
  `got ${path} at last`,
]

describe('examples/fetch-retry.mjs', () => {
  const section = example('fetch-retry.mjs')

  it('takes a 503 for an answer where nobody looks at response.ok', () => {
    assert.deepEqual(section('fetch without a look at response.ok'), [
      'server: start unchecked',
      'server: end unchecked (503)',
      'fulfilled, with status 503: ok is false',
    ])
  })

  it('tries again until it is ok: a loop', () => {
    assert.deepEqual(section('a loop'), thirdTime('loop'))
  })

  it('tries again until it is ok: heddle: retry', () => {
    assert.deepEqual(section('heddle: retry'), thirdTime('retry'))
  })

  it('gives up where there is no hope', () => {
    assert.deepEqual(section('heddle: retry, which gives up'), [
      'server: start missing',
      'server: end missing (404)',
      'gave up: not there',
    ])
  })
})
