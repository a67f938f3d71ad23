'use strict'
// heddle: promise combinators that own their work. What a function needs is loaded
// when it is first called.

require('./external.js') // first: it says what is wrong in a bundle
const path = require('node:path')
const { AbortError, HeddleError, TimeoutError, UnrecoverableError } = require('./errors.js')
const { lately } = require('./late.js')
const { mapSkip, mapStop, previous } = require('./task/previous.js')
const { Task } = require('./task/task.js')

const { loaded, use } = lately(module, {
  parallel: () => require('./combinators/parallel.js').parallel,
  sequential: () => require('./combinators/sequential.js').sequential,
  race: () => require('./combinators/race.js').race,
  any: () => require('./combinators/any.js').any,
  allSettled: () => require('./combinators/allSettled.js').allSettled,
  allKeyed: () => require('./combinators/parallel.js').allKeyed,
  allSettledKeyed: () => require('./combinators/allSettled.js').allSettledKeyed,
  map: () => require('./combinators/map.js').map,
  stream: () => require('./combinators/stream.js').Stream,
  retry: () => require('./combinators/retry.js').retry,
  timeout: () => require('./combinators/timeout.js').timeout,
  delay: () => require('./combinators/delay.js').delay,
  run: () => require('./combinators/run.js').run,
  chain: () => require('./combinators/chain.js').chain,
  thread: () => require('./thread/index.js').thread,
  transfer: () => require('./thread/transfer.js').transfer,
  configure: () => require('./task/settings.js').configure,
  stats: () => require('./thread/figures.js').stats,
  load: () => require('./plugin/load.js').load,
  limiter: () => require('./limit/limiter.js').limiter,
  shutdown: () => require('./limit/shutdown.js').shutdown,
})

/** Loads a combinator. They never throw: where it cannot be loaded its calls reject. */
function loadCall(name) {
  try {
    return use(name)
  } catch (error) {
    return () => Promise.reject(error)
  }
}

/**
 * Runs all the work: Tasks over the cores, functions at once. Fulfils when all
 * is done, with the results in input order (or under the same keys); rejects
 * with the first failure and cancels the rest.
 */
function parallel(work, options) {
  return (loaded.parallel ?? loadCall('parallel'))(work, options, parallel)
}

/**
 * Runs the steps one after the other. Functions take the result of the step
 * before as their first argument; in a Task `previous` stands for it. Fulfils
 * with all results; rejects with the first failure, and later steps never start.
 */
function sequential(work, options) {
  return (loaded.sequential ?? loadCall('sequential'))(work, options, sequential)
}

/**
 * Runs the work and settles as the first member to settle; the others are
 * stopped. CPU work races among the members that have a thread.
 */
function race(work, options) {
  return (loaded.race ?? loadCall('race'))(work, options, race)
}

/**
 * Runs the work and fulfils as the first member to fulfil; the others are
 * stopped. Rejects with an AggregateError when all have failed.
 */
function any(work, options) {
  return (loaded.any ?? loadCall('any'))(work, options, any)
}

/**
 * Runs all the work. Fulfils when all is done, or when it is stopped, with
 * {status, value} or {status, reason} of each member.
 */
function allSettled(work, options) {
  return (loaded.allSettled ?? loadCall('allSettled'))(work, options, allSettled)
}

/**
 * As parallel(), over the own enumerable properties of any object, symbols
 * included; the results are in an object without prototype.
 */
function allKeyed(object, options) {
  return (loaded.allKeyed ?? loadCall('allKeyed'))(object, options, allKeyed)
}

/** As allSettled(), over what allKeyed() takes. */
function allSettledKeyed(object, options) {
  return (loaded.allSettledKeyed ?? loadCall('allSettledKeyed'))(object, options, allSettledKeyed)
}

/**
 * Calls the mapper with each item, some at a time, and fulfils with the results
 * in the items' order. The mapper may return any work. Items are pulled as there
 * is room for them.
 */
function map(items, mapper, options) {
  return (loaded.map ?? loadCall('map'))([items, mapper], options, map)
}

/**
 * Calls the mapper with each item, some at a time, and iterates over {index,
 * value} as they come. Items are pulled as results are taken.
 */
function stream(items, mapper, options) {
  return new (loaded.stream ?? use('stream'))(items, mapper, options)
}

/**
 * Calls a function until it fulfils, with growing waits between the attempts.
 * Rejects with the last attempt's error.
 */
function retry(fn, options) {
  return (loaded.retry ?? loadCall('retry'))(fn, options, retry)
}

/**
 * Runs one piece of work, and stops it when it takes too long.
 * @param {number | {milliseconds: number}} options ms, or options with them
 */
function timeout(work, options) {
  const given = typeof options === 'number' ? { milliseconds: options } : options
  return (loaded.timeout ?? loadCall('timeout'))(work, given, timeout)
}

/**
 * Fulfils with a value after some time, without a thread.
 * @param {number} ms
 * @param {unknown} [value]
 * @param {{signal?: AbortSignal, unref?: boolean}} [options]
 */
function delay(ms, value, options) {
  return (loaded.delay ?? loadCall('delay'))(ms, value, options)
}

/** Runs one Task with options; settles as it does. */
function run(task, options) {
  return (loaded.run ?? loadCall('run'))(task, options, run)
}

/**
 * One Task of several steps, which run one after the other on one thread; its
 * result is the last step's. The steps belong to the chain.
 */
function chain(...tasks) {
  return (loaded.chain ?? use('chain'))(tasks)
}

/**
 * Makes a JavaScript function into a maker of Tasks that run it on a worker
 * thread. See types/thread.d.ts.
 */
function thread(source, options = {}) {
  return (loaded.thread ?? use('thread'))(source, options, thread)
}

/**
 * Marks an argument of a thread function, or what it returns: the memory of
 * `list` is moved to the other side and gone here.
 */
function transfer(value, list) {
  return (loaded.transfer ?? use('transfer'))(value, list)
}

/** Sets how many tasks run at once, in the whole process. Returns the settings in force. */
function configure(options = {}) {
  return (loaded.configure ?? use('configure'))(options)
}

/** Figures of this environment's tasks since it began; times are sums in ms. */
function stats() {
  return (loaded.stats ?? use('stats'))()
}

/**
 * Makes a limiter, which bounds what runs across calls. See types/limiter.d.ts.
 * @param {{capacity?: number, capacityPerKey?: number, maxQueue?: number,
 *   interval?: number, intervalCapacity?: number}} options interval in ms
 */
function limiter(options) {
  return (loaded.limiter ?? use('limiter'))(options)
}

/**
 * Ends this thread's work gracefully: closes its limiters, waits until nothing is under way,
 * and ends JavaScript threads. Fulfils with whether all had ended by itself.
 * @param {{timeout?: number}} [options] ms
 */
function shutdown(options) {
  return (loaded.shutdown ?? loadCall('shutdown'))(options)
}

/** Loads a library of tasks, by its absolute path or a file: URL. */
function load(location) {
  return (loaded.load ?? use('load'))(location)
}

/** The folder of heddle.h, for compilers. */
const include = typeof __dirname === 'string' ? path.join(__dirname, '..', 'include') : ''

module.exports = {
  parallel,
  sequential,
  race,
  any,
  allSettled,
  allKeyed,
  allSettledKeyed,
  map,
  mapSkip,
  mapStop,
  stream,
  retry,
  timeout,
  delay,
  run,
  chain,
  previous,
  thread,
  transfer,
  limiter,
  shutdown,
  configure,
  stats,
  load,
  include,
  Task,
  HeddleError,
  AbortError,
  TimeoutError,
  UnrecoverableError,
}
