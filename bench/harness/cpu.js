'use strict'
// CPU time, in ms.

const fs = require('node:fs')
const os = require('node:os')

const TASKS = '/proc/self/task'
const NS = 1e-6

function threads() {
  try {
    return fs.readdirSync(TASKS).map(Number)
  } catch {
    return [] // not on Linux
  }
}

// V8's own: those that are there before anybody has had work for libuv's pool.
const early = new Set(threads().filter((id) => id !== process.pid))

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

/** ms that a thread of this process has computed; 0 when it has ended, NaN where the system does not tell. */
function threadTime(id) {
  try {
    return Number(fs.readFileSync(`${TASKS}/${id}/schedstat`, 'latin1').split(' ')[0]) * NS
  } catch (error) {
    return id !== process.pid && error.code === 'ENOENT' ? 0 : NaN
  }
}

/**
 * What this process has computed so far: all of it, the main thread, V8's threads,
 * which compile and collect, and the others.
 * @returns {{cpu: number, threads: {main: number, v8: number, others: number} | null}} ms
 */
function threadTimes() {
  const cpu = cpuTime(process.cpuUsage())
  const main = threadTime(process.pid)
  let v8 = 0
  for (const id of early) v8 += threadTime(id)
  if (Number.isNaN(main + v8)) return { cpu, threads: null }
  return { cpu, threads: { main, v8, others: cpu - main - v8 } }
}

/** What it has computed since; a clock is coarser than the other, and nothing takes less than no time. */
function threadTimesSince(before) {
  const { cpu, threads: now } = threadTimes()
  const since = (name) => Math.max(0, now[name] - before.threads[name])
  const split = now === null || before.threads === null ? null : { main: since('main'), v8: since('v8'), others: since('others') }
  return { cpu: cpu - before.cpu, threads: split }
}

module.exports = { cpuTime, machineTime, threadTimes, threadTimesSince }
