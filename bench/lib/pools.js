'use strict'
// Pools of worker threads, all behind one interface: {run(name, value), close()},
// where run gives a promise of what the function `name` of bench/fixtures/work.cjs
// returns.

const os = require('node:os')
const path = require('node:path')
const { setTimeout: pause } = require('node:timers/promises')
const { configure, thread } = require('./heddle.js')

const MOST_CLOSING_MS = 1_000

const fixture = (name) => path.join(__dirname, '..', 'fixtures', name)

function piscina(threads) {
  const { Piscina } = require('piscina')
  const options = { minThreads: threads, maxThreads: threads, idleTimeout: Infinity }
  const pool = new Piscina({ filename: fixture('work-by-name.mjs'), ...options })
  return {
    run: (name, value, signal) => pool.run(value, { name, signal }),
    move: (buffer) => Piscina.move(buffer),
    close: () => pool.destroy(),
  }
}

async function tinypool(threads) {
  const { default: Tinypool } = await import('tinypool')
  const options = { minThreads: threads, maxThreads: threads, idleTimeout: Infinity }
  const filename = fixture('work-by-name.mjs')
  const pool = new Tinypool({ filename, runtime: 'worker_threads', ...options })
  return { run: (name, value) => pool.run(value, { name }), close: () => pool.destroy() }
}

function workerpool(threads) {
  const options = { minWorkers: threads, maxWorkers: threads, workerType: 'thread' }
  const pool = require('workerpool').pool(fixture('work-workerpool.cjs'), options)
  return { run: (name, value) => pool.exec(name, [value]), close: () => pool.terminate() }
}

function poolifier(threads) {
  const { FixedThreadPool } = require('poolifier')
  const pool = new FixedThreadPool(threads, fixture('work-poolifier.cjs'))
  // Right after work its destroy() may never settle, and keeps nothing alive meanwhile.
  const close = () => Promise.race([pool.destroy(), pause(MOST_CLOSING_MS)])
  return { run: (name, value) => pool.execute(value, name), close }
}

const pools = { piscina, tinypool, workerpool, poolifier }

/**
 * A side of a comparison for each pool, whose data has `threads`.
 * @param {string} name of the function
 * @param {(data: object) => unknown[]} valuesOf
 */
function poolSides(name, valuesOf) {
  const side = (open) => ({
    open: ({ threads }) => open(threads),
    run: (data, pool) => Promise.all(valuesOf(data).map((value) => pool.run(name, value))),
    close: (pool) => pool.close(),
  })
  return Object.fromEntries(Object.entries(pools).map(([pool, open]) => [pool, side(open)]))
}

/** The same claims against each pool. */
const againstPools = (claims) =>
  Object.fromEntries(Object.keys(pools).map((pool) => [pool, claims]))

/** A maker of Tasks of the same function, whose threads stay. */
const onThread = (name) => thread(fixture('work.cjs'), { name, idleTimeout: Infinity })

/** Our side: `run(values, maker)` with such a maker. */
const threadSide = (name, run) => ({
  open: () => onThread(name),
  run,
  close: (maker) => maker.close(),
})

/** As many threads for all sides. */
const sameThreads = () => configure({ threads: os.availableParallelism() }).threads

module.exports = { againstPools, fixture, onThread, pools, poolSides, sameThreads, threadSide }
