'use strict'
// A light call does what the same call does with options, or traced.

const assert = require('node:assert/strict')
const { combinators, ending, microtasks, ways } = require('../helpers/light.js')
const { hash } = require('../../lib/tasks.js')
const { range } = require('../support.js')

/** Settles after some microtasks; `log` tells of it. */
function after(count, value, log, isBad = false) {
  return async () => {
    log.push(`begins ${value}`)
    for (let i = 0; i < count; i++) await null
    log.push(`ends ${value}`)
    if (isBad) throw new Error(value)
    return value
  }
}

function boom() {
  throw new Error('thrown')
}

class Sub extends Promise {}

/** A then of its own, which is read and called once. */
function once(log) {
  return {
    get then() {
      log.push('then is read')
      return (resolve) => {
        log.push('then is called')
        resolve('own')
      }
    },
  }
}

/** By name, work; what it does goes to the log. */
const works = {
  nothing: () => [],
  values: () => [1, null, undefined, 'text', Symbol.iterator, { a: 1 }],
  functions: (log) => [() => log.push('a'), () => log.push('b')],
  'async functions': (log) => [after(3, 'a', log), after(1, 'b', log)],
  'promises that are there': (log) => [after(3, 'a', log)(), after(1, 'b', log)()],
  'one that fails': (log) => [after(5, 'a', log), after(1, 'b', log, true), after(2, 'c', log)],
  'all fail': (log) => [after(2, 'a', log, true), after(1, 'b', log, true)],
  'one that throws first': (log) => [boom, after(1, 'a', log)],
  'one that throws last': (log) => [after(1, 'a', log), after(2, 'b', log), boom],
  'all throw': () => [boom, boom],
  'a rejected promise': () => [Promise.reject(new Error('x')), Promise.resolve(2)],
  'a mixture': (log) => [Promise.resolve(1), after(2, 'x', log), 3, undefined],
  thenables: (log) => [once(log), () => once(log)],
  'a then of its own': () => [Object.assign(new Promise(() => {}), { then: (resolve) => resolve('own') })],
  'a getter that throws': () => [
    1,
    {
      get then() {
        throw new Error('getter')
      },
    },
  ],
  'a subclass': () => [Sub.resolve('sub'), () => Sub.resolve('given')],
  'the same promise twice': () => {
    const promise = Promise.resolve('p')
    return [promise, promise, () => promise]
  },
  'the same function twice': (log) => {
    const f = after(1, 'f', log)
    return [f, f]
  },
  'functions that give functions': () => [() => boom],
  'an object': (log) => ({ b: after(2, 'b', log), a: 1, 5: () => 'five' }),
  'an object with a key __proto__': () => JSON.parse('{"__proto__": 1, "a": 2}'),
  'an object that fails': (log) => ({ a: after(2, 'a', log), b: after(1, 'b', log, true) }),
}

describe('a light call', () => {
  for (const [name, combine] of Object.entries(combinators)) {
    for (const [title, make] of Object.entries(works)) {
      it(`of ${name} ends as a full one: ${title}`, async () => {
        const seen = []
        for (const [way, run] of Object.entries(ways)) {
          const log = []
          seen.push([way, await ending(run(combine, make(log))), log])
        }
        for (const [way, end, log] of seen.slice(1)) {
          assert.deepEqual(end, seen[0][1], way)
          assert.deepEqual(log, seen[0][2], way)
        }
      })

      // Promise.all calls it at once, and a full call in a job of its own.
      if (title === 'a then of its own') continue
      it(`of ${name} takes as many microtasks, or up to two more: ${title}`, async () => {
        const light = await microtasks(ways.light(combine, make([])))
        const full = await microtasks(ways['with options'](combine, make([])))
        assert.ok(light >= full - 1 && light <= full + 2, `${light}, and not ${full}`)
      })
    }

    for (const length of [999, 1000, 1001, 1002]) {
      it(`of ${name} takes ${length} members`, async () => {
        for (const make of [(i) => i, (i) => () => i, (i) => async () => i, (i) => Promise.resolve(i)]) {
          const ends = []
          for (const run of Object.values(ways)) ends.push(await ending(run(combine, range(length).map(make))))
          assert.deepEqual(ends[1], ends[0])
          assert.deepEqual(ends[2], ends[0])
        }
      })
    }
  }
})

describe('a light call in which a Task turns up', () => {
  const task = () => hash('md5', 'a')
  const count = 3

  for (const [name, combine] of Object.entries(combinators)) {
    for (const place of range(count)) {
      it(`of ${name} goes on as a full one: place ${place}`, async () => {
        for (const form of ['array', 'object']) {
          const ends = []
          for (const run of Object.values(ways)) {
            const called = []
            const members = range(count).map((i) => () => {
              called.push(i)
              if (i === place) return task()
              // One that cannot decide the call before the Task does.
              return /race/.test(name) ? new Promise(() => {}) : name === 'any' ? Promise.reject(i) : i
            })
            const work = form === 'array' ? members : Object.fromEntries(members.map((f, i) => [`k${i}`, f]))
            ends.push(await ending(run(combine, work)))
            assert.deepEqual(called, range(count), 'each is called once, in order')
          }
          assert.ok('value' in ends[0])
          assert.deepEqual(ends[1], ends[0])
          assert.deepEqual(ends[2], ends[0])
        }
      })
    }

    it(`of ${name} keeps the failure of one that was called before`, async () => {
      const ends = []
      for (const run of Object.values(ways)) {
        ends.push(await ending(run(combine, [() => Promise.reject(new Error('before')), task])))
      }
      assert.deepEqual(ends[1], ends[0])
      assert.deepEqual(ends[2], ends[0])
    })
  }
})
