'use strict'
// Keys, derived from passwords: work that nothing can shorten, 10 ms each.

const assert = require('node:assert')
const crypto = require('node:crypto')
const { pbkdf2, pbkdf2Iterations } = require('../lib/calibrate.js')
const { fasterByCores, noSlower } = require('../lib/claims.js')
const { tasks } = require('../lib/heddle.js')
const { all, loop, nativeSides, LIMITED } = require('../lib/native.js')
const { comparison } = require('../lib/kit.js')

const MS = 10

/** Arguments, which all ways take. */
function calls(count) {
  const iterations = pbkdf2Iterations(MS)
  return Array.from({ length: count }, (_, i) => ['secret', `salt ${i}`, iterations, 32, 'sha256'])
}

module.exports = comparison({
  group: 'CPU in C',
  title: 'Keys derived with PBKDF2',
  setup: ({ quick }) => calls(quick ? 4 : 40),
  what: (list) => `${list.length} keys of ${MS} ms`,
  sides: () =>
    nativeSides({
      task: (args) => tasks.pbkdf2(...args),
      async: ['crypto.pbkdf2', (args) => pbkdf2(...args)],
      sync: ['pbkdf2Sync', (args) => crypto.pbkdf2Sync(...args)],
    }),
  check({ heddle, ...others }) {
    for (const keys of Object.values(others)) {
      assert.deepStrictEqual(keys.map((key) => key.toString('hex')), heddle)
    }
  },
  claims: {
    [all('crypto.pbkdf2')]: [noSlower],
    [LIMITED]: [noSlower],
    [loop('pbkdf2Sync')]: fasterByCores(),
  },
})
