'use strict'
// docs/c-api.md says what is: its examples compile and load, and every name of the
// headers is in it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { load } = require('heddle')
const { compileText } = require('../helpers/plugin.js')
const { root } = require('../support.js')

const page = fs.readFileSync(path.join(root, 'docs', 'c-api.md'), 'utf8')
const header = fs.readFileSync(path.join(root, 'include', 'heddle.h'), 'utf8')

const examples = [...page.matchAll(/^```(c|cpp)\n(#include.*?)^```$/gms)].map((match) => ({
  line: page.slice(0, match.index).split('\n').length,
  cxx: match[1] === 'cpp',
  source: match[2],
}))

describe('docs/c-api.md', () => {
  const values = Float64Array.from({ length: 50_000 }, (_, i) => i)
  const calls = {
    dot: async (dot) => {
      assert.equal(await dot(Float64Array.of(1, 2, 3), Float64Array.of(1, 2, 3)), 14)
      await assert.rejects(async () => dot(values, new Float64Array(1)), { code: 'ERR_LENGTH' })
    },
    total: async (total) => assert.equal(await total(values), (49_999 * 50_000) / 2),
    scaled: async (scaled) => {
      assert.deepEqual(await scaled(Float64Array.of(1, 2), 3), Float64Array.of(3, 6))
      await assert.rejects(async () => scaled(new Float64Array(0), 1), { code: 'ERR_EMPTY' })
    },
  }

  it('has an example of each kind', () => {
    const names = examples.map(({ source }) => source.match(/\{"(\w+)"/)[1])
    assert.deepEqual(names.sort(), Object.keys(calls).sort())
  })

  for (const { line, cxx, source } of examples) {
    it(`has an example at line ${line} that works`, async () => {
      const tasks = load(compileText(source, { cxx }))
      for (const [name, task] of Object.entries(tasks)) await calls[name](task)
    })
  }

  it('has every function, macro and flag of heddle.h', () => {
    const functions = [...header.matchAll(/^static inline [^(]*?\**(heddle_\w+)\(/gm)]
    const macros = [...header.matchAll(/^#define (HEDDLE_(?!H\b)\w+)/gm)]
    const names = [...functions, ...macros].map(([, name]) => name)
    assert.ok(names.length > 30)
    for (const name of names) assert.ok(page.includes(name), name)
  })

  it('has every code that load() and tasks can give', () => {
    const sources = [
      'src/engine/task/library.c',
      'src/engine/task/call.c',
      'src/engine/task/step.c',
      'lib/plugin/load.js',
      'include/heddle.hpp',
    ]
    for (const source of sources) {
      const text = fs.readFileSync(path.join(root, source), 'utf8')
      for (const [, code] of text.matchAll(/['"](ERR_HEDDLE_[A-Z_]+)['"]/g)) {
        if (!/_START|_INVALID_ARG/.test(code)) assert.ok(page.includes(`\`${code}\``), code)
      }
    }
  })

  it('names files that exist', () => {
    for (const [, name] of page.matchAll(/\]\((\.\.\/[^)#]+)\)/g)) {
      assert.ok(fs.existsSync(path.join(root, 'docs', name)), name)
    }
  })
})
