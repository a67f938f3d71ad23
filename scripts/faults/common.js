'use strict'
// What the programs of scripts/faults share.

/** Whole numbers below a bound: mulberry32. */
function generator(state) {
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % bound
  }
}

/** Waits for a condition, for a bounded time; gives whether it came. */
async function within(ms, condition) {
  const end = performance.now() + ms
  for (let waits = 0; !condition(); waits++) {
    if (performance.now() > end) return false
    await (waits < 20 ? new Promise(setImmediate) : new Promise((resolve) => setTimeout(resolve, 2)))
  }
  return true
}

/** Whether it is for want of memory, and for nothing else: of its own, or of the call that had started it. */
function isNoMemory(error) {
  if (error?.name === 'AbortError') return error.message === 'the Task is no longer needed'
  if (error instanceof AggregateError) return error.errors.some(isNoMemory) && error.errors.every(isPlanned)
  return error?.code === 'ERR_HEDDLE_NO_MEMORY'
}
const isPlanned = (error) => isNoMemory(error) || error?.code === 'ERR_PLANNED' || error?.message === 'no'

module.exports = { generator, isNoMemory, within }
