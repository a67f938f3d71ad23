'use strict'
// The same JavaScript function over a list: on threads through heddle's map and
// through pools, and inline, as it is without threads.

const { fasterByCores, noSlower } = require('./claims.js')
const { sameResults } = require('./functions.js')
const { map } = require('./heddle.js')
const { againstPools, poolSides, sameThreads, threadSide } = require('./pools.js')
const { comparison } = require('./kit.js')
const work = require('../fixtures/work.cjs')

const INLINE = 'Promise.all, inline'

/**
 * @param {object} spec
 * @param {string} spec.title
 * @param {string} spec.name of the function in bench/fixtures/work.cjs
 * @param {(count: number) => unknown[]} spec.values what it is called with
 * @param {(list: unknown[]) => string} spec.what
 * @returns {import('../harness/cases.js').Case}
 */
function onThreads({ title, name, values, what }) {
  const list = ({ list: given }) => given
  return comparison({
    group: 'CPU in JavaScript',
    title,
    setup: ({ quick }) => ({ threads: sameThreads(), list: values(quick ? 8 : 60) }),
    what: (data) => what(data.list),
    sides: () => ({
      heddle: threadSide(name, (data, task) => map(data.list, task)),
      [INLINE]: (data) => Promise.all(data.list.map(async (value) => work[name](value))),
      ...poolSides(name, list),
    }),
    rounds: ({ quick }) => (quick ? 1 : 9),
    check: sameResults,
    claims: {
      [INLINE]: fasterByCores(),
      ...againstPools([noSlower]),
    },
  })
}

module.exports = { onThreads }
