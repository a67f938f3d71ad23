'use strict'
// A Redis of the case's own, on a unix socket in a temporary folder, and workers in
// processes of their own: heddle's, and plain BullMQ's.

const { fork, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { Redis } = require('ioredis')

const WORKER = path.join(__dirname, '..', 'fixtures', 'remote-worker.cjs')

/** @returns {Promise<{path: string, stop(): Promise<void>}>} */
async function startRedis() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-bench-'))
  const socket = path.join(folder, 's')
  const args = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction']
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  const failed = new Promise((_, reject) => {
    server.on('error', () => reject(new Error('redis-server is not installed, which this case needs')))
  })
  const redis = new Redis({ path: socket, retryStrategy: () => 20, maxRetriesPerRequest: null })
  redis.on('error', () => {}) // until it is there
  await Promise.race([redis.ping(), failed]).finally(() => redis.disconnect())
  return {
    path: socket,
    async stop() {
      server.kill()
      await once(server, 'exit')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * A worker process; see fixtures/remote-worker.cjs.
 * @param {{kind: 'heddle' | 'bullmq', queue: string, path: string, threads?: number}} options
 */
async function startWorker(options) {
  const child = fork(WORKER, [JSON.stringify(options)])
  await once(child, 'message')
  return {
    async stop() {
      if (child.exitCode === null) child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

module.exports = { startRedis, startWorker }
