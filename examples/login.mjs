// A login that checks a password takes 0.2 s of CPU. 40 clients ask for one and leave:
// plain Node works it all off before the next client gets its turn. With heddle the
// work of those that have left is dropped. Each server is a process of its own.
//
//   node examples/login.mjs [--clients 40] [--rounds 1] [--json results.json]

import { fork } from 'node:child_process'
import { scrypt as scryptOfNode } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import { createServer } from 'node:http'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { run } from 'heddle'
import { scrypt } from 'heddle/tasks'
import { print, section } from './lib/print.mjs'

const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 } // 64 MiB for each

const ways = {
  'plain Node': () => promisify(scryptOfNode)('password', 'salt', 64, COST),
  heddle: (signal) => run(scrypt('password', 'salt', 64, COST), { signal }),
}

/** Answers when the password has been checked, and tells the parent of each request. */
function serve(check) {
  const server = createServer(async (_request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const key = check(gone.signal)
    process.send({ asked: true })
    await key.then(
      () => response.end('welcome'),
      () => response.destroy(), // nobody waits for it
    )
  })
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
}

/** Seconds until the next client is served. */
async function measure(way, clients) {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', way])
  const [{ port }] = await once(child, 'message')
  const login = async (options) => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', ...options })).text()

  await login() // the first one loads and warms up
  const leaving = new AbortController()
  let asked = 0
  const allAsked = new Promise((resolve) => child.on('message', () => ++asked === clients && resolve()))
  const crowd = Array.from({ length: clients }, () => login({ signal: leaving.signal }))
  await allAsked
  leaving.abort()
  await Promise.allSettled(crowd)

  const began = performance.now()
  const answer = await login()
  const seconds = (performance.now() - began) / 1000
  child.kill()
  return { answer, seconds }
}

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '1' },
    json: { type: 'string' },
    serve: { type: 'string' },
  },
})

if (values.serve !== undefined) {
  serve(ways[values.serve])
} else {
  const clients = Number(values.clients)
  const results = { clients, cores: os.availableParallelism(), node: process.version, seconds: {} }
  for (const way of Object.keys(ways)) {
    results.seconds[way] = []
    await section(way, async () => {
      for (let round = 0; round < Number(values.rounds); round++) {
        const { answer, seconds } = await measure(way, clients)
        results.seconds[way].push(Number(seconds.toFixed(2)))
        print(`${clients} clients have left; the next one was told '${answer}' after ${seconds.toFixed(2)} s`)
      }
    })
  }
  if (values.json !== undefined) fs.writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
}
