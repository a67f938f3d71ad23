'use strict'
// Cases of a user's file: exports of the form
//
//   {
//     setup({ quick }) { return data }    // optional, once a process
//     promiseAll(data) { ... }            // what is there today
//     heddle(data) { ... }                // what it is compared with
//     anything(data) { ... }              // optional, further ways
//     check(results, data) { ... }        // optional, or false; results by name
//     teardown(data) { ... }              // optional, once a process
//   }

const { isDeepStrictEqual } = require('node:util')
const path = require('node:path')
const { comparison } = require('./comparison.js')
const { begin } = require('./doing.js')
const { BenchError } = require('./errors.js')
const { show } = require('../../lib/errors.js')

const HOOKS = ['setup', 'check', 'teardown']
const FORM = '{ promiseAll(), heddle() }, with optional setup(), check() and teardown()'

/** What check is where a case has none: all ways give what heddle gives. */
function sameResults(name) {
  return ({ heddle, ...others }) => {
    for (const [side, result] of Object.entries(others)) {
      if (isDeepStrictEqual(result, heddle)) continue
      throw new BenchError(
        `case '${name}': heddle() and ${side}() do not give the same result ` +
          '(write a check(results) if they need not, or check: false)',
      )
    }
  }
}

/** A check may throw, or return false. */
function ownCheck(name, check) {
  return async (results, data) => {
    let verdict
    try {
      verdict = await check(results, data)
    } catch (error) {
      throw new BenchError(`case '${name}': check() threw: ${error?.message ?? error}`, { cause: error })
    }
    if (verdict === false) throw new BenchError(`case '${name}': check() returned false`)
  }
}

function readCheck(name, check) {
  if (check === undefined) return sameResults(name)
  return check === false ? undefined : ownCheck(name, check)
}

function checkMember(where, key, value) {
  if (typeof value === 'function' || (key === 'check' && value === false)) return
  if (HOOKS.includes(key) && value === undefined) return
  const expected = key === 'check' ? 'a function or false' : 'a function'
  throw new BenchError(`${where}: '${key}' must be ${expected}, got ${show(value)}`)
}

function checkForm(name, given, file) {
  const where = `${path.basename(file)}: case '${name}'`
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new BenchError(`${where} must be ${FORM}, got ${show(given)}`)
  }
  for (const [key, value] of Object.entries(given)) checkMember(where, key, value)
  if (given.heddle === undefined) throw new BenchError(`${where} has no heddle(): it must be ${FORM}`)
  const ways = waysOf(given)
  if (ways.length === 1) {
    throw new BenchError(`${where} has nothing to compare heddle() with, such as promiseAll()`)
  }
  // JavaScript would put them before heddle.
  const number = ways.find((way) => /^\d+$/.test(way))
  if (number !== undefined) throw new BenchError(`${where}: '${number}' must have a name that is no number`)
}

/** Names of what is compared, ours first. */
function waysOf(given) {
  const others = Object.keys(given).filter((key) => key !== 'heddle' && !HOOKS.includes(key))
  return ['heddle', ...others]
}

/** @returns {import('./cases.js').Case} */
function readCase(name, given, file) {
  checkForm(name, given, file)
  // Called as methods, so that `this` is the case.
  const call = (key) => (...args) => {
    begin(`case '${name}': ${key}()`)
    return given[key](...args)
  }
  const ways = Object.fromEntries(waysOf(given).map((key) => [key, call(key)]))
  return comparison({
    group: '',
    title: name,
    setup: given.setup && call('setup'),
    teardown: given.teardown && call('teardown'),
    sides: () => ways,
    check: readCheck(name, given.check && call('check')),
  })
}

const NO_CASES = ['default', 'module.exports', '__esModule']
const isCase = (value) => typeof value?.heddle === 'function'

/**
 * The exports that are cases: named ones, and those of a default object, which is what
 * CommonJS exports. A default that is itself a case is called 'default'.
 */
function exportsOf(module) {
  const compiled = module.default?.__esModule === true // to CommonJS, from an ES module
  const space = compiled ? module.default : module
  const all = space.default
  const named = Object.entries(space).filter(([key]) => !NO_CASES.includes(key))
  if (!isCase(all)) return { ...(typeof all === 'object' ? all : undefined), ...Object.fromEntries(named) }
  // Of CommonJS, Node finds members, too, and makes them named exports.
  const others = named.filter(([key, value]) => all[key] !== value)
  return { ...Object.fromEntries(others), default: all }
}

/**
 * @param {object} module the namespace of the file
 * @param {string} file for messages
 * @returns {Map<string, import('./cases.js').Case>}
 */
function readCases(module, file) {
  const found = Object.entries(exportsOf(module))
  if (found.length === 0) {
    throw new BenchError(`${path.basename(file)} exports no cases; a case is ${FORM}`)
  }
  return new Map(found.map(([name, given]) => [name, readCase(name, given, file)]))
}

module.exports = { readCases }
