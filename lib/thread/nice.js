'use strict'
// Threads that give way to others, as configure({ niceIncrement }) has it.

const os = require('node:os')
const { native } = require('../task/native.js')

// Elsewhere os.setPriority() is for the whole process, and workers have no other means.
const CAN_BE_NICE = process.platform === 'linux'

/** The increment for threads that start now. */
const niceness = () => (CAN_BE_NICE ? native.nice() : 0)

/** The priority of a thread of that increment; undefined for that of the process. */
function priorityOf(increment) {
  if (increment === 0) return undefined
  return Math.min(os.constants.priority.PRIORITY_LOW, os.getPriority(process.pid) + increment)
}

/**
 * Gives a thread its priority, from inside: on Linux process 0 is the calling thread. Sent as
 * source, as lib/thread/worker.js is.
 */
function giveWay(load, priority) {
  if (priority === undefined) return
  try {
    load('node:os').setPriority(0, priority)
  } catch {
    // It has a lower one, from the thread that started it: there is no way back.
  }
}

module.exports = { giveWay, niceness, priorityOf }
