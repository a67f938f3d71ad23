// Saving the items of a list: with the bug of forEach and an async function, and
// right: one after the other, all at once, and a few at a time.

import { map, parallel, sequential } from 'heddle'
import { print, section } from './lib/print.mjs'
import { startServer } from './lib/server.mjs'

const items = [1, 2, 3, 4, 5]
const server = await startServer(() => ({ ms: 50, body: 'saved' }))

const save = (item, signal) => server.json(`${item}`, { method: 'POST', signal })

// forEach throws away the promises that the function returns: nothing waits for them,
// and an error in one of them ends the process.
await section('forEach with an async function', async () => {
  let saved = 0
  items.forEach(async (item) => {
    await save(item)
    saved++
  })
  print(`forEach is over: ${saved} saved`)
  await server.idle()
})

// ---- One after the other ----

await section('for...of and await', async () => {
  for (const item of items) await save(item)
  print('all saved')
})

await section('heddle: sequential', async () => {
  await sequential(items.map((item) => (_previous, { signal }) => save(item, signal)))
  print('all saved')
})

// ---- All at once ----

await section('Promise.all', async () => {
  await Promise.all(items.map((item) => save(item)))
  print('all saved')
})

await section('heddle: parallel', async () => {
  await parallel(items.map((item) => ({ signal }) => save(item, signal)))
  print('all saved')
})

// ---- Two at a time ----

await section('two loops that share a list', async () => {
  const shared = items.values()
  const loop = async () => {
    for (const item of shared) await save(item)
  }
  await Promise.all([loop(), loop()])
  print('all saved')
})

await section('heddle: map with concurrency', async () => {
  await map(items, (item, _index, { signal }) => save(item, signal), { concurrency: 2 })
  print('all saved')
})

server.stop()
