'use strict'
// What every maker of Tasks does with bad arguments: the tables come from the
// signatures, so that a new task is tested too.

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { previous } = require('../../lib/index.js')
const { native } = require('../../lib/task/native.js')
const makers = { ...require('../../lib/tasks.js'), ...require('../../lib/testing.js') }

// What takes chunks of a stream has no maker: see streams.test.js.
const definitions = native.tasks().filter(({ name }) => !name.endsWith('Chunk'))
const KEYED = ['sign', 'verify'] // what goes down is not what they are given: see sign.test.js
// As in lib/task/check.js.
const Type = { BOOL: 2, I32: 3, U32: 4, F64: 5, STRING: 8, BYTES: 9, ARRAY: 10 }

const nothing = [null, {}, [], true, 5n, Symbol('s'), () => {}, new Date(0)]
const noBytes = [5, NaN, ...nothing, new String('a'), [1, 2], Promise.resolve(), { length: 1, 0: 1 }]
noBytes.push(makers.noop(), { [Symbol.toStringTag]: 'ArrayBuffer', byteLength: 8, length: 8 })
const noNumber = ['5', '', ...nothing, new Number(5)]

function goodFor(param) {
  switch (param.type) {
    case Type.STRING:
      return param.words?.[0] ?? 'sha256'
    case Type.BYTES:
      return 'bytes'
    case Type.ARRAY:
      return Float64Array.of(1)
    default:
      return Number.isFinite(param.least) ? Math.max(param.least, 1) : 1
  }
}

/** Values of the wrong type, which make a TypeError. */
function wrongTypes(param) {
  switch (param.type) {
    case Type.STRING:
      return [5, ...nothing, new String('hex'), ...(param.words ? ['', 'HEX', 'hex ', 'utf8'] : [])]
    case Type.BYTES:
      return noBytes
    case Type.ARRAY:
      return ['text', ...noBytes, new ArrayBuffer(8), new DataView(new ArrayBuffer(8))]
    case Type.BOOL:
      return noNumber.filter((value) => typeof value !== 'boolean')
    default:
      return noNumber
  }
}

/** Numbers out of range, which make a RangeError. */
function outOfRange(param) {
  if (![Type.I32, Type.U32, Type.F64].includes(param.type)) return []
  const values = param.type === Type.F64 ? [NaN] : [NaN, 1.5, Infinity, -Infinity, 1e300, 2 ** 32]
  if (Number.isFinite(param.least)) values.push(param.least - 1, -Infinity)
  if (Number.isFinite(param.most)) values.push(param.most + 1, Infinity)
  return values
}

/** The fields of an object that must be there. */
function requiredOf(fields) {
  return Object.fromEntries(fields.filter(({ optional }) => !optional).map((field) => [field.name, goodFor(field)]))
}

/** Arguments of a task, all good but one. */
function argumentsWith(definition, at, value) {
  const { params } = definition
  const fields = params.filter(({ options }) => options !== undefined)
  const args = params.slice(0, params.length - fields.length).map(goodFor)
  if (definition.name === 'writeFile') args[0] = '/nonexistent/path'
  const needed = requiredOf(fields)
  if (at < args.length) args[at] = value
  else args.push({ ...needed, [params[at].name]: value })
  if (at < params.length - fields.length && fields.some(({ optional }) => !optional)) args.push(needed)
  return args
}

function assertBad(make, Class, code, words) {
  assert.throws(make, (error) => {
    assert.ok(error instanceof Class, inspect(error))
    assert.equal(error.constructor, Class)
    assert.equal(error.code, code)
    assert.ok(error.message.startsWith(words), `${error.message}\ndoes not start with\n${words}`)
    return true
  })
}

describe('arguments', () => {
  it('of every native task are tested here', () => {
    assert.ok(definitions.length >= 18)
    for (const { name } of definitions) assert.equal(typeof makers[name], 'function', name)
  })

  for (const definition of definitions) {
    const { name, params } = definition
    const make = makers[name]
    if (params.length === 0 || KEYED.includes(name)) continue

    describe(`of ${name}`, () => {
      params.forEach((param, at) => {
        if (name === 'writeFile' && at === 0) return // a path: see file.test.js
        if (param.name === 'params') return // an object: see codecs.test.js
        const words = `${name}: ${param.label} must be ${param.expected}, got `

        it(`${param.label} of another type`, () => {
          const values = [...wrongTypes(param)]
          if (!param.optional) values.push(undefined)
          for (const value of values) {
            const args = argumentsWith(definition, at, value)
            assertBad(() => make(...args), TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', words)
          }
        })

        if (outOfRange(param).length > 0) {
          it(`${param.label} out of range`, () => {
            for (const value of outOfRange(param)) {
              const args = argumentsWith(definition, at, value)
              const all = `${words}number ${value}`
              assertBad(() => make(...args), RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', all)
            }
          })

          it(`${param.label} at its bounds`, () => {
            for (const value of [param.least, param.most].filter(Number.isFinite)) {
              assert.equal(make(...argumentsWith(definition, at, value)).name, name)
            }
          })
        }

        it(`${param.label}: previous`, () => {
          const made = () => make(...argumentsWith(definition, at, previous))
          if (param.options === undefined) assert.equal(made().name, name)
          else assertBad(made, TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', words)
        })
      })

      it('none at all', () => {
        const error = (() => {
          try {
            make()
          } catch (thrown) {
            return thrown
          }
        })()
        assert.ok(error instanceof TypeError)
        assert.ok(error.message.startsWith(`${name}: argument "${params[0].name}" must be `))
      })

      if (params.at(-1).options === undefined) return

      it('options that are none', () => {
        const args = params.findIndex(({ options }) => options !== undefined)
        const good = params.slice(0, args).map(goodFor)
        const what = params[args].options
        for (const options of [null, 5, 'text', [], () => {}, previous]) {
          const words = `${name}: argument "${what}" must be an object, got `
          assertBad(() => make(...good, options), TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', words)
        }
        for (const key of ['unknown', 'toString', 'level ', 'constructor']) {
          const words = `${name}: argument "${what}" must be an object with `
          const made = () => make(...good, { [key]: 1 })
          assertBad(made, TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', words)
        }
        const needed = requiredOf(params.slice(args))
        const left = Object.fromEntries(params.slice(args).map((field) => [field.name, undefined]))
        assert.equal(make(...good, { ...left, ...needed }).name, name)
        if (Object.keys(needed).length > 0) return
        assert.equal(make(...good, undefined).name, name)
        assert.equal(make(...good, {}).name, name)
      })
    })
  }
})
