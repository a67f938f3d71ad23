'use strict'
// heddle bench: compares ways to do the same, from a user's file.

const fs = require('node:fs')
const path = require('node:path')
const { BenchError } = require('../../bench/harness/errors.js')
const { help: common, limitOf, options, select } = require('../../bench/harness/options.js')
const { CommandError, UsageError } = require('./errors.js')

const summary = 'measures your own code: Promise.all against heddle'

const help = `Usage: heddle bench FILE [options]

Measures the cases that FILE (CommonJS, or an ES module) exports. Each is an object:

  export const thumbnails = {
    setup({ quick }) { return images },     // optional; once a process
    promiseAll(images) { ... },             // what you have
    heddle(images) { ... },                 // what you compare it with
    check({ promiseAll, heddle }, images) {...},  // optional; see below
    teardown(images) { ... },               // optional; once a process
  }

Further functions, of any name, are further ways. All ways run in turns in a process
of their own, several rounds; then each way alone, for its CPU time, the delay of the
event loop and its memory. First, what they return (or resolve with) is compared:
check() throws, or returns false, when it should not do; without it all results must
be deeply equal; check: false compares nothing.

${common}
  -h, --help    this text

The exit code is 0 when all was measured, 1 when a case could not be run or its ways do
not give the same, and 2 when the command was not understood.`

function checkTimeout(timeout) {
  try {
    limitOf(timeout)
  } catch (error) {
    throw new UsageError(error.message, { cause: error })
  }
}

async function run({ values, positionals }) {
  if (positionals.length !== 1) {
    throw new UsageError(`one FILE is expected, got ${positionals.length}`)
  }
  checkTimeout(values.timeout)
  const file = path.resolve(positionals[0])
  if (!fs.existsSync(file)) throw new CommandError(`there is no file ${file}`)
  const { runSuite, sourcesOf } = require('../../bench/harness/suite.js')
  try {
    const sources = await sourcesOf(file, values)
    const chosen = select(
      sources.map(({ name }) => name),
      values.case,
    )
    const complete = await runSuite(
      sources.filter(({ name }) => chosen.includes(name)),
      values,
    )
    return complete ? 0 : 1
  } catch (error) {
    if (error instanceof BenchError) throw new CommandError(error.message, { cause: error })
    throw error
  }
}

module.exports = { summary, help, options, run }
