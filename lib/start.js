'use strict'
// Starts the Tasks whose .then was called: those of one turn go down together.

const { Policy } = require('./native.js')
const { callSite } = require('./errors.js')

const FLUSH_AT = 256 // Tasks that are not kept waiting for the end of the turn

let pending = []
let site = null

// Owns the groups: nobody ever withdraws them.
const nobody = { settled() {}, finished() {} }

function flush() {
  const { Group } = require('./group.js') // here, because it needs Task itself
  const tasks = pending
  pending = []
  if (tasks.length === 0) return
  const group = new Group(nobody, tasks, { policy: Policy.SETTLED, total: tasks.length, site })
  try {
    for (let i = 0; i < tasks.length; i++) {
      try {
        group.add(i)
      } catch (error) {
        fail(tasks[i], error) // its buffer was detached; the others go on
      }
    }
    group.flush()
    group.seal()
    if (tasks.length > 1) group.watch()
  } catch (error) {
    for (const task of tasks) fail(task, error)
  }
}

/** Settles a Task that could not start. */
function fail(task, error) {
  require('./task.js').settle(task, false, error) // here for the same reason
}

/** Starts a Task at the end of the turn; an error's stack begins at `caller`. */
function startSoon(task, caller) {
  if (pending.push(task) === 1) {
    site = callSite(caller)
    queueMicrotask(flush)
  } else if (pending.length === FLUSH_AT) {
    flush()
  }
}

module.exports = { startSoon }
