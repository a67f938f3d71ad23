'use strict'
// CPU time, in ms.

const os = require('node:os')

/**
 * User and system time of all threads of a process.
 * @param {{user: number, system: number}} usage as process.cpuUsage() gives it
 */
const cpuTime = ({ user, system }) => (user + system) / 1e3

/** What the whole machine has computed since it started. */
function machineTime() {
  let sum = 0
  for (const { times } of os.cpus()) sum += times.user + times.nice + times.sys + times.irq
  return sum
}

module.exports = { cpuTime, machineTime }
