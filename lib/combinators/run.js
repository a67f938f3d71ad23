'use strict'

const { Call } = require('../call.js')
const { keep } = require('../keep.js')
const { Policy } = require('../native.js')
const { typeError } = require('../errors.js')
const { isTask } = require('../task.js')

const OPTIONS = ['signal', 'timeout', 'itemTimeout', 'join', 'priority', 'onProgress']

class Run extends Call {
  name = 'run'
  policy = Policy.ALL

  member(_position, fulfilled, value) {
    this.end(fulfilled, value)
  }

  keyOf() {
    return undefined // there is but one
  }
}

keep(new Run())

/** Runs one Task with options; settles as it does. */
function run(task, options) {
  if (!isTask(task)) {
    return Promise.reject(typeError('run', 'argument "task"', 'a Task', task))
  }
  return Call.start(Run, OPTIONS, [task], options, run)
}

module.exports = { run }
