'use strict'
// What a JavaScript function on a thread costs when it does next to nothing: no-ops
// and small objects, through heddle's map and parallel and through other pools.

const { map, parallel } = require('../lib/heddle.js')
const { poolSides, sameThreads, threadSide } = require('../lib/pools.js')
const { comparison, faster, series } = require('../lib/kit.js')

const group = 'CPU in JavaScript'
const items = ({ list }) => list

/** A comparison over many small values. */
const fine = (title, name, value, ours, claims) =>
  comparison({
    group,
    title,
    unit: 'µs/task',
    setup: ({ quick }) => ({
      threads: sameThreads(),
      list: Array.from({ length: quick ? 2_000 : 20_000 }, (_, i) => value(i)),
    }),
    count: ({ list }) => list.length,
    sides: () => ({ heddle: threadSide(name, ours), ...poolSides(name, items) }),
    rounds: ({ quick }) => (quick ? 2 : 9),
    check(results) {
      for (const list of Object.values(results)) {
        if (name === 'sum' && list[7].sum !== 8) throw new Error('results differ')
      }
    },
    claims: Object.fromEntries(
      Object.entries(claims).map(([rival, factor]) => [rival, [faster(factor)]]),
    ),
  })

const identity = (i) => i
const object = (i) => ({ a: i, b: 1, name: 'a small object' })
const mapped = ({ list }, task) => map(list, task)
const tasks = ({ list }, task) => parallel(list.map((item) => task(item)))

module.exports = series({
  group,
  title: 'Threads: functions that do next to nothing',
  cases: [
    fine('no-op, map', 'noop', identity, mapped, { piscina: 50, tinypool: 50, poolifier: 15 }),
    fine('no-op, a Task each in parallel', 'noop', identity, tasks, {
      piscina: 25,
      tinypool: 25,
      poolifier: 7.5,
    }),
    fine('small objects in and out, map', 'sum', object, mapped, { piscina: 15 }),
  ],
})
