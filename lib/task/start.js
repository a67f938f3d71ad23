'use strict'
// Starts the Tasks whose .then was called: those of one turn go down together.

const { Policy } = require('./native.js')
const { callSite } = require('../errors.js')
const { groupClassOf } = require('./group.js')
const { settle, startTasksBy } = require('./task.js')
const { soon } = require('./clock.js')

const FLUSH_AT = 256 // Tasks that are not kept waiting for the end of the turn

let pending = []
let site = null

// Owns the groups: nobody ever withdraws them.
const nobody = { settled() {}, refused() {}, finished() {} }

function flush() {
  const tasks = pending
  const from = site
  pending = []
  const classes = new Set(tasks.map(groupClassOf))
  if (classes.size === 1) return start(groupClassOf(tasks[0]), tasks, from)
  for (const Class of classes) start(Class, tasks.filter((task) => groupClassOf(task) === Class), from)
}

function start(Class, tasks, from) {
  const group = new Class(nobody, tasks, {
    policy: Policy.SETTLED,
    total: tasks.length,
    limit: undefined, // all fields, or Object.prototype's would count
    priority: undefined,
    itemTimeout: undefined,
    site: from,
  })
  try {
    for (let i = 0; i < tasks.length; i++) {
      try {
        group.add(i)
      } catch (error) {
        settle(tasks[i], false, error) // its buffer was detached; the others go on
      }
    }
    if (tasks.length > 1) group.watch()
    group.flush()
    group.seal()
  } catch (error) {
    for (const task of tasks) settle(task, false, error)
  }
}

/** Starts a Task at the end of the turn; an error's stack begins at `caller`. */
function startSoon(task, caller) {
  if (pending.push(task) === 1) {
    site = callSite(caller)
    void soon(flush)
  } else if (pending.length === FLUSH_AT) {
    flush()
  }
}

startTasksBy(startSoon)

module.exports = { startSoon }
