// A web server that does CPU work for its clients: it hashes passwords and compresses.

import { createHash, randomBytes } from 'node:crypto'
import fastify from 'fastify'
import { configure, limiter, run } from 'heddle'
import { gzip, scrypt } from 'heddle/tasks'

const SHED = ['ERR_HEDDLE_QUEUE_FULL', 'ERR_HEDDLE_CLOSED']

/** A signal that aborts when the client has left before it was answered. */
function leaving(reply) {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort(new Error('the client has left'))
  })
  return controller.signal
}

/** Stands for a table of users. */
const saltOf = (user) => createHash('sha256').update(user).digest('hex').slice(0, 16)

/**
 * @param {{capacity?: number, maxQueue?: number, N?: number}} options how much runs at once,
 *   how many requests may wait, and the cost of a login
 * @returns {{app: FastifyInstance, cpu: Limiter}}
 */
export function makeServer({ capacity = configure().threads, maxQueue = 100, N = 16_384 } = {}) {
  const app = fastify({ bodyLimit: 8 << 20 })
  const cpu = limiter({ capacity, maxQueue, maxQueueBytes: 64 << 20 })

  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  // Logins go first; clients take turns, so that one that sends a lot does not keep the others waiting.
  app.post('/login', async ({ body: { user, password }, ip }, reply) => {
    const options = { concurrency: cpu, priority: 1, key: ip, signal: leaving(reply) }
    const key = await run(scrypt(password, saltOf(user), 32, { N, maxmem: 256 * N * 8 }), options)
    return { key, session: randomBytes(8).toString('hex') }
  })

  app.post('/gzip', async ({ body, ip }, reply) => {
    const packed = await run(gzip(body), { concurrency: cpu, key: ip, signal: leaving(reply) })
    return reply.type('application/gzip').send(Buffer.from(packed))
  })

  app.get('/stats', () => cpu.stats())

  // Connections that are kept alive would keep the server from closing.
  let isClosing = false
  app.addHook('preClose', async () => void (isClosing = true))
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })

  app.setErrorHandler((error, _request, reply) => {
    if (!SHED.includes(error.code)) return reply.send(error)
    return reply.code(503).header('retry-after', '1').send({ error: 'busy, try again later' })
  })

  return { app, cpu }
}
