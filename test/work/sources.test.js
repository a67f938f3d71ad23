'use strict'
// Sources of items: how they are pulled, that they may grow, and how they are left.

const assert = require('node:assert/strict')
const { EventEmitter, on } = require('node:events')
const { Readable } = require('node:stream')
const heddle = require('../../lib/index.js')
const { rejection, turns } = require('../support.js')

const { map, stream } = heddle

async function values(iterator) {
  const all = []
  for await (const { value } of iterator) all.push(value)
  return all
}

/** The same call of map and of stream, which gives all results. */
const both = {
  map,
  stream: (items, mapper, options) => values(stream(items, mapper, options)),
}

/** Kinds of sources of 0, 1 and 2. */
const kinds = {
  generator: async function* () {
    yield* [0, 1, 2]
  },
  Readable: () => Readable.from([0, 1, 2]),
  'hand-written': () => {
    let n = 0
    return { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: n === 3, value: n++ }) }) }
  },
}

describe('an async source', () => {
  for (const [name, call] of Object.entries(both)) {
    for (const [kind, make] of Object.entries(kinds)) {
      for (const concurrency of [Infinity, 1e9]) {
        it(`${kind} in ${name}, concurrency ${concurrency}: is pulled one by one`, async () => {
          const results = await call(make(), (n) => n, { concurrency })
          assert.deepEqual(results.sort(), [0, 1, 2])
        })
      }
    }
  }

  it('is pulled as often as there are items, and once for the end', async () => {
    for (const options of [{ ordered: true }, { backpressure: 1e9 }, {}]) {
      let pulls = 0
      const next = async () => ({ done: ++pulls > 5, value: pulls })
      const items = { [Symbol.asyncIterator]: () => ({ next }) }
      await values(stream(items, (n) => n, { concurrency: 1e9, ...options }))
      assert.equal(pulls, 6)
    }
  })
})

describe('a source without end', () => {
  const sources = {
    'a generator': function* () {
      for (;;) yield 1
    },
    'an async generator': async function* () {
      for (;;) yield 1
    },
    'an array that grows': () => {
      const items = [1]
      items.more = () => items.push(1)
      return items
    },
  }
  for (const name of Object.keys(both)) {
    for (const [kind, make] of Object.entries(sources)) {
      for (const concurrency of name === 'map' ? [1, 4, Infinity] : [1, 4]) {
        it(`${kind}: ${name} with concurrency ${concurrency} ends by its timeout, or signal`, async () => {
          for (const by of ['timeout', 'signal']) {
            const items = make()
            const mapper = (n) => (items.more?.(), n)
            const controller = new AbortController()
            const options = { concurrency, [by]: by === 'timeout' ? 1 : controller.signal }
            setImmediate(() => controller.abort(new Error('enough')))
            // Results are dropped: there are many.
            const ends = name === 'map' ? map(items, mapper, options) : drain(stream(items, mapper, options))
            const error = await rejection(ends)
            assert.match(error.message, /enough|timed out after 1 ms/)
          }
        })
      }
    }
  }

  async function drain(iterator) {
    while (!(await iterator.next()).done);
  }
})

describe('a list that grows', () => {
  const lists = {
    array: () => [0],
    Set: () => new Set([0]),
    Map: () => new Map([[0, 0]]),
    'Set that shrinks': () => new Set([0]),
  }
  const add = (list, n) => (list.push ? list.push(n) : list.add ? list.add(n) : list.set(n, n))

  for (const [name, call] of Object.entries(both)) {
    for (const [kind, make] of Object.entries(lists)) {
      it(`${kind} in ${name}: as many at once as may be`, async () => {
        const list = make()
        const odd = []
        let [now, most, next] = [0, 0, 1]
        const visit = async (item) => {
          most = Math.max(most, ++now)
          await new Promise(setImmediate)
          if (kind === 'Set that shrinks') list.delete(item)
          // The last one of each row of lanes adds the next row.
          for (let i = 0; i < 3 && next < 16; i++) add(list, next++)
          await turns(2)
          now--
        }
        const onProgress = (p) => p.total < p.done && odd.push(p)
        const results = await call(list, visit, { concurrency: 4, onProgress })
        assert.equal(results.length, 16)
        assert.equal(most, 4)
        assert.deepEqual(odd, [])
      })
    }

    it(`${name}: it may grow when it seemed to be over`, async () => {
      for (const make of [lists.array, lists.Set]) {
        const list = make()
        const visit = async (n) => {
          await turns(5)
          if (n < 3) add(list, n + 1)
          return n
        }
        assert.deepEqual(await call(list, visit, { concurrency: 8 }), [0, 1, 2, 3])
      }
    })
  }

  it('stream: also by who reads the results', async () => {
    for (const make of [lists.array, lists.Set]) {
      const list = make()
      const seen = []
      for await (const { value } of stream(list, (n) => n, { concurrency: 2 })) {
        seen.push(value)
        if (value < 5) add(list, value + 1)
      }
      assert.deepEqual(seen, [0, 1, 2, 3, 4, 5])
    }
  })

  it('promises that are added to an array do not count as unhandled while they wait', async () => {
    const unhandled = []
    const listener = (reason) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const list = [0]
    const visit = async (item) => {
      if (item === 0) list.push(1, Promise.reject('late'))
      await turns(3)
    }
    assert.equal(await map(list, visit, { concurrency: 1 }).catch((reason) => reason), 'late')
    await map(new Set([0, Promise.reject('late')]), () => turns(3), { concurrency: 1 }).catch(() => {})
    await turns()
    process.off('unhandledRejection', listener)
    assert.deepEqual(unhandled, [])
  })
})

describe('a stream that is left', () => {
  /** A source that says how often it was closed. */
  function source(isAsync) {
    const log = { closed: 0 }
    const iterator = {
      next: () => (isAsync ? Promise.resolve({ value: 1 }) : { value: 1 }),
      return: () => {
        log.closed++
        return isAsync ? Promise.resolve({}) : {}
      },
    }
    return { items: { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator }, log }
  }
  const ways = {
    'return()': (left) => left.return(),
    'throw()': (left) => left.throw(1).catch(() => {}),
    'a Readable over it': async (left) => {
      const outer = Readable.from(left)
      outer.destroy()
      await new Promise((resolve) => outer.on('close', resolve))
    },
  }
  for (const [way, leave] of Object.entries(ways)) {
    it(`before it is read, by ${way}: closes its source, once`, async () => {
      for (const isAsync of [false, true]) {
        const { items, log } = source(isAsync)
        const left = stream(items, (n) => n)
        await leave(left)
        await left.return()
        assert.equal(log.closed, 1)
        assert.equal((await left.next()).done, true)
      }
      const emitter = new EventEmitter()
      await leave(stream(on(emitter, 'job'), (job) => job))
      assert.equal(emitter.listenerCount('job'), 0)
      const readable = Readable.from([1])
      await leave(stream(readable, (n) => n))
      assert.equal(readable.destroyed, true)
    })
  }

  it('before it is read: what is no source is let be', async () => {
    for (const items of [undefined, 5, {}, { get [Symbol.iterator]() { throw new Error('no') } }]) {
      assert.deepEqual(await stream(items, (n) => n).return('x'), { done: true, value: 'x' })
    }
  })

  for (const concurrency of [1, 2, Infinity]) {
    it(`by its own doing, ${concurrency} at a time: it is closed with what it gives then`, async () => {
      const calls = {
        map: (items, options) => map(items, (n) => n, options),
        stream: (items, options) => stream(items, (n) => n, options).next(),
      }
      for (const start of Object.values(calls)) {
        let closed = 0
        const controller = new AbortController()
        const reason = new Error('enough')
        function* leaving() {
          try {
            controller.abort(reason)
            yield Promise.reject(new Error('of the item'))
          } finally {
            closed++
          }
        }
        await assert.rejects(start(leaving(), { signal: controller.signal, concurrency }), reason)
        assert.equal(closed, 1)
      }
    })
  }

  it('while a Readable has nothing to give: it is destroyed', async () => {
    const readable = new Readable({ objectMode: true, read() {} })
    readable.push(1)
    for await (const { value } of stream(readable, (n) => n, { concurrency: 2 })) if (value) break
    assert.equal(readable.destroyed, true)
  })

  for (const options of [{}, { join: true }, { ordered: true }, { concurrency: 1 }]) {
    it(`waits for the source's end, and has its error: ${JSON.stringify(options)}`, async () => {
      const order = []
      const fail = () => {
        throw new Error('commit failed')
      }
      async function* later() {
        try {
          for (;;) yield 1
        } finally {
          await turns()
          order.push('closed')
          fail()
        }
      }
      function* once() {
        try {
          for (;;) yield 1
        } finally {
          order.push('closed')
          fail()
        }
      }
      for (const make of [later, once]) {
        const loop = async () => {
          for await (const { value } of stream(make(), (n) => n, options)) if (value) break
        }
        assert.equal((await rejection(loop())).message, 'commit failed')
        assert.deepEqual(order.splice(0), ['closed'])
        const left = stream(make(), (n) => n, options)
        await left.next()
        assert.equal(await left.throw('mine').catch((error) => error), 'mine')
        assert.deepEqual(order.splice(0), ['closed'])
        await left.return() // the error was told
      }
    })
  }

  it('an error that is on its way comes before that of the source', async () => {
    const iterator = { next: async () => ({ value: 1 }), return: async () => { throw new Error('closing') } }
    const items = { [Symbol.asyncIterator]: () => iterator }
    const fail = () => { throw new Error('mapper') }
    assert.equal((await rejection(values(stream(items, fail)))).message, 'mapper')
    const loop = async () => {
      for await (const { index } of stream(items, (n) => n)) throw new Error(`body ${index}`)
    }
    assert.equal((await rejection(loop())).message, 'body 0')
    assert.equal((await rejection(map(items, fail, { concurrency: 1 }))).message, 'mapper')
  })
})

describe('what is no iterable', () => {
  const bad = [5, 'text', true, {}, Symbol('s'), 5n]
  const lists = ['parallel', 'sequential', 'race', 'any', 'allSettled', 'map', 'stream']
  const call = (name, items) =>
    name === 'stream' ? stream(items, (n) => n).next() : heddle[name](items, name === 'map' ? (n) => n : {})

  for (const name of lists) {
    it(`${name}: a method that is no function is refused, none is not`, async () => {
      for (const symbol of [Symbol.iterator, Symbol.asyncIterator]) {
        for (const value of bad) {
          const error = await rejection(call(name, { [symbol]: value, a: 1 }))
          assert.ok(error instanceof TypeError)
          assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
          assert.match(error.message, /Symbol\.\w+ of the (work|items) must be a function, got /)
        }
        const thrown = new Error('getter')
        const poisoned = { get [symbol]() { throw thrown } }
        assert.equal(await rejection(call(name, poisoned)), thrown)
        for (const none of [undefined, null]) {
          const list = Object.assign([1], { [Symbol.asyncIterator]: none })
          await call(name, list)
        }
      }
    })
  }

  it('an array whose method was replaced counts by that', async () => {
    const odd = Object.assign([1], { [Symbol.iterator]: 5 })
    for (const name of lists) assert.ok((await rejection(call(name, odd))) instanceof TypeError)
    const own = Object.assign([1], { *[Symbol.iterator]() { yield* [2, 3] } })
    assert.deepEqual(await heddle.parallel(own), [2, 3])
  })
})
