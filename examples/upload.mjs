// Uploads that come in slowly, hashed and compressed while they do: in the handler, on the event
// loop, or as streams in place of data. The threads are free while a client has nothing to send.

import { createHash } from 'node:crypto'
import http from 'node:http'
import { once } from 'node:events'
import { map, parallel, stats } from 'heddle'
import { gzip, hash } from 'heddle/tasks'
import { PassThrough } from 'node:stream'
import { print, section } from './lib/print.mjs'

const CLIENTS = 8
const CHUNK = Buffer.alloc(64 * 1024, 'heddle')
const CHUNKS = 16

const ways = {
  'createHash, in the handler': async (request) => {
    const digest = createHash('sha256')
    for await (const chunk of request) digest.update(chunk) // on the event loop
    return digest.digest('hex')
  },
  'heddle: hash(algorithm, request)': async (request) => await hash('sha256', request),
  'heddle: hashed and compressed, from one request': async (request) => {
    const copy = request.pipe(new PassThrough()) // a stream is read by one Task
    const [digest, packed] = await parallel([hash('sha256', request.pipe(new PassThrough())), gzip(copy)])
    return `${digest} ${packed.length < CHUNK.length}`
  },
}

/** Sends an upload, a chunk at a time. */
async function upload(port) {
  const request = http.request({ port, method: 'POST' })
  const answer = once(request, 'response')
  for (let i = 0; i < CHUNKS; i++) {
    request.write(CHUNK)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  request.end()
  const [response] = await answer
  let text = ''
  for await (const part of response) text += part
  return text
}

const expected = createHash('sha256').update(Buffer.concat(Array(CHUNKS).fill(CHUNK))).digest('hex')

for (const [name, way] of Object.entries(ways)) {
  await section(name, async () => {
    const server = http.createServer(async (request, response) => response.end(await way(request)))
    server.listen(0)
    await once(server, 'listening')
    const { port } = server.address()
    const answers = await map(Array(CLIENTS).fill(port), upload, { concurrency: CLIENTS })
    server.close()
    print(`${answers.filter((text) => text.startsWith(expected)).length} of ${CLIENTS} digests are right`)
  })
}

await section('a client that leaves', async () => {
  let error
  const server = http.createServer(async (request) => (error = await hash('sha256', request).then(() => undefined, (reason) => reason)))
  server.listen(0)
  await once(server, 'listening')
  const request = http.request({ port: server.address().port, method: 'POST' })
  request.on('error', () => {})
  request.write(CHUNK)
  await once(server, 'request')
  request.destroy()
  while (error === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
  print(`the Task rejects: ${error.code}`)
  print(`${stats().running} threads are held`)
  server.close()
})
