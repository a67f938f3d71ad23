'use strict'
// A Redis of the test's own, on a unix socket in a temporary folder, and workers. No test in here.

const { fork, spawn, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { Redis } = require('ioredis')

const server = process.env.REDIS_SERVER ?? 'redis-server'

/** Hook for suites: without Redis they are left out, but for CI's. */
function needsRedis() {
  if (spawnSync(server, ['--version']).status === 0) return
  if (process.env.CI) throw new Error(`there is no ${server}: install the Debian package redis-server, or say in REDIS_SERVER where it is`)
  this.skip()
}

class TestRedis {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-redis-'))
  path = path.join(this.folder, 's')
  workers = new Set() // processes that have not ended
  #process

  /** ioredis' options. */
  get connection() {
    return { path: this.path }
  }

  async start() {
    const args = ['--port', '0', '--unixsocket', this.path, '--dir', this.folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction']
    this.#process = spawn(server, args, { stdio: 'ignore' })
    const redis = new Redis({ path: this.path, retryStrategy: () => 20, maxRetriesPerRequest: null })
    redis.on('error', () => {})
    await redis.ping()
    redis.disconnect()
  }

  async kill() {
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }

  async stop() {
    for (const child of this.workers) child.kill('SIGKILL') // of tests that have failed
    if (this.#process !== undefined) await this.kill()
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  /** What a command answers. */
  async ask(...command) {
    const redis = new Redis(this.connection)
    try {
      return await redis.call(...command)
    } finally {
      redis.disconnect()
    }
  }

  /** Executions that workers have noted, by name. */
  noted() {
    const file = path.join(this.folder, 'noted')
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  }

  forget() {
    fs.rmSync(path.join(this.folder, 'noted'), { force: true })
  }
}

/** A worker process that serves test/remote/fixtures/makers.js. */
async function startWorker(redis, options = {}) {
  const given = { queue: 'test', connection: redis.connection, ...options }
  const child = fork(path.join(__dirname, 'fixtures', 'worker.js'), [JSON.stringify(given)], {
    env: { ...process.env, NOTED: path.join(redis.folder, 'noted') },
  })
  redis.workers.add(child)
  child.on('exit', () => redis.workers.delete(child))
  await once(child, 'message')
  return {
    child,
    async close(timeout) {
      child.send({ close: timeout ?? 10_000 })
      await once(child, 'exit')
    },
    async kill(signal = 'SIGKILL') {
      child.kill(signal)
      if (signal === 'SIGKILL') await once(child, 'exit')
    },
  }
}

module.exports = { needsRedis, startWorker, TestRedis }
