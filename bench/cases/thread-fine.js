'use strict'
// What a JavaScript function on a thread costs when it does next to nothing: no-ops
// and small objects, through heddle's map and parallel and through other pools.

const { configure, map, parallel, thread } = require('../lib/heddle.js')
const { fixture, pools } = require('../lib/pools.js')
const { measure, scaled } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

const claims = {
  map: { piscina: 50, tinypool: 50, poolifier: 15 },
  parallel: { piscina: 25, tinypool: 25, poolifier: 7.5 },
  objects: { piscina: 15 },
}

const object = (i) => ({ a: i, b: 1, name: 'a small object' })

function rows(samples, count, what, lane) {
  const us = (name) => scaled(samples[name], 1e3 / count)
  return Object.keys(pools).map((rival) =>
    row({
      what: `${what}`,
      unit: 'µs/task',
      ours: us(lane),
      theirs: us(rival),
      rival,
      claims: claims[lane][rival] === undefined ? [] : [faster(claims[lane][rival])],
    }),
  )
}

async function run({ quick }) {
  const { threads } = configure({ threads: 2 })
  const count = quick ? 5_000 : 20_000
  const rounds = quick ? 3 : 9
  const noop = thread(fixture('work.cjs'), { name: 'noop', idleTimeout: Infinity })
  const sum = thread(fixture('work.cjs'), { name: 'sum', idleTimeout: Infinity })
  const items = Array.from({ length: count }, (_, i) => i)
  const objects = items.map(object)
  const open = {}
  for (const [name, make] of Object.entries(pools)) open[name] = await make(threads)
  const theirs = (task, list) =>
    Object.fromEntries(
      Object.entries(open).map(([name, pool]) => [
        name,
        () => Promise.all(list.map((item) => pool.run(task, item))),
      ]),
    )
  const noops = await measure(
    {
      map: () => map(items, noop),
      parallel: () => parallel(items.map((item) => noop(item))),
      ...theirs('noop', items),
    },
    { rounds },
  )
  const small = await measure(
    { objects: () => map(objects, sum), ...theirs('sum', objects) },
    {
      rounds,
      check: (results) => {
        for (const list of Object.values(results)) {
          if (list[7].sum !== 8 || list.length !== count) throw new Error('results differ')
        }
      },
    },
  )
  for (const pool of Object.values(open)) await pool.close()
  await Promise.all([noop.close(), sum.close()])
  return [
    ...rows(noops, count, `no-op, map over ${count} items`, 'map'),
    ...rows(noops, count, 'no-op, one Task each in parallel', 'parallel'),
    ...rows(small, count, 'small objects in and out, map', 'objects'),
  ]
}

module.exports = { run }
