'use strict'
// The command line: finds the subcommand, reads its options, and runs it. A
// subcommand is a file of this folder, and a line of the list below. It exports
//   summary   one line for the list of subcommands
//   help      what --help prints
//   options   as util.parseArgs takes them; --help comes by itself
//   run({ values, positionals, rest }): `rest` is what follows `--`. Resolves
//             with the exit code, if it is not a program's; throws a CommandError for what the user can mend

const { parseArgs } = require('node:util')
const { CommandError, UsageError } = require('./errors.js')

const commands = {
  'init-task': () => require('./init-task.js'),
  build: () => require('./build.js'),
  bench: () => require('./bench.js'),
  trace: () => require('./trace.js'),
  serve: () => require('./serve.js'),
}

function overview() {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(
    ([name, load]) => `  ${name.padEnd(width)}  ${load().summary}`,
  )
  return `Usage: heddle COMMAND [options]

${lines.join('\n')}

  --help       this text; heddle COMMAND --help says the rest
  --version    the version of heddle`
}

function readArguments(command, args) {
  const end = args.indexOf('--')
  const [own, rest] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } }
  try {
    return { ...parseArgs({ args: own, options, allowPositionals: true }), rest }
  } catch (error) {
    throw new UsageError(error.message)
  }
}

async function runCommand(name, args) {
  const command = commands[name]()
  const read = readArguments(command, args)
  if (read.values.help) {
    console.log(command.help)
    return 0
  }
  return await command.run(read)
}

/**
 * Runs a command line.
 * @param {string[]} args what follows `heddle`
 * @returns {Promise<number | undefined>} the exit code: 0, 1 when it failed, 2 for wrong usage; undefined
 *   where a program goes on that has its own
 */
async function main([name, ...args]) {
  if (name === undefined || name === '--help' || name === '-h') {
    console.log(overview())
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    console.log(require('../../package.json').version)
    return 0
  }
  if (!Object.hasOwn(commands, name)) {
    console.error(`heddle: there is no command '${name}'\n\n${overview()}`)
    return 2
  }
  try {
    return await runCommand(name, args)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    console.error(`heddle ${name}: ${error.message}`)
    if (error instanceof UsageError) console.error(`heddle ${name} --help says how it is used`)
    return error instanceof UsageError ? 2 : 1
  }
}

module.exports = { main }
