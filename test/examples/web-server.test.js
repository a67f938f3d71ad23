'use strict'
// The web server of the examples, over loopback.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { createHash, scryptSync } = require('node:crypto')
const { once } = require('node:events')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { createInterface } = require('node:readline')
const { gunzipSync } = require('node:zlib')
const { folder } = require('../helpers/example.js')
const { range, until } = require('../support.js')

const N = 1024 // a login that costs 2 ms

const json = (body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const login = json({ user: 'ann', password: 'secret' })
const bytes = (body) => ({ method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body })

describe('examples/lib/web-server.mjs', () => {
  let makeServer
  let app
  let cpu
  let origin

  async function serve(options) {
    ;({ app, cpu } = makeServer({ N, ...options }))
    origin = await app.listen({ port: 0, host: '127.0.0.1' })
  }

  const ask = (route, options) => fetch(`${origin}${route}`, options)

  before(async () => {
    ;({ makeServer } = await import(pathToFileURL(path.join(folder, 'lib', 'web-server.mjs'))))
  })

  afterEach(() => {
    app.server.closeAllConnections()
    return app.close()
  })

  it('hashes passwords and compresses, as Node.js does', async () => {
    await serve()
    const { key } = await (await ask('/login', login)).json()
    const salt = createHash('sha256').update('ann').digest('hex').slice(0, 16)
    assert.equal(key, scryptSync('secret', salt, 32, { N }).toString('hex'))
    const text = Buffer.alloc(1e5, 'heddle')
    const packed = await (await ask('/gzip', bytes(text))).arrayBuffer()
    assert.deepEqual(gunzipSync(packed), text)
    const { active, waiting, acquired } = await (await ask('/stats')).json()
    assert.deepEqual([active, waiting, acquired], [0, 0, 2])
  })

  it('sheds load: who would wait too long is told at once', async () => {
    await serve({ capacity: 1, maxQueue: 2 })
    const token = await cpu.acquire()
    const waiting = [ask('/login', login), ask('/gzip', bytes(Buffer.from('a')))]
    await until(() => cpu.stats().waiting === 2)
    const refused = await ask('/login', login)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1'])
    token.release()
    for (const answer of waiting) assert.equal((await answer).status, 200)
  })

  it('does nothing for clients that have left: the next login is served', async () => {
    await serve({ capacity: 1 })
    const token = await cpu.acquire()
    const controller = new AbortController()
    const { signal } = controller
    const left = range(40).map(() => ask('/login', { ...login, signal }).catch((error) => error.name))
    await until(() => cpu.stats().waiting === 40)
    controller.abort()
    assert.deepEqual(await Promise.all(left), range(40).fill('AbortError'))
    await until(() => cpu.stats().waiting === 0)
    token.release()
    assert.equal((await ask('/login', login)).status, 200)
    assert.equal(cpu.stats().acquired, 2)
  })

  it('refuses what makes no sense as before', async () => {
    await serve()
    assert.equal((await ask('/login', json({ user: 'ann', password: 5 }))).status, 500)
    assert.equal((await ask('/login', { ...login, body: '{' })).status, 400)
  })
})

describe('examples/web-server.mjs', () => {
  // There are no signals on Windows: SIGTERM just ends the process.
  const onPosix = process.platform === 'win32' ? it.skip : it

  onPosix('answers what has come when it is to end, and ends', async () => {
    const env = { ...process.env, PORT: '0', SCRYPT_N: '65536' }
    const child = spawn(process.execPath, [path.join(folder, 'web-server.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const origin = (await lines.next()).value
      const statsOf = async () => (await fetch(`${origin}/stats`)).json()
      const answers = range(8).map(() => fetch(`${origin}/login`, login))
      while ((await statsOf()).acquired === 0);
      child.kill('SIGTERM')
      const ended = once(child, 'exit')
      const statuses = await Promise.all(answers.map(async (answer) => (await answer).status))
      assert.ok(statuses.includes(200))
      assert.ok(statuses.every((status) => [200, 503].includes(status)), statuses.join())
      assert.equal((await lines.next()).value, 'all was answered')
      assert.deepEqual(await ended, [0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })
})
