'use strict'
// Ways to break heddle, to see that the fuzzer finds each.

const mutants = {
  /** parallel forgets its last result. */
  drops(heddle) {
    const { parallel } = heddle
    heddle.parallel = async (...args) => {
      const results = await parallel(...args)
      if (Array.isArray(results) && results.length > 1) results[results.length - 1] = undefined
      return results
    }
  },

  /** race dies. */
  crashes(heddle) {
    heddle.race = () => process.kill(process.pid, 'SIGKILL')
  },

  /** run never settles when it has a signal. */
  hangs(heddle) {
    const { run } = heddle
    heddle.run = (task, options) => (options?.signal ? new Promise(() => {}) : run(task, options))
  },

  /** sequential calls its functions twice. */
  repeats(heddle) {
    const { sequential } = heddle
    const twice = (work) =>
      typeof work === 'function' ? (...args) => [work(...args), work(...args)][0] : work
    heddle.sequential = (list, ...rest) =>
      sequential(Array.isArray(list) ? list.map(twice) : list, ...rest)
  },

  /** allSettled leaves a listener on the signal. */
  listens(heddle) {
    const { allSettled } = heddle
    heddle.allSettled = (list, options) => {
      options?.signal?.addEventListener('abort', () => {})
      return allSettled(list, options)
    }
  },

  /** parallel without options calls a function again that gives a Task. */
  restarts(heddle) {
    const { parallel, Task } = heddle
    const again = (work) => (context) => {
      const value = work(context)
      return value instanceof Task ? work(context) : value
    }
    heddle.parallel = (list, options) => {
      if (options !== undefined || !Array.isArray(list)) return parallel(list, options)
      const wrap = (work) => (typeof work === 'function' ? again(work) : work)
      return parallel(list.map(wrap))
    }
  },

  /** map keeps what its mapper skips. */
  keeps(heddle) {
    const { map, mapSkip } = heddle
    heddle.map = (items, mapper, ...rest) => {
      const kept = (value) => (value === mapSkip ? undefined : value)
      return map(items, (...args) => kept(mapper(...args)), ...rest)
    }
  },

  /** map does not close its source. */
  opens(heddle) {
    const { map } = heddle
    heddle.map = (items, ...rest) => {
      if (!items.next || items[Symbol.asyncIterator]) return map(items, ...rest)
      return map({ [Symbol.iterator]: () => ({ next: () => items.next() }) }, ...rest)
    }
  },
}

module.exports = { mutants }
