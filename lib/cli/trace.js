'use strict'
// heddle trace: runs a program in this process, and writes what heddle ran.

const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { copyFor } = require('./copy.js')
const { CommandError, UsageError } = require('./errors.js')

const summary = 'runs a program, and draws what heddle ran, when and on which thread'

const help = `Usage: heddle trace [options] PROGRAM [-- arguments]

Runs PROGRAM (CommonJS or an ES module) as node would, and writes what heddle ran in its
main thread when it ends: also after an uncaught error, process.exit(), SIGINT and SIGTERM.
Its output, arguments and exit code stay its own. A signal for which the program has a
listener is left to it.

  -o, --output FILE   a page to open in a browser; heddle-trace.html, unless --json is given
      --json FILE     the trace event format, for https://ui.perfetto.dev and chrome://tracing
      --members N     members that are kept, 100000 by default; the others are counted
      --force         replaces files that exist
  -h, --help          this text

The exit code is the program's; 1 where a file cannot be written and the program's would
be 0; 2 when the command was not understood.`

const options = {
  output: { type: 'string', short: 'o' },
  json: { type: 'string' },
  members: { type: 'string' },
  force: { type: 'boolean' },
}

const SIGNALS = ['SIGINT', 'SIGTERM']

function filesOf({ output, json }) {
  if (output !== undefined && !/\.html$/i.test(output)) throw new UsageError(`--output must end with .html, got '${output}'`)
  if (json !== undefined && !/\.json$/i.test(json)) throw new UsageError(`--json must end with .json, got '${json}'`)
  if (output === undefined && json === undefined) return ['heddle-trace.html']
  return [output, json].filter((file) => file !== undefined)
}

/** Before the program runs, which may take long. */
function checkFiles(files, force) {
  for (const file of files) {
    if (!force && fs.existsSync(file)) throw new CommandError(`${file} is there already; --force replaces it`)
    const folder = path.dirname(path.resolve(file))
    if (!fs.existsSync(folder)) throw new CommandError(`there is no folder ${folder}`)
  }
}

function membersOf(text) {
  if (text === undefined) return undefined
  const members = Number(text)
  if (Number.isInteger(members) && members >= 1 && members <= 2 ** 24) return members
  throw new UsageError(`--members must be an integer from 1 to ${2 ** 24}, got '${text}'`)
}

/** The program's file, with what Node would add to its name. */
function programOf(name) {
  try {
    return require.resolve(path.resolve(name))
  } catch {
    throw new CommandError(`there is no program ${path.resolve(name)}`)
  }
}

function say(words) {
  try {
    fs.writeSync(2, `heddle trace: ${words}\n`)
  } catch {
    // nobody listens
  }
}

/** Writes once, when the process ends, whichever way. */
function writeAtEnd(recording, files, force) {
  let done = false
  const write = () => {
    if (done) return
    done = true
    for (const file of files) {
      try {
        say(`wrote ${recording.write(path.resolve(file), { force })}`)
      } catch (error) {
        say(error.message)
        process.exitCode ||= 1
      }
    }
  }
  process.on('exit', write)
  for (const signal of SIGNALS) {
    const onSignal = () => {
      if (process.listenerCount(signal) > 1) return // the program's own says what follows
      write()
      process.removeListener(signal, onSignal)
      process.kill(process.pid, signal)
    }
    process.on(signal, onSignal)
  }
}

async function run({ values, positionals, rest }) {
  const [name, ...more] = positionals
  if (name === undefined) throw new UsageError('a PROGRAM is expected')
  const files = filesOf(values).map((file) => path.resolve(file)) // the program may go elsewhere
  const members = membersOf(values.members)
  const { force = false } = values
  checkFiles(files, force)
  const program = programOf(name)
  const recording = copyFor(program, 'trace').trace({ members })
  writeAtEnd(recording, files, force)
  process.argv = [process.argv[0], program, ...more, ...rest]
  // No promise of ours stands between its errors and Node.
  process.nextTick(() => Module.runMain())
  return undefined // the exit code is the program's
}

module.exports = { summary, help, options, run }
