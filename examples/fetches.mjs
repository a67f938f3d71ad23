// Four fetches, of 1, 2, 1 and 2 seconds, at a tenth of the time: about 6 s when
// one waits for the other, about 2 s when all are under way at once.

import { parallel, sequential } from 'heddle'
import { print, section } from './lib/print.mjs'
import { startServer } from './lib/server.mjs'

const times = { a: 100, b: 200, c: 100, d: 200 }
const names = Object.keys(times)
const server = await startServer((name) => ({ ms: times[name], body: name }))

await section('for...of and await', async () => {
  const results = []
  for (const name of names) results.push(await server.json(name))
  print(`got ${results}`)
})

await section('heddle: sequential', async () => {
  const steps = names.map((name) => (_previous, { signal }) => server.json(name, { signal }))
  print(`got ${await sequential(steps)}`)
})

await section('Promise.all', async () => {
  const work = names.map((name) => server.json(name))
  print(`got ${await Promise.all(work)}`)
})

// Unlike Promise.all, parallel starts the functions itself: it can run a few of them
// at a time ({ concurrency: 2 }), and when one fails, the signal aborts the others.
await section('heddle: parallel', async () => {
  const work = names.map((name) => ({ signal }) => server.json(name, { signal }))
  print(`got ${await parallel(work)}`)
})

server.stop()
