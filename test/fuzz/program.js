'use strict'
// What a program is: plain data that fast-check generates and shrinks.
//
//   program  { threads, tasks, steps }; `tasks` are shared: made once, used by number
//   task     { make, n, ... }
//   member   { is, ... }: what stands in the list of a call
//   step     { op, ... }: a call, an abort, a pause, a change of the surroundings
//
// A hook is a list of steps that run the first time that heddle reaches a place where
// user code may run.

const fc = require('fast-check')

const CONTROLLERS = 3
const MOST_TASKS = 5
const PROMISES = 4 // that calls have in common
const keyed = ['allKeyed', 'allSettledKeyed']
const mapped = ['map', 'stream']
const lists = ['parallel', 'allSettled', 'sequential', 'race', 'any', ...mapped, ...keyed]
const single = ['run', 'then', 'timeout', 'retry']
const calls = [...lists, ...single, 'Promise.all']

// Iterators that ask first, and may fail at their end.
const SOURCES = ['source', 'failing source', 'slow source', 'failing slow source']

const number = fc.nat(99)
const ms = fc.nat(8)

const defined = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

/** Once in four. */
function sometimes(arbitrary) {
  return fc.tuple(fc.nat(3), arbitrary).map(([n, value]) => (n === 3 ? value : undefined))
}

/** A record whose fields are each there once in four. */
function rare(fields) {
  const pairs = Object.entries(fields).map(([key, value]) => [key, sometimes(value)])
  return fc.record(Object.fromEntries(pairs)).map(defined)
}

/** A record with a constant tag, needed fields, and rare ones. */
function node(tag, needed = {}, optional = {}) {
  const [[key, value]] = Object.entries(tag)
  return fc
    .tuple(fc.record({ [key]: fc.constant(value), ...needed }), rare(optional))
    .map(([always, more]) => ({ ...always, ...more }))
}

const choice = (...options) =>
  fc.oneof(
    { withCrossShrink: true },
    ...options.map((option) => {
      return Array.isArray(option)
        ? { weight: option[0], arbitrary: option[1] }
        : { weight: 2, arbitrary: option }
    }),
  )

/** A thread function's Task; `own`: of the functions that the program may close. */
const threaded = (fn, weight, hook, fields = {}) => [
  weight,
  node(
    { make: 'thread' },
    { fn: fc.constant(fn), n: number, ...fields },
    { own: fc.constant(true), ...hook },
  ),
]

const by = fc.constantFrom('value', 'function', 'promise')
const link = fc.constantFrom('hash', 'crc32', 'gzip', 'echo')

function taskOf(hooks) {
  const trap = hooks ? { trap: hooks } : {}
  const start = choice(
    node({ make: 'hash' }, { n: number }, { buffer: fc.constant(true) }),
    node({ make: 'gzip' }, { n: number }, { buffer: fc.constant(true) }),
    threaded('echo', 2, {}),
  )
  return choice(
    [3, node({ make: 'noop' })],
    [3, node({ make: 'hash' }, { n: number })],
    node({ make: 'crc32' }, { n: number }),
    [1, node({ make: 'sort' }, { n: number })],
    node({ make: 'gzip' }, { n: number }, { buffer: fc.constant(true) }),
    [1, node({ make: 'gunzip' }, { n: number }, { bad: fc.constant(true) })],
    [3, node({ make: 'sleep' }, { ms })],
    [1, node({ make: 'spin' }, { ms: fc.nat(3) })],
    [1, node({ make: 'file' }, { n: number }, { missing: fc.constant(true) })],
    node(
      { make: 'chain' },
      { first: start, links: fc.array(link, { minLength: 1, maxLength: 3 }) },
    ),
    threaded('add', 3, {}),
    threaded('echo', 2, trap),
    threaded('slow', 2, {}, { ms }),
    threaded('later', 2, {}, { ms }),
    threaded('boom', 1, {}),
    threaded('odd', 1, {}),
    threaded('polite', 1, {}, { ms }),
    threaded('hang', 1, {}, { ms: fc.constantFrom(10, 120) }),
    threaded('again', 1, {}),
    threaded('quit', 1, {}),
  )
}

function memberOf(task, hooks) {
  const hook = hooks ? { hook: hooks } : {}
  return choice(
    [2, node({ is: 'value' }, { n: number })],
    [5, node({ is: 'shared' }, { i: fc.nat(MOST_TASKS - 1) })],
    [4, node({ is: 'task' }, { task })],
    [3, node({ is: 'function' }, { n: number }, { ms, heeds: fc.constant(true), ...hook })],
    [1, node({ is: 'function' }, { fails: fc.integer({ min: 1, max: 3 }), n: number }, hook)],
    [2, node({ is: 'function' }, { i: fc.nat(MOST_TASKS - 1) }, hook)],
    [1, node({ is: 'function' }, { task }, hook)],
    [1, node({ is: 'previous' }, { link })],
    [2, node({ is: 'common' }, { p: fc.nat(PROMISES - 1) })],
    [3, node({ is: 'skip' }, { by })],
    [1, node({ is: 'stop' }, { by })],
    [1, node({ is: 'promise' }, { n: number }, { ms, fails: fc.constant(true) })],
    [
      2,
      node(
        { is: 'thenable' },
        { n: number, how: fc.constantFrom('once', 'twice', 'throws late', 'nests', 'later') },
        hook,
      ),
    ],
    [1, node({ is: 'thenable' }, { n: number, how: fc.constantFrom('throws', 'rejects') }, hook)],
  )
}

function optionsOf(hooks) {
  const optional = {
    signal: fc.nat(CONTROLLERS - 1),
    proxy: fc.constant(true),
    concurrency: fc.integer({ min: 1, max: 4 }),
    timeout: fc.integer({ min: 1, max: 25 }),
    itemTimeout: fc.integer({ min: 1, max: 15 }),
    retry: fc.nat(3),
    stopOnError: fc.constant(false),
    join: fc.constant(true),
    copy: fc.constant(true),
    priority: fc.integer({ min: -2, max: 2 }),
    ordered: fc.constant(true),
    backpressure: fc.integer({ min: 1, max: 4 }),
    leave: fc.nat(3),
  }
  if (hooks) {
    optional.trap = hooks
    optional.progress = fc.record({ hook: hooks, throws: fc.boolean() }, { requiredKeys: ['hook'] })
  }
  return rare(optional)
}

const applies = {
  concurrency: ['parallel', 'race', 'any', 'allSettled', ...mapped, ...keyed],
  timeout: [...lists, 'run', 'retry'],
  itemTimeout: [...lists, 'run', 'retry'],
  retry: lists,
  stopOnError: ['parallel', 'map', 'allKeyed'],
  copy: [...lists, 'run'],
  progress: [...lists, 'run'],
  priority: [...lists, ...single],
  ordered: ['stream'],
  backpressure: ['stream'],
  leave: ['stream'],
  join: [...lists, ...single],
}

/** Leaves out what would be refused, since it does not apply. */
function valid(call) {
  const { how } = call
  let { members } = call
  if (how !== 'sequential')
    members = members.map((m) => (m.is === 'previous' ? { is: 'value', n: 0 } : m))
  if (!mapped.includes(how))
    members = members.map((m) => (m.is === 'skip' || m.is === 'stop' ? { is: 'value', n: 0 } : m))
  members = members.map((m, i) => (m.is === 'previous' && i === 0 ? { is: 'value', n: 0 } : m))
  if (single.includes(how)) members = [members[0]]
  if (how === 'run' || how === 'then') {
    if (members[0].is !== 'task') members = [{ is: 'shared', i: members[0].i ?? 0 }]
  } else if (how === 'retry') {
    if (members[0].is !== 'function') members = [{ is: 'function', n: members[0].n ?? 0 }]
  } else if (how === 'Promise.all') {
    members = members.map((m) => (m.is === 'function' ? { is: 'value', n: 0 } : m))
  }
  const given = how === 'then' || how === 'Promise.all' ? [] : Object.entries(call.options)
  const options = Object.fromEntries(given.filter(([key]) => applies[key]?.includes(how) ?? true))
  const tasks = members.some((m) => ['shared', 'task', 'previous'].includes(m.is))
  if (tasks) delete options.retry
  const { pull, ...rest } = call
  const source = mapped.includes(how) ? { pull } : {}
  if (how !== 'map' && how !== 'stream' && SOURCES.includes(call.shape)) delete rest.shape
  return defined({ ...rest, ...source, members, options })
}

function callOf(task, hooks) {
  const call = node(
    { op: 'call' },
    {
      how: fc.constantFrom(...calls),
      members: fc.array(memberOf(task, hooks), { minLength: 1, maxLength: 6 }),
      // What has no options takes ways of its own.
      options: fc.oneof(fc.constant({}), optionsOf(hooks)),
    },
    {
      shape: fc.constantFrom('iterator', 'object', 'async', 'proxy', ...SOURCES, ...SOURCES),
      twice: fc.constant(true),
      empty: fc.constant(true),
      ...(hooks ? { pull: hooks } : {}),
    },
  )
  return call.map(valid)
}

function stepsOf(depth) {
  const hooks = depth > 0 ? stepsOf(depth - 1) : undefined
  const task = taskOf(hooks)
  const common = [
    [12, callOf(task, hooks)],
    [
      4,
      node(
        { op: 'abort' },
        {
          i: fc.nat(CONTROLLERS - 1),
          reason: fc.constantFrom('error', 'default', 'null', 'symbol'),
        },
      ),
    ],
    [1, node({ op: 'threads' }, { n: fc.integer({ min: 1, max: 4 }) })],
    [1, node({ op: 'close' }, { now: fc.boolean() })],
    [
      1,
      node(
        { op: 'trace' },
        { what: fc.constantFrom('call', 'member'), on: fc.boolean() },
        hooks ? { hook: hooks } : {},
      ),
    ],
    [1, node({ op: 'detach' }, { i: fc.nat(MOST_TASKS - 1) })],
  ]
  if (depth === 2) {
    common.push([4, node({ op: 'pause' }, { ms: fc.integer({ min: -2, max: 12 }) })])
    common.push([
      1,
      node(
        { op: 'worker' },
        { ms: fc.nat(60), end: fc.constantFrom('terminate', 'exit', 'natural') },
      ),
    ])
  }
  const most = depth === 2 ? 8 : 2
  return fc.array(choice(...common), { minLength: depth === 2 ? 1 : 0, maxLength: most })
}

/** The programs. */
const programs = fc.record({
  threads: fc.integer({ min: 1, max: 4 }),
  tasks: fc.array(taskOf(stepsOf(0)), { minLength: 1, maxLength: MOST_TASKS }),
  steps: stepsOf(2),
})

/** The task that a member or step names by number. */
const sharedIndex = (program, i) => i % program.tasks.length

module.exports = { programs, sharedIndex, CONTROLLERS, PROMISES }
