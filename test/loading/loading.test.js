'use strict'
// What is loaded when: by an import the doors and little else, and the rest when it is first used.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { run } = require('../helpers/child.js')
const { child, root, temporaryFolder } = require('../support.js')
const { all } = require('../lifecycle/fixtures/uses.js')
const { Registry } = require('./fixtures/registry.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)
const inLib = (name) => path.join(root, 'lib', name)

/** What a program prints, as JSON. */
function printed(script, options) {
  const { status, stdout, stderr } = child(script, options)
  assert.deepEqual([status, stderr], [0, ''])
  return JSON.parse(stdout)
}

// Prints the files of lib/ that are loaded, and modules of Node's own that cost a ms.
const report = `
  const lib = ${JSON.stringify(path.join(root, 'lib') + path.sep)}
  const files = Object.keys(require('node:module')._cache).filter((file) => file.startsWith(lib))
  const names = files.map((file) => file.slice(lib.length).replaceAll(require('node:path').sep, '/'))
  const dear = ['worker_threads', 'diagnostics_channel', 'zlib', 'child_process']
  const nodes = dear.filter((name) => process.moduleLoadList.includes('NativeModule ' + name))
`
const print = `${report}; console.log(JSON.stringify([...names, ...nodes].sort()))`

const CORE = ['errors.js', 'external.js', 'late.js', 'load.js', 'task/intrinsics.js', 'task/keep.js', 'task/native.js', 'task/previous.js', 'task/task.js']
const MAKERS = ['task/maker.js', 'task/makers.js', 'task/own.js']
const DOORS = {
  heddle: [...CORE, 'index.js'],
  'heddle/tasks': [...CORE, ...MAKERS, 'tasks.js'],
  'heddle/testing': [...CORE, ...MAKERS, 'testing.js'],
}

const FUNCTIONS = {
  heddle: {
    ...{ parallel: 2, sequential: 2, race: 2, any: 2, allSettled: 2, allKeyed: 2, allSettledKeyed: 2, map: 3, stream: 3 },
    ...{ retry: 2, timeout: 2, delay: 3, run: 2, chain: 0, thread: 1, transfer: 2 },
    ...{ limiter: 1, shutdown: 1, configure: 0, stats: 0, load: 1 },
    ...{ Task: 2, HeddleError: 3, AbortError: 0, TimeoutError: 0, UnrecoverableError: 1 },
  },
  'heddle/tasks': {
    ...{ hash: 0, hmac: 0, pbkdf2: 0, scrypt: 4, hkdf: 0, gzip: 0, gunzip: 0, deflate: 0 },
    ...{ inflate: 0, deflateRaw: 0, inflateRaw: 0, crc32: 0, sort: 0, sum: 0, matmul: 0 },
    ...{ argon2: 0, encrypt: 2, decrypt: 2, sign: 0, verify: 0 },
    ...{ brotliCompress: 2, brotliDecompress: 2, zstdCompress: 2, zstdDecompress: 2 },
    ...{ file: 1, writeFile: 2 },
  },
}

describe('loading', () => {
  for (const [door, files] of Object.entries(DOORS)) {
    it(`${door} loads its core and no room, by require and by import`, () => {
      const bare = printed(print)
      const required = printed(`require('${door}'); ${print}`)
      assert.deepEqual(required.filter((name) => !bare.includes(name)), [...files].sort())
      const flags = ['--input-type=module']
      const first = `import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/x.js')`
      const none = printed(`${first}; ${print}`, { flags })
      const imported = printed(`${first}; import * as all from '${door}'; globalThis.all = all; ${print}`, { flags })
      assert.deepEqual(imported.filter((name) => !none.includes(name)), [...files].sort())
    })
  }

  it('the first call loads what it needs, and no other room', () => {
    const rooms = (script) =>
      printed(`${script}; setImmediate(() => { ${report}
        console.log(JSON.stringify([...new Set(names.filter((name) => name.includes('/')).map((name) => name.split('/')[0])), ...nodes]))
      })`)
    const tracing = 'diagnostics_channel'
    const without = (names) => names.filter((name) => name !== tracing).sort()
    assert.deepEqual(without(rooms(`require('heddle').parallel([() => 1])`)), ['call', 'combinators', 'task'])
    assert.deepEqual(without(rooms(`require('heddle/tasks').hash('md5', 'a').then(() => {})`)), ['call', 'task'])
    assert.deepEqual(without(rooms(`require('heddle').configure()`)), ['call', 'task'])
    const others = rooms(`require('heddle').thread(() => 1)`)
    assert.ok(others.includes('thread') && !others.includes('combinators') && !others.includes('plugin'))
  })

  it('gives all functions, with their names and numbers of parameters', async () => {
    for (const [door, functions] of Object.entries(FUNCTIONS)) {
      const required = require(door)
      const found = Object.entries(required).filter(([, value]) => typeof value === 'function')
      assert.deepEqual(Object.fromEntries(found.map(([name, value]) => [name, value.length])), functions)
      for (const [name, value] of found) assert.equal(value.name, name)
      const imported = await import(door)
      for (const [name, value] of found) assert.equal(imported[name], value)
    }
  })

  it('gives the same functions before the first call and after it', () => {
    const calls = `
      const heddle = require('heddle')
      const before = { ...heddle }
      const fails = (promise) => promise.catch(() => {})
      const { delay, thread, chain } = heddle
      for (const name of ['parallel', 'sequential', 'race', 'any', 'allSettled', 'allKeyed', 'allSettledKeyed', 'map', 'retry', 'timeout', 'run']) {
        void fails(heddle[name]())
      }
      delay(0); thread(() => 1); heddle.configure(); heddle.stats(); heddle.stream([], () => 1)
      heddle.transfer({}); try { chain() } catch {} try { heddle.load() } catch {}
      console.log(JSON.stringify(Object.keys(before).filter((name) => heddle[name] !== before[name])))
    `
    assert.deepEqual(printed(calls), [])
  })

  const uses = {
    parallel: 'parallel([() => 1])',
    sequential: 'sequential([() => 1])',
    race: 'race([() => 1]).then((value) => [value])',
    any: 'any([() => 1]).then((value) => [value])',
    allSettled: 'allSettled([1]).then(([{ value }]) => [value])',
    allKeyed: 'allKeyed({ a: 1 }).then(({ a }) => [a])',
    allSettledKeyed: 'allSettledKeyed({ a: 1 }).then(({ a }) => [a.value])',
    map: 'map([1], (n) => n)',
    stream: 'stream([1], (n) => n).next().then(({ value }) => [value.value])',
    retry: 'retry(() => [1])',
    timeout: 'timeout(() => [1], 1e6)',
    delay: 'delay(0, [1])',
    run: `run(require('heddle/testing').noop()).then(() => [1])`,
    chain: `chain(require('heddle/testing').noop()).then(() => [1])`,
    thread: 'thread(() => [1])()',
    transfer: 'Object.keys(transfer({})).length && [1]',
    configure: '[Math.sign(configure().threads)]',
    stats: '[1 + stats().jsThreads]',
    load: `(() => { try { load('x') } catch (error) { return [Number(error.code === 'ERR_HEDDLE_RELATIVE_PATH')] } })()`,
    include: `[Number(require('node:fs').existsSync(include + '/heddle.h'))]`,
    Task: `[Number(require('heddle/testing').noop() instanceof Task)]`,
    mapSkip: 'heddle.map([1, 2], (n) => (n === 2 ? mapSkip : n))',
    mapStop: 'heddle.map([1, 2], (n) => (n === 2 ? mapStop : n))',
    UnrecoverableError: `heddle.retry(() => { throw new UnrecoverableError('1') }).catch(({ message }) => [Number(message)])`,
  }

  for (const [name, use] of Object.entries(uses)) {
    it(`${name} can be what is used first`, () => {
      const script = `void (async () => { console.log(JSON.stringify(await ${use})); process.exit() })()`
      assert.deepEqual(printed(`const heddle = require('heddle'); const { ${name} } = heddle; ${script}`), [1])
      const flags = ['--input-type=module']
      const require = `import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/x.js')`
      assert.deepEqual(printed(`${require}; import * as heddle from 'heddle'; import { ${name} } from 'heddle'; ${script}`, { flags }), [1])
    })
  }

  it('takes nothing that was replaced between the loading and the first use', async function () {
    this.timeout(60_000)
    const right = await all(['waits', 'late', 'lateTask', 'onThreads'])
    const end = await run(fixture('replaced.js'))
    assert.deepEqual([end.code, end.stderr], [0, ''])
    assert.deepEqual(JSON.parse(end.stdout), { found: { ...right }, doubled: [2, 4] })
  })

  it("has one frame in a stack, and the first call's is the second's", () => {
    const frames = `
      const { parallel, chain } = require('heddle')
      Error.stackTraceLimit = Infinity
      const call = () => parallel([() => { throw new Error('mine') }]).catch(({ stack }) => stack.split('\\n'))
      void (async () => {
        const stacks = [await call(), await call()]
        const ours = stacks.map((lines) => lines.filter((line) => /lib.index\\.js/.test(line)).length)
        const same = stacks.map((lines) => lines.filter((line) => /lib.(call|combinators)/.test(line)).join())
        console.log(JSON.stringify([...ours, same[0] === same[1]]))
      })()
    `
    assert.deepEqual(printed(frames), [1, 1, true])
  })

  it('keeps nothing of the one who was the first to call', () => {
    const script = `
      const { AsyncLocalStorage } = require('node:async_hooks')
      const { parallel, stream, map, retry } = require('heddle')
      const storage = new AsyncLocalStorage()
      let gone = 0
      const registry = new FinalizationRegistry(() => gone++)
      async function use() {
        await parallel([() => 1])
        await map([1], (n) => n)
        await stream([1], (n) => n).return()
        await retry(() => 1)
      }
      async function main() {
        await (() => {
          const store = {}
          registry.register(store)
          return storage.run(store, use)
        })()
        for (let i = 0; i < 200 && gone === 0; i++) {
          await new Promise(setImmediate)
          gc()
        }
        console.log(gone)
      }
      main()
    `
    assert.equal(printed(script, { flags: ['--expose-gc'] }), 1)
  })

  for (const left of [1000, 2000, 4000]) {
    it(`may be used first with some ${left} frames left of the stack`, () => {
      const script = `
        const { parallel } = require('heddle')
        const deeper = (n, call) => (n > 0 ? deeper(n - 1, call) : call())
        const fits = (n) => { try { return deeper(n, () => true) } catch { return false } }
        let most = 1000
        while (fits(most + 100)) most += 100
        const promise = deeper(most - ${left}, () => parallel([() => 1]))
        const end = promise.then(([one]) => one === 1, (error) => error instanceof RangeError)
        end.then(async (right) => console.log(JSON.stringify([right, ...(await parallel([() => 2]))])))
      `
      assert.deepEqual(printed(script, { flags: ['--no-opt'] }), [true, 2])
    })
  }
})

describe('loading, of several copies', () => {
  const lib = path.join(root, 'lib') + path.sep

  /** Loads a copy that nobody else has, and leaves the cache as it was. */
  async function withCopy(callback) {
    const saved = Object.entries(require.cache).filter(([file]) => file.startsWith(lib))
    for (const [file] of saved) delete require.cache[file]
    try {
      return await callback()
    } finally {
      for (const file of Object.keys(require.cache)) if (file.startsWith(lib)) delete require.cache[file]
      for (const [file, module] of saved) require.cache[file] = module
    }
  }

  /** All of it is of one copy: what it refuses of others, it takes of its own. */
  async function isWhole({ chain, parallel, TimeoutError }, { hash }) {
    assert.equal(await chain(hash('md5', 'a')), '0cc175b9c0f1b6a831c399e269772661')
    await assert.rejects(parallel([() => new Promise(() => {})], { timeout: 1 }), TimeoutError)
  }

  it('one that was forgotten before its first use is whole, and the other stays', () =>
    withCopy(async () => {
      const copies = [0, 1].map(() => {
        for (const file of Object.keys(require.cache)) if (file.startsWith(lib)) delete require.cache[file]
        return [require(inLib('index.js')), require(inLib('tasks.js'))]
      })
      await isWhole(...copies[1])
      const files = Object.keys(require.cache).filter((file) => file.startsWith(lib))
      const modules = files.map((file) => require.cache[file])
      await isWhole(...copies[0])
      assert.deepEqual(Object.keys(require.cache).filter((file) => file.startsWith(lib)).sort(), files.sort())
      modules.forEach((module) => assert.equal(require.cache[module.filename], module))
      assert.throws(() => copies[0][0].chain(copies[1][1].hash('md5', 'a')), { name: 'TypeError' })
    }))

  it('one whose files are taken out of the cache for good is whole', () =>
    withCopy(async () => {
      const copy = [require(inLib('index.js')), require(inLib('tasks.js'))]
      for (const file of Object.keys(require.cache)) if (file.startsWith(lib)) delete require.cache[file]
      await isWhole(...copy)
      assert.deepEqual(Object.keys(require.cache).filter((file) => file.startsWith(lib)), [])
    }))

  for (const visible of [true, false]) {
    it(`in a test runner's registry all is loaded at once, ${visible ? 'and seen' : 'unseen'}`, async () => {
      const registry = new Registry(visible)
      const copy = [registry.require(inLib('index.js')), registry.require(inLib('tasks.js'))]
      for (const name of ['combinators/stream.js', 'thread/host.js', 'plugin/load.js', 'task/check.js', 'task/start.js']) {
        assert.ok(registry.files.includes(inLib(path.normalize(name))), name)
      }
      registry.reset()
      await isWhole(...copy)
      assert.deepEqual(registry.files, [])
    })
  }
})

describe('loading that fails', () => {
  const folder = temporaryFolder()

  it('rejects a call of a combinator, and throws from a maker', () => {
    fs.cpSync(path.join(root, 'lib'), folder('lib'), { recursive: true })
    for (const name of ['build/Release', 'prebuilds'].filter((one) => fs.existsSync(path.join(root, one)))) {
      fs.cpSync(path.join(root, name), folder(name), { recursive: true })
    }
    fs.rmSync(folder('lib', 'combinators'), { recursive: true })
    const script = `
      const { race, chain } = require(${JSON.stringify(folder('lib', 'index.js'))})
      const code = (reason) => reason.code
      let thrown
      try { chain() } catch (error) { thrown = code(error) }
      race([1]).catch(code).then((rejected) => console.log(JSON.stringify([rejected, thrown])))
    `
    assert.deepEqual(printed(script), ['MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])
  })
})
