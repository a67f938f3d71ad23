// fetch() with a time limit. Promise.race only stops waiting: the request goes on, and
// so does the server's work. A signal closes the connection, and the server sees it.

import { once } from 'node:events'
import { timeout } from 'heddle'
import { print, section } from './lib/print.mjs'
import { startServer } from './lib/server.mjs'

const LIMIT = 200
const times = { quick: 0, slow: 600, stuck: 3_600_000 }
const server = await startServer((path) => ({ ms: times[path], body: path }))

const gaveUp = (error) => print(`gave up: ${error.name}`)

await section('heddle: timeout, in time', async () => {
  const response = await timeout(({ signal }) => server.fetch('quick', { signal }), 60_000)
  print(`got ${await response.json()}`)
})

await section('Promise.race', async () => {
  const limit = new Promise((_resolve, reject) => {
    setTimeout(() => reject(new DOMException('too late', 'TimeoutError')), LIMIT)
  })
  await Promise.race([server.fetch('slow'), limit]).catch(gaveUp)
  await server.idle() // the server does the work all the same
})

await section('AbortSignal.timeout', async () => {
  const aborted = once(server, 'aborted')
  await server.fetch('stuck', { signal: AbortSignal.timeout(LIMIT) }).catch(gaveUp)
  await aborted
})

// The same for whatever takes a signal, a task on a thread or several fetches at once.
await section('heddle: timeout', async () => {
  const aborted = once(server, 'aborted')
  await timeout(({ signal }) => server.fetch('stuck', { signal }), LIMIT).catch(gaveUp)
  await aborted
})

server.stop()
