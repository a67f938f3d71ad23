'use strict'
// The most memory that a race of functions takes in a fresh process, in bytes:
//
//   node --expose-gc race-memory.js heddle|rival COUNT

const { race } = require('./heddle.js')
const { functions } = require('./functions.js')
const { peakMemory } = require('./kit.js')

const ways = {
  heddle: (fns) => race(fns),
  rival: (fns) => Promise.race(fns.map((fn) => fn())),
}

async function main([, , way, count]) {
  await ways[way](functions(Number(count)))
  process.send(peakMemory(), () => process.exit())
}

main(process.argv).catch((error) => {
  console.error(error)
  process.exit(1)
})
