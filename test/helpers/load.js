'use strict'
// Work for fixtures: lists that keep the threads busy. No test in here.

const path = require('node:path')
const { configure, parallel, stats } = require('../../lib/index.js')
const { sleep, spin } = require('../../lib/testing.js')
const { writeFile } = require('../../lib/tasks.js')

const FOREVER = 24 * 3600 * 1000

/** Waits for a condition, one turn of the loop after the other; who waits in vain is ended by a time limit. */
async function until(condition) {
  while (!condition()) await new Promise(setImmediate)
}

/** Tasks that write a file each, named by a number. */
function writers(folder, count, name = 'file') {
  return Array.from({ length: count }, (_, i) => writeFile(path.join(folder, `${name}${i}`), 'x'))
}

/** As many endless sleeps as there are threads. */
function blockers() {
  return Array.from({ length: configure().threads }, () => sleep(FOREVER))
}

/**
 * Two tasks that write a file each and have run; then endless sleeps on all
 * threads; then 1,000 writers in the queue. Resolves once it is so.
 */
async function fill(folder) {
  await parallel(writers(folder, 2, 'ran'))
  parallel([...blockers(), ...writers(folder, 1000, 'queued')]).catch(() => {})
  await until(() => stats().queued === 1000 && stats().running === configure().threads)
}

/**
 * Keeps all threads busy with short tasks until it is stopped.
 * @returns {{promise: Promise<void>, stop: () => void}}
 */
function flood() {
  const controller = new AbortController()
  // 100 s of work, if nobody stops it.
  const list = Array.from({ length: 1e4 * configure().threads }, () => spin(10))
  const promise = parallel(list, { signal: controller.signal }).then(
    () => {
      throw new Error('the flood has run dry')
    },
    (error) => {
      if (error.name !== 'AbortError') throw error
    },
  )
  return { promise, stop: () => controller.abort() }
}

module.exports = { FOREVER, until, writers, blockers, fill, flood }
