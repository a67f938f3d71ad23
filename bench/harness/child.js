'use strict'
// Runs one job of the suite in a process of its own, and sends what it gives:
//
//   node child.js '{"do": "list" | "measure" | "use", "file", "limit", "name"?, "quick"?, "side"?}'

const { inspect } = require('node:util')
const { listCases, loadCase } = require('./cases.js')
const { cpuTime } = require('./cpu.js')
const { doing } = require('./doing.js')
const { BenchError } = require('./errors.js')
const { usage } = require('./usage.js')

const jobs = {
  async list({ file }) {
    return { names: await listCases(file) }
  },

  async measure({ file, name, quick }) {
    const case_ = await loadCase(file, name)
    const { rows, curves } = await case_.run({ quick })
    const { group, title, timed = true } = case_
    const sides = Object.keys(case_.sides?.({ quick }) ?? {})
    return { group, title, timed, rows, curves, sides, cpu: cpuTime(process.cpuUsage()) }
  },

  async use({ file, name, quick, side }) {
    return { usage: await usage(await loadCase(file, name), side, { quick }) }
  },
}

const subject = () => doing() ?? 'the case'

/** A user's code has no use for our part of a stack. */
function words(error) {
  if (error instanceof BenchError) return error.message
  const lines = inspect(error).split('\n')
  return `${subject()} failed: ${lines.filter((line) => !line.includes(__dirname)).join('\n')}`
}

let ended = false

/** Sends the first end that the job comes to, and ends the process, whatever a case has left open. */
function end(message) {
  if (ended) return
  ended = true
  process.send(message, () => process.exit(message.error === undefined ? 0 : 1))
}

const job = JSON.parse(process.argv[2])

// A promise that never settles keeps nothing alive, or what is alive does not settle it.
process.on('beforeExit', () => {
  end({ error: `${subject()} never ends: it waits for a promise that nothing is left to settle` })
})
setTimeout(() => {
  const seconds = job.limit / 1000
  end({ error: `${subject()} has not ended, ${seconds} s after the start (--timeout SECONDS gives more)` })
}, job.limit).unref()

jobs[job.do](job).then(end, (error) => end({ error: words(error) }))
