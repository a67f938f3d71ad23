'use strict'
// One sample of a paired case, in this process; sends a time for each size:
//
//   node --expose-gc pair.js '{"file", "name", "side": "ours" | "theirs", "quick", "bytes"}'

const { fill, sample } = require('./paired.js')

async function main({ file, name, side, quick, bytes }) {
  const live = bytes > 0 ? fill(bytes) : []
  const times = await sample(require(file).subjects[name], side, { quick })
  process.send(times, () => process.exit(live.length < 0 ? 1 : 0)) // they live until here
}

main(JSON.parse(process.argv[2])).catch((error) => {
  process.send({ error: error.stack ?? String(error) }, () => process.exit(1))
})
