'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const fs = require('node:fs')
const { inspect } = require('node:util')
const { Task, chain, configure, parallel, previous, run, stats } = require('../lib/index.js')
const { gunzip, hash, writeFile } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const support = require('./support.js')
const { FOREVER, hold, ran, rejection, sent, turns } = support

const digest = (data = 'a') => hash('sha256', data, { outputEncoding: 'buffer' })
const SHA256_OF_A = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'

describe('Task', () => {
  const temporary = support.temporaryFolder()

  describe('is lazy', () => {
    it('does nothing when it is only made', async () => {
      const before = await sent()
      const task = writeFile(temporary('lazy'), 'a')
      await turns(10)
      assert.equal(await sent(), before)
      assert.equal(fs.existsSync(temporary('lazy')), false)
      await task
      assert.equal(fs.readFileSync(temporary('lazy'), 'utf8'), 'a')
    })

    it('does nothing when it is printed, or when its name is read', async () => {
      const before = await sent()
      const task = digest()
      assert.equal(task.name, 'hash')
      inspect(task)
      String(task)
      await turns()
      assert.equal(await sent(), before)
    })

    const starters = {
      await: async (task) => void (await task),
      then: (task) => task.then(() => {}),
      catch: (task) => task.catch(() => {}),
      finally: (task) => task.finally(() => {}),
      'Promise.resolve': (task) => Promise.resolve(task),
      'Promise.all': (task) => Promise.all([task]),
      'run()': (task) => run(task),
      'parallel()': (task) => parallel([task]),
    }
    for (const [name, start] of Object.entries(starters)) {
      it(`is started by ${name}`, async () => {
        const before = await sent()
        await start(noop())
        assert.equal(await sent(), before + 1)
      })
    }
  })

  describe('runs once', () => {
    it('however often it is asked for', async () => {
      const before = await sent()
      const task = digest()
      const results = await Promise.all([
        task,
        task.then((value) => value),
        task.catch(() => {}),
        task.finally(() => {}),
        run(task),
        parallel([task]).then(([value]) => value),
      ])
      results.push(await task, await run(task))
      assert.equal(await sent(), before + 1)
      assert.equal(results[0].toString('hex'), SHA256_OF_A)
      for (const result of results) assert.equal(result, results[0])
    })

    it('when it fails, and gives the same error to all', async () => {
      const before = ran()
      const task = gunzip('not gzip')
      const errors = await Promise.all([rejection(task), rejection(task), task.catch((e) => e)])
      errors.push(await rejection(task), await rejection(run(task)), await rejection(parallel([task])))
      assert.equal(ran(), before + 1)
      assert.equal(errors[0].code, 'Z_DATA_ERROR')
      for (const error of errors) assert.equal(error, errors[0])
    })

    it('when it had settled before somebody asks again', async () => {
      const task = digest()
      const first = await parallel([task])
      const before = await sent()
      assert.equal(await task, first[0])
      assert.equal((await parallel({ task })).task, first[0])
      assert.equal(await task.finally(() => {}), first[0])
      assert.equal(await sent(), before)
    })
  })

  describe('is a thenable', () => {
    support.withThreads(2) // one of them sleeps

    it('passes values on where a handler is missing', async () => {
      assert.equal(await hash('sha256', 'a').then(), SHA256_OF_A)
      assert.equal(await hash('sha256', 'a').then(null, 5), SHA256_OF_A)
      assert.equal(await hash('sha256', 'a').catch(() => 1), SHA256_OF_A)
      assert.equal(await hash('sha256', 'a').finally(() => 1), SHA256_OF_A)
      const task = gunzip('x')
      assert.equal(await rejection(task.then(() => 1)), await rejection(task))
    })

    it('gives promises that carry on with what handlers return or throw', async () => {
      const promise = noop().then(() => 5)
      assert.ok(promise instanceof Promise)
      assert.equal(await promise, 5)
      const thrown = new Error('mine')
      const thrower = () => {
        throw thrown
      }
      assert.equal(await rejection(noop().then(thrower)), thrown)
      assert.equal(await rejection(noop().finally(thrower)), thrown)
      assert.equal(await gunzip('x').then(null, () => 6), 6)
    })

    it('calls handlers later, also once it has settled', async () => {
      const task = noop()
      await task
      const order = []
      const handled = task.then(() => order.push('handler'))
      order.push('rest of the turn')
      await handled
      assert.deepEqual(order, ['rest of the turn', 'handler'])
    })

    it('calls handlers in the order in which they came', async () => {
      const task = noop()
      const order = []
      await Promise.all([1, 2, 3, 4].map((n) => task.then(() => order.push(n))))
      assert.deepEqual(order, [1, 2, 3, 4])
    })

    it('works under Promise.all, allSettled, any and race', async () => {
      const texts = Array.from({ length: 1000 }, (_, i) => `${i}`)
      const together = await Promise.all(texts.map((text) => hash('md5', text)))
      assert.deepEqual(together, await parallel(texts.map((text) => hash('md5', text))))
      const [good, bad] = await Promise.allSettled([hash('sha256', 'a'), gunzip('x')])
      assert.deepEqual(good, { status: 'fulfilled', value: SHA256_OF_A })
      assert.equal(bad.status, 'rejected')
      assert.equal(await Promise.any([gunzip('x'), hash('sha256', 'a')]), SHA256_OF_A)
      const controller = new AbortController()
      const long = run(sleep(FOREVER), { signal: controller.signal })
      assert.equal(await Promise.race([long, hash('sha256', 'a')]), SHA256_OF_A)
      controller.abort()
      await rejection(long)
    })

    it('keeps the AsyncLocalStorage of whoever waits', async () => {
      const storage = new AsyncLocalStorage()
      const task = sleep(5)
      const seen = await Promise.all(
        ['a', 'b', 'c'].map((name) =>
          storage.run(name, async () => {
            await task
            return storage.getStore()
          }),
        ),
      )
      assert.deepEqual(seen, ['a', 'b', 'c'])
    })
  })

  describe('goes down with others', () => {
    it('in a microtask, not before', async () => {
      const release = await hold()
      const promises = Array.from({ length: 255 }, () => noop().then())
      assert.equal(stats().queued, 0)
      await null
      assert.equal(stats().queued, 255)
      await release()
      await Promise.all(promises)
    })

    it('at once when there are 256', async () => {
      const release = await hold()
      const promises = Array.from({ length: 300 }, () => noop().then())
      assert.equal(stats().queued, 256)
      await null
      assert.equal(stats().queued, 300)
      await release()
      await Promise.all(promises)
    })

    it('though one cannot start', async () => {
      const data = new Uint8Array(8)
      const detached = hash('sha256', data)
      structuredClone(data, { transfer: [data.buffer] })
      const tasks = [hash('sha256', 'a'), detached, hash('sha256', 'a')]
      const [first, second, third] = await Promise.allSettled(tasks)
      assert.equal(first.value, SHA256_OF_A)
      assert.equal(second.reason.code, 'ERR_HEDDLE_DETACHED')
      assert.equal(third.value, SHA256_OF_A)
    })

    it('and is delivered when it ends, not when the last one does', async () => {
      const before = configure().threads
      configure({ threads: 2 })
      const long = sleep(200)
      const both = [long.then(), noop().then()]
      await both[1]
      assert.equal(inspect(long), 'Task sleep { <pending> }')
      await both[0]
      configure({ threads: before })
    })
  })

  describe('is immutable', () => {
    it('has no own properties, and a name that stays', () => {
      const task = digest()
      assert.deepEqual(Reflect.ownKeys(task), [])
      assert.throws(() => {
        task.name = 'other'
      }, TypeError)
    })

    it('has read its options when it is made', async () => {
      const options = { outputEncoding: 'hex' }
      const task = hash('sha256', 'a', options)
      options.outputEncoding = 'base64'
      assert.equal(await task, SHA256_OF_A)
    })
  })

  it('is an instance of Task, but Task makes none', () => {
    const task = noop()
    assert.ok(task instanceof Task)
    assert.ok(chain(noop(), noop()) instanceof Task)
    assert.equal(Object.prototype.toString.call(task), '[object Task]')
    assert.equal(task instanceof Promise, false)
    assert.throws(() => new Task(), TypeError)
    assert.throws(() => Task.prototype.then.call({}), TypeError)
  })

  it('says so when its methods are called on what is no Task, or one of another copy', () => {
    const others = [new Proxy(noop(), {}), Object.create(noop()), Task.prototype, {}, 1, undefined]
    for (const method of ['then', 'catch', 'finally', 'name']) {
      const descriptor = Object.getOwnPropertyDescriptor(Task.prototype, method)
      for (const other of others) {
        assert.throws(() => Reflect.apply(descriptor.value ?? descriptor.get, other, []), {
          code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
          message: new RegExp(`^Task\\.prototype\\.${method}: this must be a Task of this copy of heddle, got `),
        })
      }
    }
    assert.doesNotThrow(() => others.forEach((other) => inspect(other)))
  })

  it('rejects when it takes the previous result and stands alone', async () => {
    const task = hash('sha256', previous)
    const error = await rejection(task)
    assert.ok(error instanceof TypeError)
    assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
    assert.match(error.message, /hash.*previous.*sequential\(\) or chain\(\)/)
    assert.equal(inspect(task), 'Task hash { <not started> }')
  })

  describe('prints', () => {
    it('its state, and its result', async () => {
      const task = hash('sha256', 'a')
      assert.equal(inspect(task), 'Task hash { <not started> }')
      const promise = task.then()
      assert.equal(inspect(task), 'Task hash { <pending> }')
      await null
      await promise
      assert.equal(inspect(task), `Task hash { '${SHA256_OF_A}' }`)
    })

    it('that it runs', async () => {
      const task = sleep(FOREVER)
      const controller = new AbortController()
      const running = run(task, { signal: controller.signal })
      await support.until(() => stats().running === 1)
      assert.equal(inspect(task), 'Task sleep { <pending> }')
      controller.abort(new Error('why'))
      await rejection(running)
      await rejection(task)
      assert.match(inspect(task), /^Task sleep \{ <rejected> \[?Error: why/)
    })

    it('its error', async () => {
      const task = gunzip('x')
      await rejection(task)
      assert.match(inspect(task), /^Task gunzip \{ <rejected> \[?Error: unexpected end[^]*Z_BUF_ERROR[^]*\}$/)
    })

    it('the steps of a chain', () => {
      const step = noop()
      const both = chain(step, chain(noop(), hash('sha256', 'a')))
      assert.equal(inspect(both), 'Task chain(noop, chain(noop, hash)) { <not started> }')
      assert.equal(inspect(step), 'Task noop { <step of a chain> }')
    })

    it('inside other things, as deep as asked for', async () => {
      const task = digest('a')
      await task
      assert.match(inspect({ a: { b: task } }), /Task hash \{ <Buffer ca 97/)
      const [on, off] = inspect.colors[inspect.styles.special].map((code) => `\x1b[${code}m`)
      assert.equal(inspect(noop(), { colors: true }), `Task noop { ${on}<not started>${off} }`)
    })
  })
})
