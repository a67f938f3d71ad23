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
const { BenchError } = require('./errors.js')
const { show } = require('../errors.js')

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

function checkForm(name, given, file) {
  const where = `${path.basename(file)}: case '${name}'`
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new BenchError(`${where} must be ${FORM}, got ${show(given)}`)
  }
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === 'function' || (key === 'check' && value === false)) continue
    if (HOOKS.includes(key) && value === undefined) continue
    throw new BenchError(`${where}: '${key}' must be a function, got ${show(value)}`)
  }
  if (given.heddle === undefined) throw new BenchError(`${where} has no heddle(): it must be ${FORM}`)
  if (Object.keys(given).every((key) => key === 'heddle' || HOOKS.includes(key))) {
    throw new BenchError(`${where} has nothing to compare heddle() with, such as promiseAll()`)
  }
}

/** @returns {import('./cases.js').Case} */
function readCase(name, given, file) {
  checkForm(name, given, file)
  const { setup, teardown, check } = given
  const others = Object.keys(given).filter((key) => key !== 'heddle' && !HOOKS.includes(key))
  // Called as methods, so that `this` is the case.
  const call = (key) => (data) => given[key](data)
  const sides = Object.fromEntries(['heddle', ...others].map((key) => [key, call(key)]))
  return comparison({
    group: '',
    title: name,
    setup: setup && ((mode) => given.setup(mode)),
    teardown: teardown && call('teardown'),
    sides: () => sides,
    check: readCheck(name, check && ((...args) => given.check(...args))),
  })
}

/** The exports that are cases: named ones, and those of a default object or of CommonJS. */
function exportsOf(module) {
  const { default: all, ...named } = module
  delete named['module.exports'] // what Node 23 and later add of CommonJS
  if (typeof all?.heddle === 'function') return { ...named, default: all }
  return { ...(typeof all === 'object' ? all : undefined), ...named }
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
