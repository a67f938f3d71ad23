'use strict'
// npm run bench: every case in a process of its own, and tables.

const { parseArgs } = require('node:util')
const { help, options, select } = require('./harness/options.js')
const { BenchError } = require('./harness/errors.js')
const { fileOf, names } = require('./lib/cases.js')
const { setup } = require('./lib/setup.js')

const HELP = `Usage: npm run bench -- [options]

${help}
  --help        this text

Cases: ${names.join(', ')}

The exit code is 1 when a case could not be run, not when a claim does not hold.`

function readOptions() {
  try {
    return parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } }).values
  } catch (error) {
    throw new BenchError(error.message, { cause: error })
  }
}

async function main() {
  const values = readOptions()
  if (values.help) return console.log(HELP)
  const chosen = select(names, values.case)
  setup()
  const { runSuite } = require('./harness/suite.js') // heddle may just have been built
  const complete = await runSuite(
    chosen.map((name) => ({ name, file: fileOf(name) })),
    values,
  )
  if (!complete) process.exitCode = 1
}

main().catch((error) => {
  console.error(error instanceof BenchError ? `bench: ${error.message}` : error)
  process.exitCode = 1
})
