'use strict'
// Time that the garbage collector took from the main thread.

const { PerformanceObserver } = require('node:perf_hooks')
const { setTimeout: pause } = require('node:timers/promises')

/** Records collections until stop(), which tells what part of a span they took. */
function watchCollections() {
  const collections = []
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  return {
    /** @returns {Promise<(from: number, to: number) => number>} ms */
    async stop() {
      await pause(20) // entries come a little later
      observer.disconnect()
      return (from, to) => {
        let sum = 0
        for (const { startTime, duration } of collections) {
          sum += Math.max(0, Math.min(to, startTime + duration) - Math.max(from, startTime))
        }
        return sum
      }
    },
  }
}

module.exports = { watchCollections }
