'use strict'
// heddle serve: a worker that runs what a module exports, for callers on other machines.

const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { isMaker } = require('../task/makers.js')
const { copyFor } = require('./copy.js')
const { CommandError, UsageError } = require('./errors.js')

const summary = 'serves the Tasks of a module to other machines, by BullMQ on Redis'

const help = `Usage: HEDDLE_REDIS_URL=redis://host:6379 heddle serve MODULE --queue NAME [options]

Runs the makers of Tasks that MODULE (CommonJS or an ES module) exports, under the names
of the exports, for callers that connect to the queue: thread() functions, what load()
gives, tasks of heddle/tasks. Other exports are not served. Needs the packages bullmq and
ioredis. Whoever can write to the queue in Redis can call what is served.

HEDDLE_REDIS_URL is a URL as redis://:password@host:6379/0, rediss:// for TLS, or the path
of a unix socket. SIGTERM and SIGINT end it gracefully: it takes no more, and what runs
ends; a second one ends it at once.

      --queue NAME        the queue; callers name it in connect()
      --redis URL         instead of HEDDLE_REDIS_URL. Others on this machine can read
                          arguments: a password belongs into the variable
      --threads N         as configure({ threads }): what runs at once
      --concurrency N     batches that are worked on at once; twice the threads by default
      --lock-duration MS  a worker that says nothing for so long counts as gone; 30000
      --files FOLDER      serves writeFile, too, for paths in FOLDER
      --timeout MS        what runs MS after a signal is stopped; 10000
      --quiet             no lines about what runs
  -h, --help              this text

The exit code is 0 after a signal, 1 when it cannot serve or a second signal came, and
2 when the command was not understood.`

const options = {
  queue: { type: 'string' },
  redis: { type: 'string' },
  threads: { type: 'string' },
  concurrency: { type: 'string' },
  'lock-duration': { type: 'string' },
  files: { type: 'string' },
  timeout: { type: 'string' },
  quiet: { type: 'boolean' },
}

const TIMEOUT_MS = 10_000

const say = (words) => process.stderr.write(`${new Date().toISOString()} heddle serve: ${words}\n`)

function integerOf(values, name, least) {
  const text = values[name]
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number < 2 ** 31) return number
  throw new UsageError(`--${name} must be an integer from ${least}, got '${text}'`)
}

function connectionOf({ redis }) {
  const url = redis ?? process.env.HEDDLE_REDIS_URL
  if (url === undefined || url === '') throw new UsageError('HEDDLE_REDIS_URL or --redis must say where Redis is')
  if (redis !== undefined && /\/\/[^/]*:[^/]+@/.test(redis)) {
    say('others on this machine can read the password in the arguments; HEDDLE_REDIS_URL hides it')
  }
  return url
}

/** The module's makers, by the names of their exports. */
async function makersOf(file) {
  let module
  try {
    module = await import(pathToFileURL(file).href)
  } catch (error) {
    throw new CommandError(`${file} cannot be loaded: ${error.stack ?? error}`, { cause: error })
  }
  // What a CommonJS module exports is its default; its names are not always found.
  const { default: main, ...named } = module
  const exported = { ...(typeof main === 'object' ? main : { default: main }), ...named }
  delete exported['module.exports'] // the same once more, on newer Nodes
  const makers = {}
  const others = []
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value === 'function' && isMaker(value)) makers[name] = value
    else if (value !== undefined) others.push(name)
  }
  if (others.length > 0) say(`not served, since they make no Tasks: ${others.join(', ')}`)
  if (Object.keys(makers).length === 0) {
    throw new CommandError(`${file} exports nothing that makes Tasks: thread() functions, what load() gives, tasks of heddle/tasks`)
  }
  return makers
}

/** Fulfils when a signal has come and all has ended; with the exit code. */
function untilSignal(server, timeout) {
  return new Promise((resolve) => {
    let isEnding = false
    const onSignal = (signal) => {
      say(`${signal}: ${isEnding ? 'ends at once' : 'takes no more, and ends what runs'}`)
      if (isEnding) process.exit(1)
      isEnding = true
      server.close({ timeout }).then(
        () => resolve(0),
        (error) => {
          say(error.stack)
          resolve(1)
        },
      )
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}

async function run({ values, positionals, rest }) {
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0 || rest.length > 0) throw new UsageError('one MODULE is wanted')
  if (values.queue === undefined) throw new UsageError('--queue NAME is missing')
  const file = path.resolve(name)
  if (!fs.existsSync(file)) throw new CommandError(`there is no module ${file}`)
  const connection = connectionOf(values)
  const threads = integerOf(values, 'threads', 1)
  const timeout = integerOf(values, 'timeout', 0) ?? TIMEOUT_MS
  const given = { queue: values.queue, connection }
  if (!values.quiet) given.log = say
  for (const [key, option] of [['concurrency', 'concurrency'], ['lockDuration', 'lock-duration']]) {
    const value = integerOf(values, option, 1)
    if (value !== undefined) given[key] = value
  }
  if (values.files !== undefined) given.files = path.resolve(values.files)
  let server
  try {
    if (threads !== undefined) copyFor(file).configure({ threads })
    server = copyFor(file, 'remote').serve(await makersOf(file), given)
  } catch (error) {
    if (!/^ERR_HEDDLE_/.test(error.code)) throw error
    throw new CommandError(error.message, { cause: error })
  }
  process.exit(await untilSignal(server, timeout)) // whatever the module has left open
}

module.exports = { summary, help, options, run }
