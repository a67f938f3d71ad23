'use strict'
// The functions that programs run on threads. Each counts its runs in shared memory:
// `cells` at `slot`.

const KILL_AFTER = 5 // ms

/** New makers; `options` of all. */
function functions(thread, options) {
  const make = (fn, more) => thread(fn, { ...options, ...more })
  return {
    add: make((cells, slot, n) => {
      Atomics.add(cells, slot, 1)
      return n + 1
    }),
    echo: make((cells, slot, value) => {
      Atomics.add(cells, slot, 1)
      return value
    }),
    slow: make((cells, slot, n, ms) => {
      Atomics.add(cells, slot, 1)
      const end = performance.now() + ms
      while (performance.now() < end);
      return n
    }),
    later: make((cells, slot, n, ms) => {
      Atomics.add(cells, slot, 1)
      return new Promise((resolve) => setTimeout(resolve, ms, n))
    }),
    boom: make((cells, slot, n) => {
      Atomics.add(cells, slot, 1)
      throw new Error(`boom ${n}`)
    }),
    odd: make((cells, slot, n) => {
      Atomics.add(cells, slot, 1)
      throw [undefined, null, n, `text ${n}`, 10n, { n }][n % 6]
    }),
    polite: make(
      (cells, slot, n, ms, { signal, progress }) => {
        Atomics.add(cells, slot, 1)
        const end = performance.now() + ms
        while (performance.now() < end) {
          progress(0.5)
          signal.throwIfAborted()
        }
        return n
      },
      { context: true },
    ),
    hang: make(
      (cells, slot, n, ms) => {
        Atomics.add(cells, slot, 1)
        const end = performance.now() + ms
        while (performance.now() < end);
        return n
      },
      { killAfter: KILL_AFTER },
    ),
    again: make(
      (cells, slot, n) => {
        if (Atomics.add(cells, slot, 1) === 0) process.exit(4)
        return n
      },
      { idempotent: true },
    ),
    quit: make((cells, slot) => {
      Atomics.add(cells, slot, 1)
      process.exit(3)
    }),
  }
}

module.exports = { functions }
