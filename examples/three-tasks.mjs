// Three tasks, of 5000, 3000 and 100 ms, at a tenth of the time: in parallel, one
// after the other, and raced.

import { delay, parallel, race, sequential } from 'heddle'
import { print, section } from './lib/print.mjs'

/** The plain way: it cannot be stopped. */
function plainTask(name, ms) {
  print(`start ${name}`)
  return new Promise((resolve) => {
    setTimeout(() => {
      print(`end ${name}`)
      resolve(name)
    }, ms)
  })
}

/** The same, stopped by a signal. */
async function task(name, ms, signal) {
  print(`start ${name}`)
  signal.addEventListener('abort', () => print(`stop ${name}`))
  await delay(ms, undefined, { signal })
  print(`end ${name}`)
  return name
}

const work = [
  ({ signal }) => task('slow', 500, signal),
  ({ signal }) => task('middle', 300, signal),
  ({ signal }) => task('quick', 10, signal),
]

await section('Promise.all', async () => {
  const tasks = [plainTask('slow', 500), plainTask('middle', 300), plainTask('quick', 10)]
  print(`got ${await Promise.all(tasks)}`)
})

await section('heddle: parallel', async () => {
  print(`got ${await parallel(work)}`)
})

await section('await after await', async () => {
  const results = [
    await plainTask('slow', 500),
    await plainTask('middle', 300),
    await plainTask('quick', 10),
  ]
  print(`got ${results}`)
})

// A step takes the result of the step before, and then the context.
await section('heddle: sequential', async () => {
  const steps = work.map((start) => (_previous, context) => start(context))
  print(`got ${await sequential(steps)}`)
})

// Nobody needs the two losers any more, and yet they run to their end.
await section('Promise.race', async () => {
  const tasks = [plainTask('slow', 500), plainTask('middle', 300), plainTask('quick', 10)]
  print(`first: ${await Promise.race(tasks)}`)
  await Promise.all(tasks)
})

// The losers are stopped. By `join` the race waits until they have, so it is over then.
await section('heddle: race', async () => {
  print(`first: ${await race(work, { join: true })}`)
})
