'use strict'
// What was queued when an environment goes down never runs.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both, scratch } = require('../helpers/child.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('lifecycle: 1,000 tasks are queued', () => {
  const { folder, count, empty } = scratch()

  afterEach(empty)

  function main(how, options) {
    const file = fixture('queued-main.js')
    both(`${how} in the main thread`, { file, args: [folder, how], ...options }, () => {
      assert.equal(count(), 2)
    })
  }

  function worker(how, expected) {
    const file = fixture('queued-worker.js')
    both(`${how} in a worker`, { file, args: [folder, how] }, (end) => {
      assert.deepEqual(end, expected)
      assert.equal(count(), 2)
    })
  }

  main('process.exit()', { code: 7 })
  main('an uncaught error', { code: 1, stderr: /Error: uncaught, as it should be/ })
  main('an unhandled rejection', { code: 1, stderr: /Error: unhandled, as it should be/ })
  // Windows has no signals: the process ends, and nobody learns by what.
  main('SIGTERM', process.platform === 'win32' ? { code: 1 } : { code: null, signal: 'SIGTERM' })
  main('an error in an exit listener', { code: 7, stderr: /Error: thrown on exit/ })

  worker('worker.terminate()', { error: null, code: 1 })
  worker('process.exit()', { error: null, code: 7 })
  worker('an uncaught error', { error: 'uncaught, as it should be', code: 1 })
})
