'use strict'
// Built-in prototypes that have been added to, or frozen.

const assert = require('node:assert/strict')
const path = require('node:path')
const { run } = require('../helpers/child.js')
const { all } = require('./fixtures/uses.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)
const ERRORS = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'AggregateError']
const OTHERS = ['Array', 'Promise', 'Map', 'Set', 'WeakMap', 'Uint8Array', 'ArrayBuffer', 'AbortSignal', 'DOMException']

describe('lifecycle: built-in prototypes', function () {
  this.timeout(120_000)
  let right

  before(async () => {
    right = JSON.parse(JSON.stringify(await all()))
    for (const text of Object.values(right)) assert.doesNotMatch(text, /^threw/)
  })

  it('what was added to Object.prototype is no option and no field', async () => {
    const end = await run(fixture('polluted.js'))
    assert.equal(end.code, 0, end.stderr)
    const said = JSON.parse(end.stdout)
    assert.deepEqual(said.right, right)
    assert.deepEqual(said.wrong, {})
  })

  const frozen = {
    errors: ['Error'],
    'errors of all kinds': ERRORS,
    'objects and functions': ['Object', 'Function'],
    'all of them': ['Object', 'Function', ...ERRORS, ...OTHERS],
  }
  for (const [title, names] of Object.entries(frozen)) {
    it(`those of ${title} are frozen`, async () => {
      const end = await run(fixture('frozen.js'), { args: names })
      assert.equal(end.code, 0, end.stderr)
      assert.deepEqual(JSON.parse(end.stdout), right)
    })
  }

  it('all of them are, by --frozen-intrinsics', async () => {
    const end = await run(fixture('frozen.js'), { node: ['--frozen-intrinsics', '--no-warnings'] })
    assert.equal(end.code, 0, end.stderr)
    assert.deepEqual(JSON.parse(end.stdout), right)
  })
})
