'use strict'
// thread(): makers of Tasks that run a JavaScript function on a worker thread.

require('../task/start.js')
const { callSite, define, misuse, typeError } = require('../errors.js')
const { addMaker } = require('../task/makers.js')
const { checkMs } = require('../call/options.js')
const { Task } = require('../task/task.js')
const { bare, ownOf } = require('../task/own.js')
const { ThreadGroup } = require('./group.js')
const { closedError } = require('./errors.js')
const { Kind } = require('./kind.js')
const { Pace } = require('./lane.js')
const { host } = require('./host.js')
const { readSource } = require('./source.js')

const KILL_AFTER_MS = 100

const checkTime = (what, value) => checkMs('thread', what, value)

function checkName(what, value) {
  if (typeof value !== 'string' || value === '') {
    throw typeError('thread', what, 'a string that is not empty', value)
  }
}

function checkBoolean(what, value) {
  if (typeof value !== 'boolean') throw typeError('thread', what, 'a boolean', value)
}

// worker_threads checks these itself, when a thread starts.
function unchecked() {}

const checks = {
  name: checkName,
  context: checkBoolean,
  idempotent: checkBoolean,
  killAfter: checkTime,
  idleTimeout: checkTime,
  workerData: unchecked,
  env: unchecked,
  execArgv: unchecked,
  resourceLimits: unchecked,
}

function checkOptions(options) {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw typeError('thread', 'options', 'an object', options)
  }
  const checked = ownOf(options, (key) => {
    if (Object.hasOwn(checks, key)) return
    const names = Object.keys(checks).join(', ')
    throw misuse(`thread: there is no option '${key}'; it takes ${names}`)
  })
  for (const key of Object.keys(checked)) checks[key](`option "${key}"`, checked[key])
  return checked
}

let ids = 0

/** By which stacks name a sent function; blanks and quotes would end a sourceURL. */
const urlOf = (id, name) => `heddle-thread-${id}:${name.replace(/[\s'"`()\\\p{C}]/gu, '_')}`

function newDefinition(source, options, site) {
  const { context = false, idempotent = false, killAfter = KILL_AFTER_MS } = options
  const { name, spec, text } = readSource(source, options.name)
  const id = ++ids
  return bare({
    name,
    id,
    site, // where thread() was called
    text, // of a function
    place: undefined, // of that, in a file, once it is known; null if it is not
    Group: ThreadGroup,
    positional: Infinity, // any argument may be `previous`
    spec: { ...spec, id, context, url: urlOf(id, name) },
    kind: Kind.of(options),
    pace: new Pace(),
    convert: undefined, // of results, where it stands for a native task
    idempotent,
    killAfter, // ms
    moves: false, // an argument was to be transferred
    groups: new Set(), // that have members of it
    active: 0, // members that have not ended
    closed: false,
    idle: null, // called when there are none
  })
}

/** A function is called no more. @returns whether it was the last one of its kind */
function forget({ id, kind }) {
  host.forget(id)
  if (--kind.functions > 0) return false
  kind.forget()
  return true
}

// Functions that were collected. Those of their kind may come again: idle threads stay.
const dropped = new FinalizationRegistry(forget)

/** Waits until nothing of the function is under way; then its threads may end. */
async function close(definition) {
  definition.closed = true
  definition.ended ??= new Promise((resolve) => {
    definition.idle = resolve
    if (definition.active === 0) resolve()
  }).then(async () => {
    dropped.unregister(definition)
    if (forget(definition)) await host.endIdle(definition.kind)
  })
  return definition.ended
}

async function terminate(definition) {
  definition.closed = true
  host.collect(definition)
  const ends = [...definition.groups].flatMap((group) => group.terminate(definition))
  await Promise.all(ends)
  return close(definition)
}

/**
 * Makes a JavaScript function into a maker of Tasks that run it on a worker
 * thread. See types/thread.d.ts.
 */
function thread(source, options = {}, caller = thread) {
  const definition = newDefinition(source, checkOptions(options), { stack: callSite(caller).stack }) // in words: frames hold objects
  const { id, kind } = definition
  kind.functions++
  dropped.register(definition, { id, kind }, definition)
  const make = (...args) => {
    if (definition.closed) throw closedError(definition)
    return new Task(definition, args)
  }
  define(make, 'name', definition.name, false)
  define(make, 'close', () => close(definition))
  define(make, 'terminate', () => terminate(definition))
  if (Symbol.asyncDispose !== undefined) define(make, Symbol.asyncDispose, make.close)
  return addMaker(make) // as a mapper it takes the item alone
}

/**
 * The same for a module of heddle's own: what gives a Task of its arguments.
 * @param {(value: unknown) => unknown} convert is given each result
 */
function threadOf(url, name, convert) {
  const definition = newDefinition(url, { name, idempotent: true }, callSite(threadOf))
  definition.kind.functions++
  definition.convert = convert
  return (args) => new Task(definition, args)
}

module.exports = { thread, threadOf }
