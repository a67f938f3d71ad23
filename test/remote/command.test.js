'use strict'
// heddle serve, against a real Redis.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const { parallel } = require('heddle')
const { connect } = require('heddle/remote')
const { root, temporaryFolder } = require('../support.js')
const { needsRedis, TestRedis } = require('./support.js')

const MODULE = `
  import { createRequire } from 'node:module'
  const { thread } = createRequire(${JSON.stringify(path.join(root, 'package.json'))})('heddle')
  export const slow = thread((ms) => new Promise((resolve) => setTimeout(resolve, ms, 'slow')))
  export default thread((n) => n + 1)
  export const helper = () => 'secret'
`

describe('heddle serve', function () {
  this.timeout(60_000)

  const at = temporaryFolder()
  const redis = new TestRedis()

  before(needsRedis)
  before(() => redis.start())
  after(() => redis.stop())

  /** Starts it; `ended` fulfils with its exit code and what it has said. */
  function serve(args, env = {}) {
    const child = spawn(process.execPath, [path.join(root, 'bin', 'heddle.js'), 'serve', ...args], {
      cwd: at(),
      env: { ...process.env, HEDDLE_REDIS_URL: redis.path, ...env },
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (text) => (said += text))
    return {
      child,
      ended: once(child, 'close').then(([code]) => ({ code, said })),
      async says(words) {
        while (!said.includes(words)) await once(child.stderr, 'data')
      },
    }
  }

  it('serves the makers that a module exports, and ends what runs at SIGTERM', async () => {
    fs.writeFileSync(at('tasks.mjs'), MODULE)
    const worker = serve(['tasks.mjs', '--queue', 'command', '--threads', '2'])
    const remote = connect({ queue: 'command', connection: redis.connection })
    assert.deepEqual(await parallel([remote('default')(1), remote('default')(2)]), [2, 3])
    await assert.rejects(parallel([remote('helper')()]), { code: 'ERR_HEDDLE_REMOTE_UNSERVED' })
    const slow = parallel([remote('slow')(500)])
    await worker.says('slow: 1 begin')
    worker.child.kill('SIGTERM')
    assert.deepEqual(await slow, ['slow'])
    const { code, said } = await worker.ended
    assert.equal(code, 0)
    assert.match(said, /not served, since they make no Tasks: helper\n/)
    assert.match(said, /serves default, slow on queue 'command'\n/)
    assert.match(said, /SIGTERM: takes no more/)
    await remote.close()
  })

  it('serves a CommonJS module, quietly', async () => {
    fs.writeFileSync(at('tasks.js'), `const { hash } = require(${JSON.stringify(path.join(root, 'lib', 'tasks.js'))})\nmodule.exports = { hash }\n`)
    const worker = serve(['tasks.js', '--queue', 'quiet', '--quiet', '--redis', redis.path], { HEDDLE_REDIS_URL: '' })
    const remote = connect({ queue: 'quiet', connection: redis.connection })
    assert.deepEqual(await parallel([remote('hash')('md5', '')]), ['d41d8cd98f00b204e9800998ecf8427e'])
    await remote.close()
    worker.child.kill('SIGINT')
    const { code, said } = await worker.ended
    assert.equal(code, 0)
    assert.match(said, /^[^\n]* SIGINT: takes no more, and ends what runs\n$/)
  })

  it('warns of a password in its arguments, and says what keeps it from Redis', async () => {
    fs.writeFileSync(at('tasks.mjs'), MODULE)
    const worker = serve(['tasks.mjs', '--queue', 'q', '--redis', 'redis://:secret@127.0.0.1:1'])
    await worker.says('Redis: connect ECONNREFUSED')
    worker.child.kill('SIGTERM')
    const { code, said } = await worker.ended
    assert.equal(code, 0)
    assert.match(said, /others on this machine can read the password/)
    assert.doesNotMatch(said, /secret/)
  })

  const misuses = {
    'no module': [[], 2, /one MODULE is wanted/],
    'no queue': [['tasks.mjs'], 2, /--queue NAME is missing/],
    'a module that is not there': [['none.mjs', '--queue', 'q'], 1, /there is no module .*none\.mjs/],
    'a module that throws': [['throws.mjs', '--queue', 'q'], 1, /cannot be loaded: Error: as told/],
    'a module without makers': [['empty.mjs', '--queue', 'q'], 1, /exports nothing that makes Tasks/],
    'a number that is none': [['tasks.mjs', '--queue', 'q', '--threads', 'two'], 2, /--threads must be an integer from 1, got 'two'/],
    'a queue of another name': [['tasks.mjs', '--queue', 'a:b'], 1, /option "queue" must be a name without colons/],
    'too many batches': [['tasks.mjs', '--queue', 'q', '--concurrency', '5000'], 1, /option "concurrency" must be an integer from 1 to 4096/],
    'no Redis': [['tasks.mjs', '--queue', 'q'], 2, /HEDDLE_REDIS_URL or --redis must say/, { HEDDLE_REDIS_URL: '' }],
  }
  for (const [title, [args, code, words, env]] of Object.entries(misuses)) {
    it(`refuses ${title}`, async () => {
      fs.writeFileSync(at('tasks.mjs'), MODULE)
      fs.writeFileSync(at('throws.mjs'), "throw new Error('as told')")
      fs.writeFileSync(at('empty.mjs'), 'export const helper = () => 5')
      const end = await serve(args, env).ended
      assert.match(end.said, words)
      assert.equal(end.code, code)
    })
  }
})
