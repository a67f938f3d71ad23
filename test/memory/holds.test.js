'use strict'
// What promises that outlive calls hold of them.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both } = require('../helpers/child.js')

const file = path.join(__dirname, 'fixtures', 'holds.js')

/**
 * The reaction of whoever waits holds the AsyncLocalStorage's store, as that of
 * Promise.all does. These have one reaction a promise, whoever comes.
 */
const oneStore = /^(race|any|timeout|sequential, promise|map, promises|parallel, itemTimeout)/

describe('promises that never settle', () => {
  both('hold nothing of calls that have ended', { file, node: ['--expose-gc'] }, ({ natives, forms }) => {
    assert.ok(natives.all[0].includes('result'), 'it sees what is held')
    for (const [name, ofBoth] of Object.entries(natives)) {
      for (const kinds of ofBoth) {
        assert.deepEqual(kinds.filter((kind) => !natives.all[0].includes(kind)), [], name)
      }
    }
    for (const [name, [first, second]] of Object.entries(forms)) {
      const rest = oneStore.test(name) ? [] : ['store']
      assert.deepEqual(first, ['store'], name)
      assert.deepEqual(second, rest, `${name}, the second call`)
    }
  })
})
