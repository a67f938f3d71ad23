'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')
const { Task, configure, parallel, previous, race, run, stats } = require('../lib/index.js')
const { gunzip, hash, writeFile } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const support = require('./support.js')
const { FOREVER, hold, idle, ran, range, rejection, sent, turns, until, withThreads } = support

const md5 = (text) => hash('md5', `${text}`)
const md5sOf = async (texts) => {
  const { createHash } = require('node:crypto')
  return texts.map((text) => createHash('md5').update(`${text}`).digest('hex'))
}

describe('parallel', () => {
  const temporary = support.temporaryFolder()

  describe('gives results', () => {
    it('in the order of the list, whatever ends first', async () => {
      const before = configure().threads
      configure({ threads: 2 })
      const order = []
      const list = [sleep(100), md5('a'), md5('b')]
      list.forEach((task, i) => task.then(() => order.push(i)))
      assert.deepEqual(await parallel(list), [undefined, ...(await md5sOf(['a', 'b']))])
      configure({ threads: before })
      assert.deepEqual(order, [1, 2, 0])
    })

    it('of lists of all sizes about its windows', async () => {
      for (const length of [1, 2, 255, 256, 257, 1023, 1025, 4095, 4096, 4097, 8192, 10000]) {
        const texts = range(length)
        assert.deepEqual(await parallel(texts.map(md5)), await md5sOf(texts), `${length}`)
      }
    })

    it('of 100,000 Tasks', async () => {
      const before = await sent()
      const results = await parallel(range(100000).map((i) => md5(i % 100)))
      assert.equal(await sent(), before + 100000)
      const expected = await md5sOf(range(100))
      assert.ok(results.every((result, i) => result === expected[i % 100]))
    })

    it('of an object, under the same keys, in their order', async () => {
      const results = await parallel({ b: md5('b'), a: md5('a'), 1: md5('1') })
      assert.deepEqual(Object.keys(results), ['1', 'b', 'a'])
      const [a, b, one] = await md5sOf(['a', 'b', '1'])
      assert.deepEqual(results, { 1: one, a, b })
      assert.equal(Object.getPrototypeOf(results), Object.prototype)
    })

    it('of an object with a key __proto__', async () => {
      const work = JSON.parse('{"__proto__": 0, "constructor": 0}')
      for (const key of Object.keys(work)) {
        Object.defineProperty(work, key, { value: md5(key), enumerable: true })
      }
      const results = await parallel(work)
      assert.deepEqual(Object.keys(results), ['__proto__', 'constructor'])
      const own = Object.getOwnPropertyDescriptor(results, '__proto__')
      assert.deepEqual([own.value], await md5sOf(['__proto__']))
      assert.equal(Object.getPrototypeOf(results), Object.prototype)
      assert.equal({}.polluted, undefined)
    })

    it('of objects without a prototype and of another realm', async () => {
      const bare = Object.assign(Object.create(null), { a: md5('a') })
      const foreign = vm.runInNewContext('({})')
      foreign.a = md5('a')
      const foreignList = vm.runInNewContext('[]')
      foreignList.push(md5('a'))
      const [a] = await md5sOf(['a'])
      assert.deepEqual(await parallel(bare), { a })
      assert.deepEqual(await parallel(foreign), { a })
      assert.deepEqual(await parallel(foreignList), [a])
    })

    it("of an object's own enumerable string keys alone", async () => {
      const work = { a: md5('a'), [Symbol('b')]: 'no work' }
      Object.defineProperty(work, 'hidden', { value: 'no work', enumerable: false })
      assert.deepEqual(Object.keys(await parallel(work)), ['a'])
      const heir = Object.setPrototypeOf({ a: md5('a') }, null)
      assert.deepEqual(Object.keys(await parallel(heir)), ['a'])
    })

    it('of any iterable', async () => {
      const expected = await md5sOf(['a', 'b'])
      const tasks = () => [md5('a'), md5('b')]
      function* generator() {
        yield* tasks()
      }
      const map = new Map(tasks().map((task, i) => [i, task]))
      for (const work of [new Set(tasks()), generator(), map.values(), tasks()[Symbol.iterator]()]) {
        assert.deepEqual(await parallel(work), expected)
      }
    })

    it('of nothing', async () => {
      assert.deepEqual(await parallel([]), [])
      assert.deepEqual(await parallel(new Set()), [])
      assert.deepEqual(await parallel({}), {})
      assert.deepEqual(await parallel([], { stopOnError: false, join: true, concurrency: 1 }), [])
    })

    it('of Tasks that have settled before', async () => {
      const [done, failed] = [md5('a'), gunzip('x')]
      const error = await rejection(failed)
      await done
      const before = await sent()
      assert.deepEqual(await parallel([done, done]), await md5sOf(['a', 'a']))
      assert.equal(await rejection(parallel([done, failed])), error)
      assert.equal(await sent(), before)
    })
  })

  describe('rejects', () => {
    it('what is no list or object of work', async () => {
      const bad = [undefined, null, 5, 'text', Symbol('s'), () => {}, true, 5n]
      bad.push(noop(), Promise.resolve([]), new Date(), new (class Work {})(), { then() {} })
      for (const work of bad) {
        const error = await rejection(parallel(work))
        assert.ok(error instanceof TypeError, String(error))
        assert.match(error.code, /^ERR_HEDDLE_/)
        assert.match(error.message, /^parallel: /)
      }
    })

    it("an object with the key 'then', and starts nothing of it", async () => {
      const before = await sent()
      const error = await rejection(parallel({ a: noop(), then: noop() }))
      assert.ok(error instanceof TypeError)
      assert.match(error.message, /'then'/)
      assert.equal(await sent(), before)
    })

    it('a Task that takes the previous result, and starts nothing', async () => {
      const before = await sent()
      for (const call of [parallel, race, ([, task]) => run(task)]) {
        const error = await rejection(call([noop(), hash('md5', previous)]))
        assert.ok(error instanceof TypeError)
        assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
        assert.match(error.message, /^hash: .*'previous'/)
      }
      assert.equal(await sent(), before)
    })

    it('with what an iterator throws, and closes it', async () => {
      const thrown = new Error('mine')
      const before = await sent()
      let closed = false
      function* broken() {
        try {
          yield noop()
          throw thrown
        } finally {
          closed = true
        }
      }
      assert.equal(await rejection(parallel(broken())), thrown)
      assert.equal(closed, true)
      const getter = Object.defineProperty({}, Symbol.iterator, {
        get() {
          throw thrown
        },
      })
      assert.equal(await rejection(parallel(getter)), thrown)
      const property = { a: noop(), get b() { throw thrown } } // prettier-ignore
      assert.equal(await rejection(parallel(property)), thrown)
      assert.equal(await sent(), before)
    })

    it('with the first failure, which has its index or key', async () => {
      const list = await rejection(parallel([noop(), gunzip('x'), noop()]))
      assert.equal(list.code, 'Z_BUF_ERROR')
      assert.equal(list.index, 1)
      const object = await rejection(parallel({ a: noop(), bad: gunzip('x') }))
      assert.equal(object.index, 'bad')
      const late = range(5000).map(() => noop())
      late.push(gunzip('x'))
      assert.equal((await rejection(parallel(late))).index, 5000)
    })

    it('with a stack that leads to the call', async () => {
      async function callerOfParallel(work, options) {
        await parallel(work, options)
      }
      const native = await rejection(callerOfParallel([gunzip('x')]))
      assert.match(native.stack, /^Error: unexpected end of file\n/)
      assert.match(native.stack, /callerOfParallel/)
      assert.ok(!native.stack.includes(path.join(support.root, 'lib')), native.stack)
      const timeout = await rejection(callerOfParallel([sleep(FOREVER)], { timeout: 1 }))
      assert.match(timeout.stack, /^TimeoutError: [^]*callerOfParallel/)
      const all = await rejection(callerOfParallel([gunzip('x')], { stopOnError: false }))
      assert.match(all.stack, /^AggregateError: [^]*callerOfParallel/)
      assert.match(all.errors[0].stack, /callerOfParallel/)
    })
  })

  describe('stops at the first failure', () => {
    withThreads(1)

    it('those that run, and those that have not started', async () => {
      configure({ threads: 2 })
      await idle()
      const before = stats().cancelled
      const long = sleep(FOREVER)
      const later = range(50).map((i) => writeFile(temporary(`later${i}`), 'a'))
      const error = await rejection(parallel([long, gunzip('x'), ...later], { concurrency: 2 }))
      assert.equal(error.index, 1)
      await until(() => stats().running === 0)
      assert.equal(stats().cancelled, before + 51)
      assert.deepEqual(fs.readdirSync(temporary()), [])
      await parallel(later) // they have not started: they can
      assert.equal(fs.readdirSync(temporary()).length, 50)
    })

    it('though the list has not gone down altogether', async () => {
      const before = ran()
      const list = [gunzip('x'), ...range(100000).map(() => noop())]
      const release = await hold()
      const failing = parallel(list)
      failing.catch(() => {})
      await release()
      assert.equal((await rejection(failing)).index, 0)
      await turns()
      assert.equal(stats().queued, 0)
      assert.equal(ran(), before + 1)
    })
  })

  describe('with stopOnError: false', () => {
    it('runs all, and rejects with the errors in the order of the list', async () => {
      const before = ran()
      const list = range(100).map((i) => (i % 10 === 3 ? gunzip('x') : md5(i)))
      list.splice(50, 0, sleep(30), hash('nope', ''))
      const error = await rejection(parallel(list, { stopOnError: false }))
      assert.ok(error instanceof AggregateError)
      assert.equal(error.message, 'parallel: 11 of 102 failed')
      const expected = [3, 13, 23, 33, 43, 51, 55, 65, 75, 85, 95]
      assert.deepEqual(error.errors.map(({ index }) => index), expected)
      assert.equal(error.errors[5].code, 'ERR_CRYPTO_INVALID_DIGEST')
      assert.equal(ran(), before + 102)
    })

    it('fulfils when none failed', async () => {
      assert.deepEqual(await parallel({ a: md5('a') }, { stopOnError: false }), {
        a: (await md5sOf(['a']))[0],
      })
    })

    it('says the keys of an object', async () => {
      const work = { x: gunzip('x'), y: md5('y'), z: gunzip('z') }
      const error = await rejection(parallel(work, { stopOnError: false }))
      assert.deepEqual(error.errors.map(({ index }) => index), ['x', 'z'])
    })
  })

  it('starts Tasks at the call, not when its promise is asked', async () => {
    const release = await hold()
    const promise = parallel([noop(), noop()])
    assert.equal(stats().queued, 2)
    assert.ok(promise instanceof Promise)
    assert.equal(promise instanceof Task, false)
    await release()
    await promise
  })

  it('keeps its own copy of the list', async () => {
    const list = [md5('a'), sleep(20), md5('b')]
    const promise = parallel(list)
    list.length = 0
    assert.equal((await promise).length, 3)
  })
})
