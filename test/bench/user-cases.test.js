'use strict'
// What a user's file may export, and what becomes of it; in this process.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { pathToFileURL } = require('node:url')
const { readCases } = require('../../bench/harness/user-cases.js')
const { temporaryFolder } = require('../support.js')

const quick = { quick: true }
const read = (module) => readCases(module, '/somewhere/my-cases.mjs')
const one = () => 1
const plain = { promiseAll: one, heddle: one }

describe("a user's case", () => {
  const run = (given) => read({ given }).get('given').run(quick)

  it('calls its functions as methods, in order, with the data', async () => {
    const log = []
    const note = (name, result) =>
      function (...args) {
        log.push([name, this, ...args])
        return result
      }
    const given = {
      check: note('check'),
      promiseAll: note('promiseAll', 'a'),
      teardown: note('teardown'),
      setup: note('setup', 'data'),
      heddle: note('heddle', 'b'),
      pool: note('pool', 'c'),
    }
    const { rows } = await run(given)
    assert.ok(log.every(([, self]) => self === given))
    const calls = log.map(([name, , ...args]) => [name, ...args])
    const ways = ['heddle', 'promiseAll', 'pool'].map((name) => [name, 'data'])
    assert.deepEqual(calls[0], ['setup', quick])
    assert.deepEqual(calls.slice(1, 4), ways)
    const results = { heddle: 'b', promiseAll: 'a', pool: 'c' }
    const at = calls.findIndex(([name]) => name === 'check')
    assert.equal(at, 7, 'after the second round')
    assert.deepEqual(calls[at], ['check', results, 'data'])
    assert.deepEqual(calls.at(-1), ['teardown', 'data'])
    assert.deepEqual(rows.map(({ rival }) => rival), ['promiseAll', 'pool'])
  })

  it('needs two ways, and nothing else', async () => {
    const { group, title, sides } = read({ plain }).get('plain')
    assert.deepEqual([group, title, Object.keys(sides(quick))], ['', 'plain', ['heddle', 'promiseAll']])
    await run(plain)
    await run({ ...plain, setup: undefined, check: undefined, teardown: undefined })
  })

  it('waits for what is asynchronous', async () => {
    const given = {
      setup: async () => 'data',
      heddle: async (data) => data,
      promiseAll: async (data) => data,
      check: async ({ heddle, promiseAll }, data) => heddle === data && promiseAll === data,
    }
    await run(given)
  })

  it('has to give the same from all ways', async () => {
    await run({ heddle: () => [{ a: 1 }], promiseAll: () => [{ a: 1 }] })
    await assert.rejects(run({ heddle: () => [1], other: () => ['1'] }), {
      name: 'Error',
      message: /^case 'given': heddle\(\) and other\(\) do not give the same result \(write a check/,
    })
  })

  it('need not, if it says so', async () => {
    await run({ heddle: () => 1, promiseAll: () => 2, check: false })
    await run({ heddle: () => 1, promiseAll: () => 2, check: () => undefined })
  })

  it('may say that it does not', async () => {
    const fails = (check, message) => assert.rejects(run({ ...plain, check }), { message })
    await fails(() => false, "case 'given': check() returned false")
    await fails(async () => false, "case 'given': check() returned false")
    await fails(() => Promise.reject(new Error('odd')), "case 'given': check() threw: odd")
    await fails(() => assert.equal(1, 2), /^case 'given': check\(\) threw: Expected values/)
    await fails(() => {
      throw null // as a hostile one may
    }, "case 'given': check() threw: null")
  })

  it('is torn down after a failure, too', async () => {
    const log = []
    const given = { ...plain, check: () => false, setup: () => 7, teardown: (data) => log.push(data) }
    await assert.rejects(run(given), /check\(\) returned false/)
    assert.deepEqual(log, [7])
  })

  const forms = {
    'a number': [1, /case 'x' must be \{ promiseAll\(\), heddle\(\) \}, .*, got number 1$/],
    null: [null, /case 'x' must be .*, got null$/],
    'a list': [[plain], /case 'x' must be .*, got an instance of Array$/],
    'a function': [one, /case 'x' must be .*, got function one$/],
    'an empty object': [{}, /case 'x' has no heddle\(\)/],
    'no heddle()': [{ promiseAll: one }, /case 'x' has no heddle\(\): it must be \{ promiseAll/],
    'nothing to compare with': [{ heddle: one, setup: one }, /case 'x' has nothing to compare heddle/],
    'a member that is no function': [{ ...plain, other: 5 }, /case 'x': 'other' must be a function, got number 5/],
    'a way that is undefined': [{ ...plain, other: undefined }, /'other' must be a function, got undefined/],
    'heddle that is no function': [{ ...plain, heddle: true }, /'heddle' must be a function, got boolean true/],
    'setup that is no function': [{ ...plain, setup: null }, /'setup' must be a function, got null/],
    'check: true': [{ ...plain, check: true }, /'check' must be a function or false, got boolean true/],
    'a number for a name': [{ ...plain, 10: one }, /case 'x': '10' must have a name that is no number/],
  }
  for (const [what, [given, words]] of Object.entries(forms)) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => read({ x: given }), (error) => {
        assert.match(error.message, /^my-cases\.mjs: /)
        assert.match(error.message, words)
        return true
      })
    })
  }
})

describe("the exports of a user's file", () => {
  const at = temporaryFolder()

  async function namesOf(name, source) {
    fs.writeFileSync(at(name), source)
    const cases = readCases(await import(pathToFileURL(at(name)).href), at(name))
    for (const case_ of cases.values()) await case_.run(quick)
    return [...cases.keys()]
  }

  const literal = '{ promiseAll() { return 1 }, heddle() { return 1 } }'
  const files = {
    'named ones': ['a.mjs', `export const b = ${literal}; export const a = ${literal}`, ['a', 'b']],
    'those of a default object': ['b.mjs', `export default { b: ${literal}, a: ${literal} }`, ['b', 'a']],
    'a default that is a case': ['c.mjs', `export default ${literal}`, ['default']],
    'named ones, and a default': [
      'd.mjs',
      `export const a = ${literal}; export default ${literal}`,
      ['a', 'default'],
    ],
    'those of CommonJS': ['e.cjs', `exports.a = ${literal}; exports.b = ${literal}`, ['a', 'b']],
    'those of module.exports': ['f.cjs', `module.exports = { a: ${literal} }`, ['a']],
    'module.exports that is a case': [
      'g.cjs',
      'const heddle = () => 1, promiseAll = heddle; module.exports = { heddle, promiseAll }',
      ['default'],
    ],
    'a module that was compiled to CommonJS': [
      'h.cjs',
      `Object.defineProperty(exports, '__esModule', { value: true })
       exports.a = ${literal}; exports.default = ${literal}`,
      ['a', 'default'],
    ],
  }
  for (const [what, [name, source, names]] of Object.entries(files)) {
    it(`are cases: ${what}`, async () => assert.deepEqual(await namesOf(name, source), names))
  }

  const nothing = {
    nothing: ['n.mjs', ''],
    'an empty default': ['o.mjs', 'export default {}'],
    'a default of null': ['p.mjs', 'export default null'],
    'a default function': ['q.mjs', 'export default function f() {}'],
    'an empty module.exports': ['r.cjs', 'module.exports = {}'],
  }
  for (const [what, [name, source]] of Object.entries(nothing)) {
    it(`are no cases: ${what}`, async () => {
      const words = new RegExp(`^${name} exports no cases; a case is \\{ promiseAll\\(\\), heddle\\(\\) \\}`)
      await assert.rejects(namesOf(name, source), { message: words })
    })
  }
})
