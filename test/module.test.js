'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const vm = require('node:vm')
const heddle = require('heddle')
const tasks = require('heddle/tasks')
const testing = require('heddle/testing')

describe('module', () => {
  it('is the same by import and by require, with every name', async () => {
    for (const [name, required] of Object.entries({ heddle, 'heddle/tasks': tasks, 'heddle/testing': testing })) {
      const imported = { ...(await import(name)) }
      assert.equal(imported.default, required)
      delete imported.default
      delete imported['module.exports'] // newer versions of Node have it
      assert.deepEqual(imported, { ...required })
    }
  })

  it('gives package.json and no inner files', () => {
    assert.equal(require('heddle/package.json').name, 'heddle')
    assert.throws(() => require('heddle/lib/task/task.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
  })

  it('works as two copies side by side', async () => {
    const lib = path.join(__dirname, '..', 'lib') + path.sep
    const cached = Object.keys(require.cache).filter((file) => file.startsWith(lib))
    const saved = cached.map((file) => [file, require.cache[file]])
    for (const file of cached) delete require.cache[file]
    try {
      const other = require('../lib/index.js')
      const otherTasks = require('../lib/tasks.js')
      assert.notEqual(other.parallel, heddle.parallel)
      const [theirs, ours] = await Promise.all([
        other.parallel([otherTasks.hash('sha256', 'a')]),
        heddle.parallel([tasks.hash('sha256', 'a')]),
      ])
      assert.deepEqual(theirs, ours)
      // Another copy's Task is a thenable as any other, not one of ours.
      assert.deepEqual(await heddle.parallel([otherTasks.hash('sha256', 'a')]), ours)
      assert.throws(() => heddle.chain(otherTasks.hash('sha256', 'a')), TypeError)
      assert.equal(await otherTasks.hash('sha256', 'a'), ours[0])
    } finally {
      for (const [file, module] of saved) require.cache[file] = module
    }
  })

  it('works from other contexts, with their arrays, objects and buffers', async () => {
    const context = vm.createContext({ heddle, tasks })
    const result = vm.runInContext(
      `heddle.parallel({ a: tasks.sum(new Float64Array([1, 2])), b: tasks.hash('md5', new Uint8Array(2)) })`,
      context,
    )
    const expected = await tasks.hash('md5', Buffer.alloc(2))
    assert.deepEqual(await result, { a: 3, b: expected })
    assert.deepEqual(await vm.runInContext(`heddle.parallel([tasks.sum(new Int8Array([5]))])`, context), [5])
  })
})
