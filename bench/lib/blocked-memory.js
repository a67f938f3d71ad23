'use strict'
// Measures, in a fresh process, what members cost while they are queued:
//
//   node --expose-gc blocked-memory.js heddle|rival COUNT
//
// All threads are blocked first, so that nothing of what is measured runs or
// ends. Native memory is the growth of the resident set less the growth of V8's
// own heap (total_physical_size: its pages that are resident; heapTotal would
// count reserved ones too), after a full collection before and after. It
// includes what malloc wastes. The process must be fresh, because malloc would
// give memory that an earlier round freed, which the resident set still counts.

const crypto = require('node:crypto')
const v8 = require('node:v8')
const { setImmediate: turn, setTimeout: pause } = require('node:timers/promises')

const BLOCK_MS = 3_000

function memory() {
  global.gc()
  global.gc()
  const heap = v8.getHeapStatistics()
  return {
    native: process.memoryUsage.rss() - heap.total_physical_size,
    js: heap.used_heap_size,
  }
}

async function heddle(count) {
  const { configure, parallel, stats, testing } = require('./heddle.js')
  const { threads } = configure()
  void parallel(Array.from({ length: threads }, () => testing.sleep(60_000)))
  while (stats().running < threads) await pause(1)
  const empty = memory()
  const tasks = Array.from({ length: count }, () => testing.noop())
  const before = memory()
  const promise = parallel(tasks)
  while (stats().queued < count) await turn()
  return { empty, before, after: memory(), keep: [tasks, promise] }
}

async function rival(count) {
  const { noop } = require('./rival.js')
  const { keyArguments, pbkdf2Iterations } = require('./calibrate.js')
  const key = keyArguments(pbkdf2Iterations(BLOCK_MS))
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
  let ended = 0
  for (let i = 0; i < threads; i++) {
    crypto.pbkdf2(...key, () => ended++)
  }
  const before = memory()
  const keep = Array.from({ length: count }, () => noop())
  const after = memory()
  await turn()
  if (ended > 0) throw new Error('the works did not stay queued: BLOCK_MS is too short')
  return { empty: before, before, after, keep }
}

async function main() {
  const [lane, count] = process.argv.slice(2)
  const { empty, before, after } = await { heddle, rival }[lane](Number(count))
  process.send({
    native: (after.native - before.native) / count,
    js: (after.js - empty.js) / count,
  })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
