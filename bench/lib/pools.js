'use strict'
// Pools of worker threads, all behind one interface: {run(name, value), close()},
// where run gives a promise of what the function `name` of bench/fixtures/work.cjs
// returns.

const path = require('node:path')

const fixture = (name) => path.join(__dirname, '..', 'fixtures', name)

function piscina(threads) {
  const { Piscina } = require('piscina')
  const options = { minThreads: threads, maxThreads: threads, idleTimeout: Infinity }
  const pool = new Piscina({ filename: fixture('work-by-name.mjs'), ...options })
  const move = (buffer) => Piscina.move(buffer)
  return { run: (name, value) => pool.run(value, { name }), move, close: () => pool.destroy() }
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
  const close = async () => {
    const alive = setInterval(() => {}, 1000) // it does not keep the loop alive meanwhile
    await pool.destroy()
    clearInterval(alive)
  }
  return { run: (name, value) => pool.execute(value, name), close }
}

module.exports = { pools: { piscina, tinypool, workerpool, poolifier }, fixture }
