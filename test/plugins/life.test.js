'use strict'
// How long a library lives: one mapping for all environments, until the process
// ends, whatever is in flight; hooks once.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { load, include } = require('heddle')
const { both, run } = require('../helpers/child.js')
const { compileTasks } = require('../helpers/plugin.js')
const { temporaryFolder } = require('../support.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)
const file = fixture('life.js')

describe('load: the object', () => {
  const at = temporaryFolder()
  const source = 'static heddle_status f(heddle_call *call) { (void)call; return HEDDLE_OK; }'
  const rows = '{"toString", "-> void", f, 0}, {"__proto__", "-> void", f, 0}'
  let plain

  before(() => {
    plain = compileTasks(source, rows)
  })

  it('is the same for the same library, by path and URL', () => {
    const tasks = load(plain)
    assert.equal(load(plain), tasks)
    assert.equal(load(pathToFileURL(plain)), tasks)
    assert.equal(load(pathToFileURL(plain).href), tasks)
    assert.equal(load(path.join(path.dirname(plain), '.', path.basename(plain))), tasks)
  })

  it('is the same by a link', function () {
    if (process.platform === 'win32') this.skip() // it takes a right that few have
    fs.symlinkSync(plain, at('link'))
    assert.equal(load(at('link')), load(plain))
  })

  it('is another one for a copy', () => {
    fs.copyFileSync(plain, at('copy.heddle'))
    assert.notEqual(load(at('copy.heddle')), load(plain))
  })

  it('has the tasks and nothing else', async () => {
    const tasks = load(plain)
    assert.equal(Object.getPrototypeOf(tasks), null)
    assert.deepEqual(Object.keys(tasks).sort(), ['__proto__', 'toString'])
    assert.equal(await tasks.toString(), undefined)
  })

  it('is for a header that is in heddle.include', () => {
    assert.ok(path.isAbsolute(include))
    assert.ok(fs.existsSync(path.join(include, 'heddle.h')))
  })
})

describe('load: the life of a library', () => {
  const hooks = /^init 1\nfini\n$/

  const shared = { file, args: ['shared'], stderr: hooks }
  both('is one for all environments', shared, (counts) => {
    assert.deepEqual(counts, [1, 2, 3, 4, 5, 6, 7])
  })

  for (const way of ['terminated', 'terminated loop']) {
    const options = { file, args: [way], stderr: hooks, times: 5 }
    both(`lasts longer than the worker that loaded it: ${way}`, options, (code) => {
      assert.equal(code, 1)
    })
  }

  both('ends with the process', { file, args: ['natural'], stderr: hooks }, (count) => {
    assert.equal(count, 1)
  })

  it('does not end under a task that runs', async function () {
    if (process.platform === 'win32') this.skip() // other threads end before any handler runs there
    // On own threads no task does then: they are joined.
    const end = await run(file, { args: ['abrupt'], env: { UV_THREADPOOL_SIZE: undefined } })
    assert.deepEqual(end, { code: 5, signal: null, stdout: '', stderr: 'init 1\n' })
  })

  for (const way of ['exit', 'exit loop']) {
    const options = { file, args: [way], code: 3, stderr: hooks, times: 5 }
    both(`lasts until its tasks have stopped: ${way}`, options)
  }
})
