'use strict'
// Makes the calls of a program, and says what each has fulfilled with, in the order
// of its members.

const RETRY = { minTimeout: 1, retries: 2 }
const LIMIT_MS = 10

/** The options as heddle takes them: most often none at all. */
function givenOptions(world, { options, empty }) {
  return Object.keys(options).length > 0 || empty ? optionsOf(world, options) : undefined
}

function optionsOf(world, { signal, proxy, trap, progress, leave: _, retry, ...options }) {
  if (signal !== undefined) {
    const own = world.controllers[signal].signal
    options.signal = proxy ? new Proxy(own, { get: (target, key) => bound(target, key) }) : own
  }
  if (retry !== undefined) options.retry = { retries: retry, minTimeout: 1 }
  if (progress) {
    const reached = world.hook(progress.hook)
    options.onProgress = () => {
      reached()
      if (progress.throws) throw new Error('progress')
    }
  }
  if (!trap) return options
  const reached = world.hook(trap)
  const get = (target, key) => {
    reached()
    return target[key]
  }
  return new Proxy(options, { get })
}

function bound(target, key) {
  const value = target[key]
  return typeof value === 'function' ? value.bind(target) : value
}

/** A list in the shape that the call names. */
function shaped(list, shape) {
  switch (shape) {
    case 'iterator':
    case 'async':
      return list.values()
    case 'object':
      return Object.fromEntries(list.map((item, i) => [`key${i}`, item]))
    case 'proxy':
      return new Proxy(list, {})
    default:
      return list
  }
}

/** Items by an iterator of which the world is told when it opens and closes. */
function* source(world, items, { shape, pull }) {
  world.sources++
  try {
    const reached = world.hook(pull)
    for (const item of items) {
      reached()
      yield item
    }
    if (shape.startsWith('failing')) throw new Error('source')
  } finally {
    world.sources--
  }
}

async function* slowly(iterator) {
  for (const item of iterator) {
    await null
    yield item
  }
}

async function* asynchronous(items) {
  for (const item of items) yield item
}

const KEYS = ['a', '1', 'b', '__proto__']

/** An object for allKeyed(), with a symbol. */
function keyedOf(list, shape) {
  const keys = list.map((_, i) => (i === list.length - 1 ? Symbol('last') : `k${KEYS[i] ?? i}`))
  const object = Object.fromEntries(list.map((item, i) => [keys[i], item]))
  return shape === 'proxy' ? new Proxy(object, {}) : object
}

/** The items of map and stream. */
function itemsOf(world, call) {
  const { members: list, shape } = call
  const items = list.map((_, i) => i)
  if (shape?.endsWith('slow source')) return slowly(source(world, items, call))
  if (shape?.endsWith('source')) return source(world, items, call)
  if (shape === 'async') return asynchronous(items)
  return shape === 'object' ? new Set(items) : shaped(items, shape)
}

async function streamed(heddle, items, mapper, options, leave = Infinity) {
  const results = []
  for await (const { index, value } of heddle.stream(items, mapper, options)) {
    if (results.some((result) => result.index === index))
      throw new Error(`index ${index} came twice`)
    if (options?.ordered && index <= (results.at(-1)?.index ?? -1))
      throw new Error(`index ${index} at ${results.length}`)
    results.push({ index, value })
    if (results.length > leave) return { results, left: true }
  }
  return { results, left: false }
}

/** A Task or promise; what could not be made is a rejection. */
function asked(members, i) {
  const member = members(i)
  return typeof member === 'function' ? Promise.resolve().then(member) : member
}

/** Starts a call; the promise is of an array of values, or of one value. */
function start(world, call, members) {
  const { heddle } = world
  const { how, shape } = call
  const options = givenOptions(world, call)
  // Members are made when the mapper is called.
  const mapper = (i) => members(i)
  switch (how) {
    case 'map':
      return heddle.map(itemsOf(world, call), mapper, options)
    case 'stream':
      return streamed(heddle, itemsOf(world, call), mapper, options, call.options.leave)
    case 'run': {
      const task = asked(members, 0)
      return task instanceof heddle.Task ? heddle.run(task, options) : task
    }
    case 'then':
      return asked(members, 0).then((value) => value)
    case 'timeout':
      return heddle.timeout(members(0), { ...options, milliseconds: LIMIT_MS })
    case 'retry':
      return heddle.retry(members(0), { ...options, ...RETRY })
    case 'Promise.all':
      return Promise.all(call.members.map((_, i) => asked(members, i)))
    case 'allKeyed':
    case 'allSettledKeyed': {
      const list = call.members.map((_, i) => members(i))
      return heddle[how](keyedOf(list, shape), options)
    }
    default:
      return heddle[how](
        shaped(
          call.members.map((_, i) => members(i)),
          shape,
        ),
        options,
      )
  }
}

/** Whether a call gives an array or object of its members' results. */
const givesAll = ({ how }) => !['race', 'any', 'run', 'then', 'timeout', 'retry'].includes(how)

module.exports = { start, givesAll }
