'use strict'
// npm run fuzz: runs random programs against heddle.

const { parseArgs } = require('node:util')
const { kinds } = require('./kinds.js')
const { replay, search, report } = require('./search.js')

const RUNS = 100

const help = `usage: npm run fuzz -- [options]

Runs random programs against heddle, and compares what comes of them with what a
model allows. A program that goes wrong is made small and printed, with the command
that runs it again; then the exit code is 1.

  --tasks      runs the built-in tasks, and compares what they give with what
               node:crypto, node:zlib and JavaScript do
  --seconds N  how long to search; without it, one seed
  --seed N     the first seed, an integer; by default the time
  --runs N     programs for each seed; ${RUNS} by default
  --path P     runs the one program that a finding names by its path
  --program P  runs the one program that is given, as data
  --repeat N   runs each program N times, for what depends on timing; 1 by default
  --mutant M   breaks heddle first, to see it found: see test/fuzz/mutants.js
  --help`

const options = Object.fromEntries(
  ['seconds', 'seed', 'runs', 'path', 'program', 'repeat', 'mutant'].map((name) => [
    name,
    { type: 'string' },
  ]),
)

function integer(name, text, least) {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} must be an integer of at least ${least}, not ${text}`)
  return value
}

async function main() {
  const boolean = { type: 'boolean' }
  const { values } = parseArgs({ options: { ...options, tasks: boolean, help: boolean } })
  if (values.help) {
    console.log(help)
    return
  }
  const first = integer('seed', values.seed ?? Math.floor(Date.now() / 1000) % 1e9, -(2 ** 31))
  const runs = integer('runs', values.runs ?? RUNS, 1)
  const repeat = integer('repeat', values.repeat ?? 1, 1)
  const seconds = values.seconds === undefined ? 0 : integer('seconds', values.seconds, 1)
  const until = seconds === 0 ? Infinity : performance.now() + seconds * 1000
  const { path, mutant } = values
  const kind = values.tasks ? kinds.tasks : kinds.programs
  if (values.program !== undefined) {
    const finding = await replay(JSON.parse(values.program), { kind, repeat, mutant })
    console.log(finding ? finding.words : 'it does what it may')
    process.exitCode = finding ? 1 : 0
    return
  }
  let total = 0
  let seed = first
  do {
    const { runs: ran, finding } = await search({ kind, seed, runs, path, repeat, mutant, until })
    total += ran
    if (finding) {
      process.exitCode = 1
      console.log(`${report(finding, runs, kind)}\n`)
    }
    seed++
  } while (seconds > 0 && performance.now() < until)
  console.log(`${total} ${values.tasks ? 'cases' : 'programs'}, seeds ${first} to ${seed - 1}`)
}

// The folders go at the exit; the process that runs programs ends when it is disconnected.
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]])
  process.on(signal, () => process.exit(code))

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 2
})
