'use strict'
// What heddle keeps alive, and for how long. A fixture that waits in vain for
// something to be collected hangs.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both } = require('../helpers/child.js')

describe('references', () => {
  function check(title, name, expected) {
    const file = path.join(__dirname, 'fixtures', 'references.js')
    const options = { file, args: [name], node: ['--expose-gc'] }
    both(title, options, (end) => assert.deepEqual(end, expected))
  }

  check('inputs are collected once their tasks have settled', 'settledInputs', { collected: 8 })
  check('Tasks that have settled let go of their inputs', 'keptTasks', { collected: 5, result: 32 })
  check('Tasks that nobody starts are collected', 'neverStarted', { collected: 10, result: 10 })
  check('inputs that only heddle holds stay while they wait', 'queuedInputs', {
    right: [true, true],
    count: 50,
  })
  check('large results are reported to the garbage collector', 'externalMemory', {
    rises: true,
    length: 32,
  })
  check('results are collected once a call has ended, whatever it still waited for', 'results', {
    collected: 19,
    result: 16,
    alive: 3,
  })
  check('calls on what lives longer are collected', 'longLived', {
    collected: 10,
    alive: 'sleep',
  })
})
