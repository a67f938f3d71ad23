'use strict'
// heddle build: compiles tasks with the system's compiler, and checks the library.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { CommandError, UsageError } = require('./errors.js')
const { compilerCommand, missingCompiler } = require('./compiler.js')

const include = path.join(__dirname, '..', '..', 'include')

const summary = 'compiles C or C++ files to a library of tasks, for load()'

const help = `Usage: heddle build FILE... -o OUT [options] [-- FLAG...]

Compiles C files (or C++ files) with the system's compiler to a library, and
loads it to see whether it is well formed. What follows -- goes to the compiler.

  -o, --output OUT   the library, as build/sums.heddle; folders are made
      --debug        without optimisation, with symbols for a debugger; wrong
                     accesses to arguments end the process with words
      --no-check     do not load the library, as when it is for another machine
      --verbose      show the compiler's command line
  -h, --help         this text

Variables: CC and CXX name the compiler (cc and c++, on Windows cl, by default),
CFLAGS, CXXFLAGS and LDFLAGS are further flags.`

const options = {
  output: { type: 'string', short: 'o' },
  debug: { type: 'boolean', default: false },
  'no-check': { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
}

const quoted = (word) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Runs the compiler; what it says is shown as it comes. */
function compile(command, verbose) {
  const { program, args } = command
  if (verbose) console.log([program, ...args].map(quoted).join(' '))
  const { status, signal, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (error !== undefined) throw new CommandError(missingCompiler(command, error.code))
  if (status !== 0) {
    const end = signal === null ? `exit code ${status}` : signal
    throw new CommandError(`the compiler '${program}' failed (${end}); see above`)
  }
}

/** Loads a library that was just made; gives its tasks, or null where that cannot be tried. */
function tasksOf(made, output) {
  let describe
  try {
    describe = require('../plugin/load.js').describe
  } catch (error) {
    console.error(`heddle build: ${output} was built, and not checked: ${error.message}`)
    return null
  }
  try {
    return describe(made)
  } catch (error) {
    // It is told by the name that it would have got.
    const words = error.message.replaceAll(fs.realpathSync(made), output)
    throw new CommandError(`${words} (${error.code})`)
  }
}

/**
 * Compiles to a new file, and checks it, so that a failure leaves the library as it was.
 * @returns {object[] | null} its tasks
 */
function make(sources, output, { debug, verbose, rest, unchecked }) {
  let folder
  try {
    fs.mkdirSync(path.dirname(output), { recursive: true })
    folder = fs.mkdtempSync(path.join(path.dirname(output), '.heddle-'))
  } catch (error) {
    throw new CommandError(error.message)
  }
  const made = path.join(folder, path.basename(output))
  const beside = `${folder}-${path.basename(output)}` // finds libraries that it needs by $ORIGIN
  try {
    compile(compilerCommand({ sources, output: made, include, debug, more: rest }), verbose)
    fs.renameSync(made, beside)
    const tasks = unchecked ? null : tasksOf(beside, output)
    fs.renameSync(beside, output)
    return tasks
  } finally {
    fs.rmSync(beside, { force: true })
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

async function run({ values, positionals: sources, rest }) {
  const { output, debug, verbose } = values
  if (sources.length === 0) throw new UsageError('a C or C++ file is missing')
  if (output === undefined || output === '') throw new UsageError('-o OUT is missing')
  for (const source of sources) {
    if (!fs.existsSync(source)) throw new CommandError(`there is no file '${source}'`)
  }
  const absolute = path.resolve(output)
  const tasks = make(sources, absolute, { debug, verbose, rest, unchecked: values['no-check'] })
  console.log(`built ${output} (${os.platform()} ${os.arch()})`)
  for (const { name, signature } of tasks ?? []) console.log(`  ${name}: ${signature}`)
  return 0
}

module.exports = { summary, help, options, run }
