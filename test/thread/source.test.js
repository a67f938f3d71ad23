'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { parallel, thread, Task } = require('heddle')
const { rejection } = require('../support.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('thread: what it runs', () => {
  it('a function, whose source is sent', async () => {
    const add = thread((a, b) => a + b)
    assert.ok(add(1, 2) instanceof Task)
    assert.equal(await add(1, 2), 3)
    assert.equal(await add('a', 'b'), 'ab')
  })

  it('functions of all kinds', async () => {
    const object = {
      method(n) {
        return n + 1
      },
      async asyncMethod(n) {
        return n + 2
      },
      'odd name'(n) {
        return n + 3
      },
    }
    assert.equal(await thread(function named(n) { return n - 1 })(1), 0)
    assert.equal(await thread(async (n) => n * 2)(4), 8)
    assert.equal(await thread(async function (n) { return n * 3 })(4), 12)
    assert.equal(await thread((n = 5) => n)(), 5)
    assert.equal(await thread((...list) => list.length)(1, 2, 3), 3)
    assert.equal(await thread(({ a }, [b]) => a + b)({ a: 1 }, [2]), 3)
    assert.equal(await thread(object.method)(1), 2)
    assert.equal(await thread(object.asyncMethod)(1), 3)
    assert.equal(await thread(object['odd name'])(1), 4)
  })

  it('methods with odd names', async () => {
    const key = 'a) (b'
    class Holder {
      static of(n) { return n + 1 }
      static #hidden(n) { return n + 2 }
      static get hidden() { return Holder.#hidden }
    }
    const object = {
      [Symbol.iterator](n) { return n + 1 },
      [key](n) { return n + 1 },
      async [`${key} (`](n) { return n + 1 },
      class(n) { return n + 1 },
      function(n) { return n + 1 },
      get(n) { return n + 1 },
      set(n) { return n + 1 },
      async(n) { return n + 1 },
      if(n) { return n + 1 },
      __proto__(n) { return n + 1 },
      constructor(n) { return n + 1 },
      5(n) { return n + 1 },
    }
    for (const name of Reflect.ownKeys(object)) {
      assert.equal(await thread(object[name])(1), 2, String(name))
    }
    assert.equal(await thread(Holder.of)(1), 2)
    assert.equal(await thread(Holder.hidden)(1), 3)
    const { get, set } = Object.getOwnPropertyDescriptor({ get a() { return 7 }, set a(n) { n.push(1) } }, 'a')
    assert.equal(await thread(get)(), 7)
    assert.equal(await thread(set)([]), undefined)
    assert.throws(() => thread({ async *[key]() {} }[key]), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
  })

  it('sent functions run strict', async () => {
    let total = 0
    const closure = { code: 'ERR_HEDDLE_CLOSURE' }
    const writes = [
      (n) => { total = n },
      (n) => { total += n },
      () => { total++ },
      (n) => { [total] = [n] },
      (n) => [n].forEach((one) => { total = one }),
      async (n) => { total = n },
      { write(n) { total = n } }.write,
      function (n) { total = n },
    ]
    for (const write of writes) await assert.rejects(thread(write)(1), closure)
    await assert.rejects(thread(() => total)(), closure)
    assert.equal(await thread(function () { return typeof this })(), 'undefined')
    await assert.rejects(thread(() => { Object.freeze([1]).length = 0 })(), TypeError)
    const sloppy = new Function('object', 'with (object) return a')
    assert.equal(await thread(sloppy)({ a: 4 }), 4) // nothing else can run it
    void total
  })

  it('what is missing is named whatever stacks are like', async () => {
    const outer = 1
    const closure = { code: 'ERR_HEDDLE_CLOSURE', message: /'outer' is not defined/ }
    for (const name of ['my job', 'a\n)', '"\'`', '\u2028', '(x)', '\ud800']) {
      await assert.rejects(thread(() => outer, { name })(), closure)
      assert.equal(await thread(() => 1, { name })(), 1)
    }
    await assert.rejects(thread({ 'load page'() { return outer } }['load page'])(), closure)
    await assert.rejects(thread(() => { Error.stackTraceLimit = 0; return outer }, { idleTimeout: 1 })(), closure)
    const formatted = () => { Error.prepareStackTrace = () => []; return outer }
    await assert.rejects(thread(formatted, { idleTimeout: 2 })(), closure)
  })

  it('a function that requires and imports', async () => {
    const digest = thread(async (text) => {
      const { createHash } = await import('node:crypto')
      return require('node:path').basename('/a/b') + createHash('md5').update(text).digest('hex')
    })
    assert.equal(await digest('abc'), 'b900150983cd24fb0d6963f7d28e17f72')
  })

  it('runs on another thread', async () => {
    const where = thread(() => require('node:worker_threads').threadId)
    assert.notEqual(await where(), require('node:worker_threads').threadId)
  })

  it('a thenable result is awaited', async () => {
    const later = thread(() => ({ then: (resolve) => resolve(7) }))
    assert.equal(await later(), 7)
    const fails = thread(() => ({ then: (_, reject) => reject(new RangeError('no')) }))
    assert.equal((await rejection(fails())).name, 'RangeError')
  })

  it('names a variable of its surroundings, and says how to do it right', async () => {
    const factor = 3
    const times = thread((n) => n * factor, { name: 'times' })
    const error = await rejection(times(2))
    assert.equal(error.name, 'HeddleError')
    assert.equal(error.code, 'ERR_HEDDLE_CLOSURE')
    assert.match(error.message, /^times: 'factor' is not defined on the thread.*as an argument.*module/)
    assert.ok(error.cause instanceof ReferenceError)
  })

  for (const [what, source] of [
    ['ES module by URL', pathToFileURL(fixture('work.mjs'))],
    ['ES module by path', fixture('work.mjs')],
    ['ES module by URL string', pathToFileURL(fixture('work.mjs')).href],
    ['ES module by relative path', path.relative(process.cwd(), fixture('work.mjs'))],
  ]) {
    it(`an export of an ${what}`, async () => {
      assert.equal(await thread(source, { name: 'double' })(4), 8)
      assert.equal(await thread(source)(4), 12)
      assert.equal(thread(source, { name: 'double' })(4).name, 'double')
      assert.equal(thread(source)(4).name, 'work')
    })
  }

  it('an export of a CommonJS module', async () => {
    assert.equal(await thread(fixture('work.cjs'), { name: 'quadruple' })(4), 16)
    assert.equal(await thread(fixture('work.cjs'))(4), 20)
  })

  it('many functions on the same threads', async () => {
    const makers = Array.from({ length: 20 }, () => thread((n) => n + 1))
    const list = Array.from({ length: 200 }, (_, i) => makers[i % 20](i))
    assert.deepEqual(await parallel(list), Array.from({ length: 200 }, (_, i) => i + 1))
  })

  for (const name of ['nothing', 'notAFunction', 'toString']) {
    it(`says that a module has no function '${name}'`, async () => {
      const error = await rejection(thread(fixture('work.mjs'), { name })(1))
      assert.equal(error.code, 'ERR_HEDDLE_NO_EXPORT')
      assert.match(error.message, new RegExp(`work\\.mjs, given to .*, has no function '${name}'`))
    })
  }

  it('rejects as the import does, for each Task', async () => {
    const missing = thread(fixture('nowhere.mjs'))
    for (let i = 0; i < 2; i++) {
      assert.equal((await rejection(missing())).code, 'ERR_MODULE_NOT_FOUND')
    }
    const error = await rejection(thread(fixture('bad-load.cjs'))())
    assert.equal(error.name, 'RangeError')
    assert.equal(error.message, 'this module does not load')
  })

  for (const [what, value] of [
    ['nothing', undefined],
    ['a number', 7],
    ['an object', {}],
    ['an empty path', ''],
    ['a path with a null byte', 'a\0b'],
    ['a URL that is no file', new URL('https://example.com/a.js')],
    ['a class', class {}],
    ['a generator', function* () {}],
    ['an async generator', async function* () {}],
    ['a bound function', (() => {}).bind(null)],
    ['a built-in function', Math.max],
  ]) {
    it(`refuses ${what}`, () => {
      assert.throws(() => thread(value), {
        name: 'TypeError',
        code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
        message: /^thread: argument "source" must be a self-contained function/,
      })
    })
  }

  for (const [options, code, message] of [
    [null, 'ERR_HEDDLE_INVALID_ARG_TYPE', /options must be an object, got null/],
    [{ names: 'a' }, 'ERR_HEDDLE_MISUSE', /no option 'names'; it takes name, /],
    [{ name: '' }, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"name" must be a string/],
    [{ name: 1 }, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"name" must be a string/],
    [{ context: 1 }, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"context" must be a boolean/],
    [{ idempotent: 'yes' }, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"idempotent" must be a boolean/],
    [{ killAfter: '1' }, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"killAfter" must be a number of ms/],
    [{ killAfter: -1 }, 'ERR_HEDDLE_OUT_OF_RANGE', /"killAfter" must be from 0 to/],
    [{ idleTimeout: NaN }, 'ERR_HEDDLE_OUT_OF_RANGE', /"idleTimeout" must be from 0 to/],
    [{ idleTimeout: 2 ** 31 }, 'ERR_HEDDLE_OUT_OF_RANGE', /"idleTimeout" must be from 0 to/],
  ]) {
    it(`refuses the options ${JSON.stringify(options)}`, () => {
      assert.throws(() => thread(() => {}, options), { code, message })
    })
  }

  it('passes on what worker_threads says about its options', async () => {
    const bad = thread((n) => n, { execArgv: ['--no-such-option'] })
    assert.equal((await rejection(bad(1))).code, 'ERR_WORKER_INVALID_EXEC_ARGV')
    const list = [bad(1), thread((n) => n)(2)]
    const [first, second] = await Promise.allSettled(list)
    assert.equal(first.reason.code, 'ERR_WORKER_INVALID_EXEC_ARGV')
    assert.equal(second.value, 2)
  })

  it('hands workerData, env and execArgv to the thread', async () => {
    const data = thread(fixture('work.mjs'), { name: 'data', workerData: { a: [1] } })
    assert.deepEqual(await data(), { a: [1] })
    const options = { env: { HEDDLE_TEST: 'yes' }, execArgv: ['--no-warnings'] }
    const see = thread(() => [process.env.HEDDLE_TEST, process.execArgv], options)
    assert.deepEqual(await see(), ['yes', ['--no-warnings']])
    await Promise.all([data.close(), see.close()])
  })
})
