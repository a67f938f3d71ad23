'use strict'
// npm run bench: every case in a child process of its own, and a table.

const { parseArgs } = require('node:util')
const fs = require('node:fs')
const { load, names, select } = require('./lib/cases.js')
const { runCase } = require('./lib/spawn.js')
const { head, headLines } = require('./lib/head.js')
const { setup } = require('./lib/setup.js')

const HELP = `Usage: npm run bench -- [options]

  --case NAME   only the cases whose names begin with NAME; may be repeated
  --quick       few rounds and small counts, under a minute; judges nothing
  --json FILE   writes all figures to FILE
  --help        this text

Cases: ${names.join(', ')}

The exit code is 1 when a case could not be run, not when a claim does not hold.`

function readOptions() {
  const { values } = parseArgs({
    options: {
      case: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return { ...values, cases: select(values.case) }
}

const DISTURBED = 0.1 // of all cores

async function runAll(cases, quick) {
  const results = []
  for (const name of cases) {
    if (process.stderr.isTTY) process.stderr.write(`${name} ...\r\x1b[K`)
    try {
      results.push({ name, ...(await runCase(name, quick)) })
    } catch (error) {
      results.push({ name, crash: error.message })
    }
  }
  return results
}

/** Names the cases while which other processes were busy, if any. */
function warn(results) {
  const busy = results.filter(({ name, others }) => others > DISTURBED && load(name).timed !== false)
  if (busy.length === 0) return
  const list = busy.map(({ name, others }) => `${name} (${Math.round(others * 100)} %)`)
  console.log(`disturbed by other processes, which took a part of all cores: ${list.join(', ')}`)
}

/** Says it again at the end: what does not hold must not be overlooked. */
function conclude(results, quick) {
  const { broken } = require('./lib/table.js')
  const colors = require('picocolors')
  if (quick) return console.log('quick: too few rounds to judge the claims by')
  const lines = broken(results)
  if (lines.length === 0) return console.log('every claim holds')
  console.log(colors.red(`${lines.length} claims do not hold:`))
  for (const line of lines) console.log(colors.red(`  ${line}`))
}

async function main({ cases, quick, json }) {
  setup()
  const { table } = require('./lib/table.js') // needs what setup() installs
  const circumstances = head()
  console.log(headLines(circumstances).join('\n'))
  const results = await runAll(cases, quick)
  console.log(table(results, !quick))
  warn(results)
  conclude(results, quick)
  if (json !== undefined) {
    fs.writeFileSync(json, `${JSON.stringify({ head: circumstances, quick, results }, null, 2)}\n`)
  }
  const crashed = results.filter((result) => result.crash !== undefined)
  for (const { name, crash } of crashed) console.error(`${name} could not be run: it ${crash}`)
  if (crashed.length > 0) process.exitCode = 1
}

let options
try {
  options = readOptions()
} catch (error) {
  console.error(`bench: ${error.message}`)
  process.exit(1)
}
if (options.help) console.log(HELP)
else {
  main(options).catch((error) => {
    console.error(`bench: ${error.message}`)
    process.exitCode = 1
  })
}
