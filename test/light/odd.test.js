'use strict'
// Light calls of what is odd, in contexts, nested, and whose rejections are handled or not.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const heddle = require('../../lib/index.js')
const { combinators, ending, ways } = require('../helpers/light.js')
const { child, range, rejection, turns } = require('../support.js')

const { any, map, parallel, race, sequential } = heddle

/** By name, lists that are read as Promise.all reads them: the values that are seen. */
const lists = {
  'grows while it is read': () => {
    const list = [1, 2]
    Object.defineProperty(list, 1, { get: () => (list.length < 4 && list.push('more'), 2) })
    return list
  },
  'shrinks while it is read': () => {
    const list = [1, 2, 3, 4]
    Object.defineProperty(list, 0, { get: () => ((list.length = 2), 1) })
    return list
  },
  'has holes': () => [1, , 3], // eslint-disable-line no-sparse-arrays
  'is a Proxy': () => new Proxy([1, 2, 3], {}),
  'has an iterator of its own': () => Object.assign([1, 2], { [Symbol.iterator]: () => ['x', 'y'].values() }),
  'is of a subclass': () => (class extends Array {}).from([1, 2]),
  'is a Set': () => new Set([1, 2]),
}

/** Reading these throws. */
const hostile = {
  'an iterator that throws': () => Object.assign([1], { [Symbol.iterator]: () => assert.fail('hostile') }),
  'an iterator that is no function': () => Object.assign([1], { [Symbol.iterator]: 5 }),
  'a Proxy that throws': () => new Proxy([1], { get: () => assert.fail('hostile') }),
  'a getter that throws': () => Object.defineProperty([1, 2], 1, { get: () => assert.fail('hostile') }),
}

const listed = { ...combinators, map: (list, ...rest) => map(list, (value) => value, ...rest) }

describe('a list given to a light call', () => {
  for (const [title, make] of Object.entries(lists)) {
    it(`that ${title} is read as Promise.all reads it`, async () => {
      const expected = await Promise.all(make())
      for (const [way, run] of Object.entries(ways)) {
        assert.deepEqual(await run(parallel, make()), expected, `parallel, ${way}`)
        assert.deepEqual(await run(sequential, make()), expected, `sequential, ${way}`)
        assert.deepEqual([await run(race, make()), await run(any, make())], [expected[0], expected[0]], way)
      }
    })
  }

  for (const [title, make] of Object.entries(hostile)) {
    it(`with ${title} rejects, and leaves no call under way`, async () => {
      for (const [name, combine] of Object.entries(listed)) {
        const ends = []
        for (const run of Object.values(ways)) ends.push(await ending(run(combine, make())))
        assert.ok(ends[0].error !== undefined, name)
        assert.deepEqual(ends[1], ends[0], name)
        assert.deepEqual(ends[2], ends[0], name)
      }
    })
  }

  it('has getters, which are read once', async () => {
    for (const run of Object.values(ways)) {
      let reads = 0
      const list = Object.defineProperty([1, 2, 3], 1, { get: () => (reads++, 2), enumerable: true })
      assert.deepEqual(await run((...args) => map(args[0], (n) => n, ...args.slice(1)), list), [1, 2, 3])
      assert.equal(reads, 1)
    }
  })

  it('may change once the call has been made', async () => {
    for (const [name, combine] of Object.entries(combinators)) {
      if (name === 'map') continue // it sees what is added
      const list = [
        () => {
          list.length = 1
          list.push(() => assert.fail('it is called'))
          return new Promise((resolve) => setImmediate(resolve, 'a'))
        },
        () => new Promise((resolve) => setImmediate(() => setImmediate(resolve, 'b'))),
      ]
      const expected = name === 'race' || name === 'any' ? 'a' : 2
      const came = await combine(list)
      assert.equal(Array.isArray(came) ? came.length : came, expected, name)
    }
  })

  it('that mappers add to is mapped to its end', async () => {
    for (const run of Object.values(ways)) {
      const items = [1, 2]
      const mapper = (n) => (items.length < 5 ? items.push(n * 10) : 0, n)
      assert.deepEqual(await run((list, ...rest) => map(list, mapper, ...rest), items), [1, 2, 10, 20, 100])
    }
  })

  it('of no members', async () => {
    for (const [way, run] of Object.entries(ways)) {
      assert.ok((await rejection(run(race, []))) instanceof RangeError, way)
      const error = await rejection(run(any, []))
      assert.ok(error instanceof AggregateError, way)
      assert.deepEqual(error.errors, [])
    }
  })
})

describe('light calls', () => {
  it('may share promises', async () => {
    let resolve
    const shared = new Promise((r) => (resolve = r))
    const calls = [
      race([shared, shared]),
      race([new Promise(() => {}), shared]),
      any([shared, Promise.reject(new Error('no'))]),
      parallel([shared, shared]).then(([first]) => first),
      map([shared], (value) => value).then(([first]) => first),
      race([1, shared]).then(() => shared),
    ]
    await turns()
    resolve('shared')
    assert.deepEqual(await Promise.all(calls), range(6).map(() => 'shared'))
  })

  it('nest', async () => {
    const deep = (n) => (n === 0 ? 'end' : race([() => any([() => parallel([() => deep(n - 1)]).then(([end]) => end)])]))
    assert.equal(await deep(100), 'end')
  })

  it('run members, and go on, in the context of the caller', async () => {
    const storage = new AsyncLocalStorage()
    for (const [name, combine] of Object.entries(combinators)) {
      const seen = []
      const see = async () => {
        seen.push(storage.getStore())
        await null
        seen.push(storage.getStore())
      }
      await storage.run(name, async () => {
        await combine([see, see])
        seen.push(storage.getStore())
      })
      assert.deepEqual([...new Set(seen)], [name])
    }
  })

  it('that share a promise call listeners each in a context of its own', async () => {
    const storage = new AsyncLocalStorage()
    const seen = []
    let resolve
    const shared = new Promise((r) => (resolve = r))
    const listen = ({ signal }) => {
      signal.addEventListener('abort', () => seen.push(storage.getStore()))
      return new Promise(() => {})
    }
    const calls = range(3).map((i) => storage.run(i, () => race([shared, listen])))
    resolve()
    await Promise.all(calls)
    assert.deepEqual(seen, [0, 1, 2])
  })
})

describe('signals of light calls', () => {
  const fail = () => Promise.reject(new Error('mine'))

  for (const [name, combine] of Object.entries({ race, any })) {
    for (const isLate of [false, true]) {
      it(`${name}: of losers they abort, of the winner not${isLate ? ', read late' : ''}`, async () => {
        for (const [way, run] of Object.entries(ways)) {
          const contexts = []
          const member = (value) => (context) => {
            contexts.push(context)
            if (!isLate) assert.equal(context.signal.aborted, false)
            return value
          }
          await run(combine, [member(new Promise(() => {})), member('won'), member(new Promise(() => {}))])
          const aborted = contexts.map(({ signal }) => signal.aborted)
          assert.deepEqual(aborted, [true, false, true], way)
          assert.equal(contexts[0].signal.reason.name, 'AbortError')
        }
      })
    }
  }

  it('parallel, map and sequential: a failure aborts those of the others, read late, too', async () => {
    for (const [name, form] of Object.entries({
      parallel: (keep) => parallel([keep, fail]),
      map: (keep) => map([0, 1], (i) => (context) => (i === 0 ? keep(context) : fail())),
      sequential: (keep) => sequential([(_previous, context) => void keep(context), fail]),
    })) {
      let context
      const error = await rejection(form((given) => ((context = given), new Promise(() => {}))))
      assert.equal(context.signal.aborted, true, name)
      assert.equal(context.signal.reason, error, name)
    }
  })

  it('do not abort where all went well', async () => {
    for (const [name, combine] of Object.entries({ parallel, allSettled: heddle.allSettled })) {
      const contexts = []
      await combine([(context) => contexts.push(context), async (context) => contexts.push(context)])
      assert.deepEqual(contexts.map(({ signal }) => signal.aborted), [false, false], name)
    }
  })
})

describe('rejections of light calls', () => {
  /** How many are unhandled, by the name of each form. */
  function unhandled(handle) {
    const { status, stdout, stderr } = child(`
      const { any, map, parallel, race, sequential } = require('./lib/index.js')
      const seen = {}
      process.on('unhandledRejection', (error) => {
        const name = error.errors?.[0].message ?? error.message
        seen[name] = (seen[name] ?? 0) + 1
      })
      const bad = (name) => async () => { await null; throw new Error(name) }
      const thrower = (name) => () => { throw new Error(name) }
      const forms = { parallel, race, any, sequential, map: (work) => map(work, (f) => typeof f === 'function' ? f() : f) }
      ;(async () => {
        for (const [name, form] of Object.entries(forms)) {
          const works = {
            functions: (n) => [bad(n), bad(n)],
            throwing: (n) => [bad(n), thrower(n)],
            'throwing first': (n) => [thrower(n), bad(n)()],
            promises: (n) => [bad(n)(), bad(n)()],
            object: (n) => ({ a: bad(n), b: bad(n)() }),
          }
          for (const [title, make] of Object.entries(works)) {
            const key = name + ', ' + title
            const work = make(key)
            const promise = form(name === 'map' ? Object.values(work) : work)
            ;(${handle})(promise)
            await new Promise(setImmediate)
            seen[key] ??= 0
          }
        }
        console.log(JSON.stringify(seen))
      })()
    `)
    assert.equal(status, 0, stderr)
    return Object.entries(JSON.parse(stdout))
  }

  it('are unhandled once, when nobody handles them', () => {
    const counts = unhandled(() => {})
    assert.equal(counts.length, 25)
    for (const [name, count] of counts) assert.equal(count, 1, name)
  })

  it('are not unhandled, when somebody does', () => {
    const counts = unhandled((promise) => promise.catch(() => {}))
    assert.equal(counts.length, 25)
    for (const [name, count] of counts) assert.equal(count, 0, name)
  })
})
