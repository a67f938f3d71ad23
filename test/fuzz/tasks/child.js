'use strict'
// The process in which cases run: takes cases as messages, answers each with { found }.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { mutants } = require('./mutants.js')
const { run } = require('./run.js')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-fuzz-'))
const world = {
  heddle: require('../../../lib/index.js'),
  tasks: { ...require('../../../lib/tasks.js') },
  folder,
}
const [mutant] = process.argv.slice(2)
if (mutant) mutants[mutant](world.tasks)

let stray = []
const note = (what) => (error) => stray.push(`${what}: ${error?.stack ?? String(error)}`)
process.on('unhandledRejection', note('unhandledRejection'))
process.on('uncaughtException', note('uncaughtException'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

process.on('message', async (it) => {
  let found
  try {
    found = await run(it, world)
  } catch (error) {
    found = `the interpreter failed: ${error?.stack}`
  }
  const all = [found, ...stray].filter(Boolean)
  stray = []
  process.send({ found: all.length > 0 ? all.join('\n') : undefined })
})
