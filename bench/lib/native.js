'use strict'
// Work that Node does in C, over a list: through heddle's tasks, and through Node's own
// functions in the ways that one would write it.

const os = require('node:os')
const { parallel } = require('./heddle.js')

const LIMITED = 'the same, p-limit at the cores'

const all = (call) => `Promise.all, ${call}`
const loop = (call) => `a loop of ${call}`

/**
 * Sides of a comparison whose data is the list.
 * @param {object} ways of doing it to one item
 * @param {(item: unknown) => object} ways.task a Task of heddle
 * @param {[string, (item: unknown) => Promise<unknown>]} ways.async Node's, with its name
 * @param {[string, (item: unknown) => unknown]} ways.sync
 */
function nativeSides({ task, async: [asyncName, call], sync: [syncName, callSync] }) {
  return {
    heddle: (list) => parallel(list.map((item) => task(item))),
    [all(asyncName)]: (list) => Promise.all(list.map((item) => call(item))),
    [LIMITED]: {
      open: async () => (await import('p-limit')).default,
      run(list, pLimit) {
        const limit = pLimit(os.availableParallelism())
        return Promise.all(list.map((item) => limit(call, item)))
      },
    },
    [loop(syncName)]: (list) => list.map((item) => callSync(item)),
  }
}

module.exports = { LIMITED, all, loop, nativeSides }
