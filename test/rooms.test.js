'use strict'
// The rooms of lib/: that the rules which keep them apart are kept, and bite.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { ESLint } = require('eslint')
const { root } = require('./support.js')

const RULES = ['import-x/no-restricted-paths', 'import-x/no-unresolved', 'rooms/no-circle']
const [ROOMS, UNRESOLVED, CIRCLE] = RULES

describe('the rooms of lib/', () => {
  const eslint = new ESLint({ cwd: root })

  /** The rules that a file breaks which requires this. */
  async function broken(file, name) {
    const text = `'use strict'\n\nmodule.exports = () => require('${name}')\n`
    const [{ messages }] = await eslint.lintText(text, { filePath: path.join(root, 'lib', file) })
    return messages.map(({ ruleId }) => ruleId)
  }

  const allowed = {
    'index.js': ['./combinators/race.js', './task/task.js', './errors.js'],
    'combinators/new.js': ['./race.js', '../call/list.js', '../task/task.js', '../thread/index.js'],
    'call/new.js': ['./call.js', '../task/task.js', '../errors.js', 'node:path'],
    'task/new.js': ['./task.js', './native.js', '../errors.js', '../late.js'],
    'late.js': ['./call/stack.js'],
    'task/native.js': ['../load.js', '../errors.js'],
    'limit/new.js': ['./gate.js', '../call/signal.js', '../task/clock.js', '../errors.js'],
    'thread/new.js': ['./host.js', '../call/options.js', '../task/members.js'],
    'plugin/new.js': ['./binary.js', '../call/options.js', '../task/maker.js'],
    'cli/new.js': ['./main.js', '../index.js', '../tasks.js', '../../package.json'],
  }

  const refused = {
    'errors.js': ['./task/keep.js'],
    'load.js': ['./task/keep.js'],
    'late.js': ['./task/task.js', './call/options.js'],
    'combinators/new.js': ['../index.js', '../plugin/load.js', '../load.js'],
    'call/new.js': ['../combinators/race.js', '../thread/errors.js', '../index.js'],
    'task/new.js': ['../call/queue.js', '../thread/protocol.js', '../load.js'],
    'task/native.js': ['./keep.js', '../call/queue.js'],
    'limit/new.js': ['../call/call.js', '../combinators/race.js', '../thread/index.js', '../index.js'],
    'thread/new.js': ['../call/call.js', '../combinators/race.js', '../plugin/load.js'],
    'plugin/new.js': ['../call/call.js', '../thread/index.js'],
    'cli/new.js': ['../task/native.js', '../call/call.js', '../combinators/race.js'],
  }

  for (const [file, names] of Object.entries(allowed)) {
    it(`lib/${file} may require ${names.join(', ')}`, async () => {
      for (const name of names) assert.deepEqual(await broken(file, name), [], name)
    })
  }

  for (const [file, names] of Object.entries(refused)) {
    it(`lib/${file} may not require ${names.join(', ')}`, async () => {
      for (const name of names) assert.deepEqual(await broken(file, name), [ROOMS], name)
    })
  }

  const rooms = fs.readdirSync(path.join(root, 'lib')).filter((name) => !/\.js$|^bench$/.test(name))

  for (const room of rooms) {
    it(`no file of lib/${room} requires a package, or what is beside lib/`, async () => {
      for (const name of ['mocha', '../../scripts/tree.js', '../../eslint.config.js']) {
        assert.deepEqual(await broken(`${room}/new.js`, name), [ROOMS], name)
      }
      assert.deepEqual(await broken(`${room}/new.js`, './none.js'), [UNRESOLVED])
    })
  }

  it('no file requires itself, directly or by others', async () => {
    const circles = {
      'call/call.js': './list.js',
      'task/keep.js': './keep.js',
      'task/check.js': './group.js',
      'task/members.js': './start.js',
    }
    const ends = []
    for (const [file, name] of Object.entries(circles)) ends.push(await broken(file, name))
    assert.deepEqual(ends, [[CIRCLE], [CIRCLE], [CIRCLE], []])
  })

  it('all of lib/ keeps to this', async () => {
    const results = await eslint.lintFiles('lib')
    const found = results.flatMap(({ messages }) => messages)
    assert.deepEqual(
      found.filter(({ ruleId }) => RULES.includes(ruleId)).map(({ message }) => message),
      [],
    )
  })
})
