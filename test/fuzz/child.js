'use strict'
// The process in which programs run: takes programs as messages, answers each with
// { found }. When it is disconnected, nothing may keep it alive.

const { functions } = require('./functions.js')
const { mutants } = require('./mutants.js')
const { resources } = require('./rest.js')
const { run } = require('./run.js')

const heddle = { ...require('../../lib/index.js') }
const [folder, mutant] = process.argv.slice(2)
if (mutant) mutants[mutant](heddle)

const setting = {
  heddle,
  tasks: require('../../lib/tasks.js'),
  testing: require('../../lib/testing.js'),
  functions: functions(heddle.thread, {}),
  folder,
}

// Workers and warnings would open these later.
void [process.stdout, process.stderr]

let stray = []
const note = (what) => (error) => stray.push(`${what}: ${error?.stack ?? String(error)}`)
process.on('unhandledRejection', note('unhandledRejection'))
process.on('uncaughtException', note('uncaughtException'))

process.on('message', async (program) => {
  setting.baseline ??= resources()
  let found
  try {
    found = await run(program, setting)
  } catch (error) {
    found = `the interpreter failed: ${error?.stack}`
  }
  await new Promise(setImmediate)
  const all = [found, ...stray].filter(Boolean)
  stray = []
  process.send({ found: all.length > 0 ? all.join('\n') : undefined })
})
