// fetch() again when it fails. Its promise rejects only when no answer came: a 503 is
// an answer, so `response.ok` has to be looked at, or nothing is ever tried again.

import { setTimeout as wait } from 'node:timers/promises'
import { UnrecoverableError, retry } from 'heddle'
import { print, section } from './lib/print.mjs'
import { startServer } from './lib/server.mjs'

// Each path is busy twice before it answers; 'missing' is never there.
const server = await startServer((path, visit) => {
  if (path === 'missing') return { status: 404 }
  return visit <= 2 ? { status: 503 } : { body: `${path} at last` }
})

await section('fetch without a look at response.ok', async () => {
  const response = await server.fetch('unchecked')
  print(`fulfilled, with status ${response.status}: ok is ${response.ok}`)
  await response.text()
})

await section('a loop', async () => {
  const RETRIES = 3
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await server.fetch('loop')
      if (!response.ok) throw new Error(`status ${response.status}`)
      print(`got ${await response.json()}`)
      return
    } catch (error) {
      print(`attempt ${attempt}: ${error.message}`)
      if (attempt > RETRIES) throw error
      await wait(10 * 2 ** (attempt - 1))
    }
  }
})

const onFailedAttempt = ({ attemptNumber, error }) =>
  print(`attempt ${attemptNumber}: ${error.message}`)

await section('heddle: retry', async () => {
  const load = async ({ signal }) => {
    const response = await server.fetch('retry', { signal })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return response.json()
  }
  print(`got ${await retry(load, { retries: 3, minTimeout: 10, onFailedAttempt })}`)
})

// What is not there will not be there in a second either.
await section('heddle: retry, which gives up', async () => {
  const load = async ({ signal }) => {
    const response = await server.fetch('missing', { signal })
    if (response.status === 404) throw new UnrecoverableError('not there')
    if (!response.ok) throw new Error(`status ${response.status}`)
    return response.json()
  }
  const gaveUp = (error) => print(`gave up: ${error.message}`)
  await retry(load, { retries: 3, minTimeout: 10 }).catch(gaveUp)
})

server.stop()
