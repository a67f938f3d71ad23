'use strict'
// What tests of threads share. No test in here.

const { thread } = require('heddle')

/** Functions for threads that tests control through shared memory. */
const gate = {
  /** Counts in cell 0, waits in the thread until cell 1 is set. */
  wait: (cells, value) => {
    Atomics.add(cells, 0, 1)
    Atomics.notify(cells, 0)
    Atomics.wait(cells, 1, 0)
    return value
  },
  /** Counts in cell 0 and never ends. */
  loop: (cells) => {
    Atomics.add(cells, 0, 1)
    for (;;);
  },
}

const newCells = (count = 4) => new Int32Array(new SharedArrayBuffer(4 * count))

function open(cells) {
  Atomics.store(cells, 1, 1)
  Atomics.notify(cells, 1)
}

/** thread() of a function; closed with all its work after the suite. */
function forSuite(source, options) {
  const make = thread(source, options)
  after(() => make.terminate())
  return make
}

module.exports = { gate, newCells, open, forSuite }
