'use strict'
// The process in which cases run: takes cases as messages, answers each with { found }.

const { mutants } = require('./mutants.js')
const { run } = require('./run.js')

const [folder, mutant] = process.argv.slice(2)
const world = {
  heddle: require('../../../lib/index.js'),
  tasks: { ...require('../../../lib/tasks.js') },
  folder,
}
if (mutant) mutants[mutant](world.tasks)

let stray = []
const note = (what) => (error) => stray.push(`${what}: ${error?.stack ?? String(error)}`)
process.on('unhandledRejection', note('unhandledRejection'))
process.on('uncaughtException', note('uncaughtException'))

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
