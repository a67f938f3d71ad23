'use strict'
// Measures in a fresh process by how much the resident set grows at most while a
// way waits for its members, in bytes a member:
//
//   node --expose-gc member-memory.js WAY COUNT
//
// A few members are waited for first: what loading and starting takes is not counted.

const { peakMemory } = require('./kit.js')
const { ways } = require('./members.js')

async function main() {
  const [name, count] = process.argv.slice(2)
  const way = ways[name]
  const tool = await way.open?.()
  await way.run(100, tool)
  global.gc()
  const before = process.memoryUsage.rss()
  await way.run(Number(count), tool)
  process.send(Math.max(0, peakMemory() - before) / count, () => process.exit())
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
