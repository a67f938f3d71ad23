'use strict'
// Runs one job of the suite in a process of its own, and sends what it gives:
//
//   node child.js '{"do": "list" | "measure" | "use", "file", "name"?, "quick"?, "side"?}'

const { listCases, loadCase } = require('./cases.js')
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
    return { group, title, timed, rows, curves, sides, cpu: process.cpuUsage() }
  },

  async use({ file, name, quick, side }) {
    return { usage: await usage(await loadCase(file, name), side, { quick }) }
  },
}

const send = (message) =>
  new Promise((resolve, reject) => {
    process.send(message, (error) => (error ? reject(error) : resolve()))
  })

/** A user's code has no use for our stack, and its own is all that helps. */
const words = (error) => (error instanceof BenchError ? error.message : (error?.stack ?? String(error)))

const job = JSON.parse(process.argv[2])
jobs[job.do](job)
  .then(send, async (error) => {
    await send({ error: words(error) })
    process.exitCode = 1
  })
  .finally(() => process.exit()) // whatever a case has left open
