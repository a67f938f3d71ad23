'use strict'

const { typeError } = require('../errors.js')
const { keep } = require('../task/keep.js')
const { ListCall } = require('../call/list.js')
const { CALL } = require('../call/options.js')
const { isForeignTask, isTask } = require('../task/task.js')

class Run extends ListCall {
  name = 'run'

  read(task) {
    if (!isTask(task) && !isForeignTask(task)) throw typeError('run', 'argument "task"', 'a Task', task)
    this.work = [task]
  }

  member(_position, fulfilled, value) {
    this.end(fulfilled, value)
  }

  keyOf() {
    return undefined // there is but one
  }
}

keep(new Run())

/** As lib/index.js has it: (task, options, caller). */
const run = Run.start.bind(Run, Run, CALL)

module.exports = { run }
