'use strict'
// Runs one case in a process of its own: node child.js CASE [quick]

const { load } = require('./cases.js')

async function main() {
  const [name, mode] = process.argv.slice(2)
  const rows = await load(name).run({ quick: mode === 'quick' })
  process.send({ rows, cpu: process.cpuUsage() }, () => process.disconnect())
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
