'use strict'
// What Node.js was told to load first is loaded on threads, as in a Worker made from a file.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { child, temporaryFolder } = require('../support.js')

const folder = temporaryFolder()

/** A module that notes that it was loaded. */
function write(name, value) {
  const file = folder(name)
  fs.writeFileSync(file, `globalThis.order = [...(globalThis.order ?? []), ${value}]`)
  return file
}

/** What had been loaded on a thread before its function. */
function loaded({ flags = [], variable = '', options = {} }) {
  const script = `
    const made = require('heddle').thread(() => globalThis.order, ${JSON.stringify(options)})
    made().then((order) => console.log(JSON.stringify(order ?? [])), ({ code, message }) => console.log(JSON.stringify([code, message])))`
  const { stdout, stderr } = child(script, { flags, env: { NODE_OPTIONS: variable } })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

describe('thread: preloads', () => {
  it('of --import and --require are loaded, in their order', () => {
    const [one, two, three] = [write('1.mjs', 1), write('2.mjs', 2), write('3.cjs', 3)]
    assert.deepEqual(loaded({ flags: ['--import', one, `--import=${two}`] }), [1, 2])
    assert.deepEqual(loaded({ flags: ['--import', one, '--require', three] }), [3, 1])
    assert.deepEqual(loaded({}), [])
  })

  it('of NODE_OPTIONS are loaded before, paths with blanks too', () => {
    const [one, two] = [write('1.mjs', 1), write('with blanks.mjs', 2)]
    assert.deepEqual(loaded({ flags: ['--import', one], variable: `--import "${two}" --no-warnings` }), [2, 1])
    assert.deepEqual(loaded({ variable: `--import=${one}` }), [1])
  })

  it('of the option execArgv are loaded in place of the flags', () => {
    const [one, two] = [write('1.mjs', 1), write('2.mjs', 2)]
    assert.deepEqual(loaded({ flags: ['--import', one], options: { execArgv: ['--import', two] } }), [2])
  })

  it('that fail keep a thread from starting, and say why', () => {
    const [code, message] = loaded({ options: { execArgv: ['--import', folder('none.mjs')] } })
    assert.equal(code, 'ERR_HEDDLE_THREAD_START')
    assert.match(message, /none\.mjs/)
  })
})
