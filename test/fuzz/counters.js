'use strict'
// Counts the runs of functions, on threads in shared memory.

const SLOTS = 4096

class Counters {
  constructor() {
    this.cells = new Int32Array(new SharedArrayBuffer(4 * SLOTS))
    this.most = []
    this.functions = []
  }

  /** The number of a counter that may come to `most`. */
  slot(most) {
    this.most.push(most)
    return this.most.length - 1
  }

  /** A counter of this thread. */
  runs(label, most) {
    const runs = { label, most, count: 0 }
    this.functions.push(runs)
    return runs
  }

  /** What has run too often, in words. */
  excess() {
    for (const [slot, most] of this.most.entries()) {
      if (this.cells[slot] > most) return `a thread function has run ${this.cells[slot]} times`
    }
    const often = this.functions.find(({ count, most }) => count > most)
    if (often) return `${often.label}: a function has run ${often.count} times`
  }
}

module.exports = { Counters }
