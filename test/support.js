'use strict'
// What several tests need. No test in here.

const { spawnSync } = require('node:child_process')
const { tracingChannel } = require('node:diagnostics_channel')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { configure, parallel, race, run, sequential, stats } = require('../lib/index.js')
const { sleep } = require('../lib/testing.js')
const { FOREVER, until } = require('./helpers/load.js')

const root = path.join(__dirname, '..')

/** What takes a list of Tasks and options, or can be made to. */
const combinators = {
  parallel,
  sequential,
  race,
  run: ([task], options) => run(task, options),
}

/** The numbers from 0. */
const range = (length) => Array.from({ length }, (_, i) => i)

/** Waits until nothing runs: what was stopped may still be on its way out. */
const idle = () => until(() => stats().running === 0 && stats().queued === 0)

/** Lets the loop go round, and microtasks run. */
async function turns(count = 3) {
  for (let i = 0; i < count; i++) await new Promise(setImmediate)
}

/** All members that ever went down to the engine, once they have ended. */
async function sent() {
  await idle()
  const { completed, failed, cancelled } = stats()
  return completed + failed + cancelled
}

/** Members that ran to an end. */
function ran() {
  const { completed, failed } = stats()
  return completed + failed
}

/** Keeps all threads busy until the function that it gives is called. */
async function hold() {
  const { threads } = configure()
  await idle()
  const controller = new AbortController()
  const list = Array.from({ length: threads }, () => sleep(FOREVER))
  const held = parallel(list, { signal: controller.signal, join: true, concurrency: Infinity })
  held.catch(() => {})
  await until(() => stats().running >= threads)
  return async () => {
    controller.abort()
    await held.catch(() => {})
  }
}

/** Uses one thread for the tests of a suite; the setting comes back after it. */
function withThreads(threads) {
  let before
  beforeEach(() => {
    before = configure().threads
    configure({ threads })
  })
  afterEach(() => configure({ threads: before }))
}

/** A folder for the tests of a suite: a function that joins names to it. */
function temporaryFolder() {
  let folder
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-')))
  })
  after(() => {
    try {
      fs.rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      // Windows keeps the file of a library that is loaded.
      if (process.platform !== 'win32' || error.code !== 'EPERM') throw error
    }
  })
  return (...names) => path.join(folder, ...names)
}

/** Runs a script in a process of its own. */
function child(script, { flags = [], env = {}, cwd = root, stdio = 'pipe' } = {}) {
  const options = {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio,
    maxBuffer: Infinity,
    timeout: 50_000,
    killSignal: 'SIGKILL',
  }
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, '-e', script],
    options,
  )
  return { status, signal, stdout, stderr }
}

/** A call that can be aborted, by a method of its own. */
function abortable(call, work, options) {
  const controller = new AbortController()
  const promise = call(work, { ...options, signal: controller.signal })
  promise.catch(() => {})
  return { promise, abort: (reason) => controller.abort(reason) }
}

/** Calls a function while each member settles, as `use` goes on; gives what that fulfils with. */
async function whenSettled(callback, use) {
  const handlers = { asyncEnd: callback }
  tracingChannel('heddle:member').subscribe(handlers)
  try {
    return await use()
  } finally {
    tracingChannel('heddle:member').unsubscribe(handlers)
  }
}

/** The error that a promise or Task rejects with. */
async function rejection(promise) {
  let value
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new Error(`it did not reject, but fulfilled with ${value}`)
}

module.exports = {
  FOREVER,
  root,
  combinators,
  range,
  abortable,
  until,
  idle,
  turns,
  sent,
  ran,
  hold,
  withThreads,
  temporaryFolder,
  child,
  whenSettled,
  rejection,
}
