'use strict'
// How a process ends that has used heddle.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both } = require('../helpers/child.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('lifecycle: the process ends', () => {
  both('by itself when heddle was only loaded', { file: fixture('idle.js') })

  both('by itself once all has settled', { file: fixture('natural.js') }, (events) => {
    assert.deepEqual(events, ['parallel', 'race', 'beforeExit', 'more', 'beforeExit'])
  })

  for (const where of ['main', 'worker']) {
    const options = { file: fixture('late.js'), args: [where], code: 5 }
    both(`calls in an exit listener are refused (${where})`, options, (said) => {
      assert.deepEqual(said, { rejected: [true, true, true, true], threads: true, running: true })
    })
  }

  const openssl = fixture('openssl-exit.js')
  both('threads are inside OpenSSL at process.exit()', {
    file: openssl,
    args: ['process.exit()'],
    code: 5,
    times: 30,
  })
  both('threads are inside OpenSSL at an uncaught error', {
    file: openssl,
    args: ['an uncaught error'],
    code: 1,
    stderr: /uncaught, as it should be/,
    times: 5,
  })
  both('threads are inside OpenSSL and no exit listener is called', {
    file: openssl,
    args: ['process.reallyExit()'],
    code: 5,
    times: 5,
  })
})

describe('lifecycle: errors', () => {
  both("reach uncaughtException, losers' do not", { file: fixture('errors.js') }, (caught) => {
    assert.deepEqual(caught, [
      ['thrown in then of a call', 'unhandledRejection'],
      ['thrown in then of a Task', 'unhandledRejection'],
      ['thrown in a microtask', 'uncaughtException'],
      ['thrown in a tick', 'uncaughtException'],
    ])
  })
})
