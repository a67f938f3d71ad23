'use strict'
// heddle/trace: what ran, when and where.

const { lately } = require('./late.js')

const { loaded, use } = lately(module, {
  trace: () => require('./trace/recording.js').trace,
})

/**
 * Records what this environment runs, until it is stopped. See types/trace.d.ts.
 * @param {{members?: number}} [options] how many members and calls are kept; more are counted
 * @returns {Recording}
 */
function trace(options) {
  return (loaded.trace ?? use('trace'))(options)
}

module.exports = { trace }
