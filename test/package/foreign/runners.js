'use strict'
// The packed tarball under test runners, which evaluate modules anew, replace globals, and
// change what they cover.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { emptyFolder, inModules, run, succeed, unpackInto } = require('../helpers.js')
const { tool } = require('./tools.js')

// What is tried in each, by `runner`: {useFakeTimers, advance, useRealTimers}.
const TESTS = `
async function usesAll() {
  const digest = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
  const [sum, packed, two] = await parallel([hash('sha256', 'a'), gzip('a'), thread((n) => n + 1)(1)])
  const text = await gunzip(packed)
  assert.deepEqual([sum, String(text), two], [digest, 'a', 2])
  assert.deepEqual(await sequential([() => 'a', hash('sha256', previous)]), ['a', digest])
  assert.deepEqual(await map([1, 2], async (n) => n * 2, { concurrency: 1 }), [2, 4])
  assert.deepEqual(await sort(new Float64Array([2, 1])), new Float64Array([1, 2]))
}
async function failsInWords() {
  assert.throws(() => hash('sha256', 7), (error) => error instanceof TypeError && /argument "data" must be/.test(error.message))
  const error = await parallel([() => { throw new RangeError('mine') }]).catch((reason) => reason)
  assert.ok(error instanceof RangeError)
  const late = await timeout(new Promise(() => {}), 1).catch((reason) => reason)
  assert.ok(late instanceof TimeoutError)
  assert.equal(late.code, 'ERR_HEDDLE_TIMEOUT')
  const gone = await race([sleep(60_000)], { signal: AbortSignal.timeout(1) }).catch((reason) => reason)
  assert.equal(gone.name, 'TimeoutError')
}
async function bearsFakeTimers() {
  runner.useFakeTimers()
  try {
    const waits = [delay(60_000, 'late'), timeout(() => new Promise(() => {}), 60_000).catch((error) => error.code)]
    const tries = []
    const again = retry(({ attempt }) => { tries.push(attempt); if (attempt < 2) throw new Error('no') }, { minTimeout: 1000 })
    const [digest, three] = await parallel([hash('md5', ''), thread((n) => n + 1)(2)]) // time stands still
    assert.deepEqual([digest, three], ['d41d8cd98f00b204e9800998ecf8427e', 3])
    for (let turn = 0; turn < 50; turn++) await null
    for (let minute = 0; minute < 2; minute++) await runner.advance(60_000)
    assert.deepEqual(await Promise.all(waits), ['late', 'ERR_HEDDLE_TIMEOUT'])
    await again
    assert.deepEqual(tries, [1, 2])
  } finally {
    runner.useRealTimers()
  }
}
`
const NAMES = 'delay, map, parallel, previous, race, retry, sequential, thread, timeout, TimeoutError'
const TASKS = 'gunzip, gzip, hash, sort'

const commonjs = `const assert = require('node:assert')
const { ${NAMES} } = require('heddle')
const { ${TASKS} } = require('heddle/tasks')
const { sleep } = require('heddle/testing')
`
const esm = `import assert from 'node:assert'
import { ${NAMES} } from 'heddle'
import { ${TASKS} } from 'heddle/tasks'
import { sleep } from 'heddle/testing'
`
const calls = "test('uses all', usesAll)\ntest('fails in words', failsInWords)\ntest('bears fake timers', bearsFakeTimers)\n"

const jestRunner = `const runner = { useFakeTimers: () => jest.useFakeTimers(), useRealTimers: () => jest.useRealTimers(),
  advance: (ms) => jest.advanceTimersByTimeAsync(ms) }
`
const ANEW = `test('with modules evaluated anew', async () => {
  const first = { ...require('heddle'), ...require('heddle/tasks') }
  jest.resetModules()
  const second = { ...require('heddle'), ...require('heddle/tasks') }
  assert.notEqual(first.parallel, second.parallel)
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
  assert.deepEqual(await second.parallel([first.hash('md5', ''), second.hash('md5', '')]), [md5, md5])
  assert.deepEqual(await first.parallel([first.hash('md5', ''), second.hash('md5', '')]), [md5, md5])
  assert.equal((await second.timeout(first.delay(60_000, 0, { unref: true }), 1).catch((error) => error)).code, 'ERR_HEDDLE_TIMEOUT')
})
`

const vitestRunner = `import { test, vi } from 'vitest'
const runner = { useFakeTimers: () => vi.useFakeTimers(), useRealTimers: () => vi.useRealTimers(),
  advance: (ms) => vi.advanceTimersByTimeAsync(ms) }
`
// node:test's timers stand still until they are told, and what they start runs in later turns.
const nodeRunner = `import { mock, test } from 'node:test'
const runner = { useFakeTimers: () => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] }),
  useRealTimers: () => mock.timers.reset(),
  advance: async (ms) => { mock.timers.tick(ms); for (let turn = 0; turn < 50; turn++) await null } }
`

describe('test runners', () => {
  const made = emptyFolder()
  const write = (name, text) => fs.writeFileSync(path.join(made.folder, name), text)

  before(() => {
    unpackInto(made.folder)
    write('package.json', '{"name":"consumer","type":"commonjs"}')
    write('covered.cjs', 'exports.twice = (n) => (n > 0 ? n * 2 : 0)\n')
  })

  describe('jest', () => {
    const there = () => ({ cwd: made.folder, env: { ...made.env, CI: '1' } })
    const cli = () => path.join(tool('jest'), 'bin', 'jest.js')
    const jest = (...args) => {
      const { output } = succeed(process.execPath, [cli(), '--rootDir', made.folder, '--no-cache', ...args], there())
      return output
    }

    before(() => {
      const text = commonjs + jestRunner + TESTS + calls + ANEW
      for (const name of ['one', 'two']) write(`${name}.jest.cjs`, text)
      write('sent.jest.cjs', `${commonjs}const { twice } = require('./covered.cjs')
test('a covered function is sent', async () => {
  assert.deepEqual([twice(2), await thread((n) => (n > 0 ? n * 2 : 0))(2)], [4, 4])
})\n`)
      write('jest.config.json', JSON.stringify({
        testMatch: ['**/*.jest.cjs'],
        moduleFileExtensions: ['js', 'cjs', 'json', 'node'],
        transform: {},
        // What runs in the folder of the tools is found there.
        testEnvironment: 'node',
      }))
    })

    it('several files in one process, and no handle that is left open', () => {
      const output = jest('--runInBand', '--detectOpenHandles', 'one', 'two')
      assert.match(output, /Tests: +8 passed, 8 total/)
      assert.doesNotMatch(output, /open handle|did not exit/i)
    })

    it('a process for each file', () => {
      const output = jest('--maxWorkers=2', 'one', 'two')
      assert.match(output, /Tests: +8 passed, 8 total/)
      assert.doesNotMatch(output, /failed to exit|did not exit/i)
    })

    it('jsdom', () => {
      const environment = path.join(tool('jest-environment-jsdom'), 'build', 'index.js')
      assert.match(jest('--env', environment, 'one'), /Tests: +4 passed, 4 total/)
    })

    for (const provider of ['babel', 'v8']) {
      it(`coverage by ${provider}`, () => {
        const files = ['--collectCoverageFrom=*.cjs', '--coverageReporters=text']
        const output = jest('--coverage', `--coverageProvider=${provider}`, ...files, '--testPathPatterns', 'sent|one')
        assert.match(output, /Tests: +5 passed, 5 total/)
        assert.match(output, /covered\.cjs/)
      })
    }
  })

  describe('vitest', () => {
    for (const pool of ['threads', 'forks', 'vmThreads', 'vmForks']) {
      it(pool, () => {
        const folder = path.join(made.folder, pool)
        fs.mkdirSync(folder)
        for (const name of ['one', 'two']) {
          fs.writeFileSync(path.join(folder, `${name}.test.mjs`), esm + vitestRunner + TESTS + calls)
        }
        const target = path.join(made.folder, 'node_modules', 'vitest')
        if (!fs.existsSync(target)) fs.symlinkSync(inModules('vitest'), target)
        const args = [path.join(inModules('vitest'), 'vitest.mjs'), 'run', '--root', folder, '--pool', pool]
        const { output } = succeed(process.execPath, args, { cwd: folder, env: { ...made.env, CI: '1' } })
        assert.match(output, /Tests +6 passed/)
        assert.doesNotMatch(output, /unhandled|hanging|timed out/i)
      })
    }
  })

  it('node --test, with mocked timers', () => {
    const text = esm + nodeRunner + TESTS + calls
    for (const name of ['one', 'two']) write(`${name}.test.mjs`, text)
    const args = ['--test', '--test-reporter=tap', 'one.test.mjs', 'two.test.mjs']
    const { output } = succeed(process.execPath, args, { cwd: made.folder, env: made.env })
    assert.match(output, /# fail 0/)
    assert.match(output, /# pass [1-9]/)
  })

  it('two versions in one process understand each other', () => {
    const other = path.join(made.folder, 'node_modules', 'other', 'node_modules')
    fs.mkdirSync(other, { recursive: true })
    fs.cpSync(path.join(made.folder, 'node_modules', 'heddle'), path.join(other, 'heddle'), { recursive: true })
    const manifest = path.join(other, 'heddle', 'package.json')
    fs.writeFileSync(manifest, JSON.stringify({ ...JSON.parse(fs.readFileSync(manifest)), version: '0.0.1' }))
    fs.writeFileSync(path.join(other, '..', 'index.js'), "module.exports = { ...require('heddle'), ...require('heddle/tasks') }")
    write('versions.cjs', `const assert = require('node:assert')
const mine = { ...require('heddle'), ...require('heddle/tasks') }
const theirs = require('other')
const md5 = '0cc175b9c0f1b6a831c399e269772661'
void (async () => {
  assert.notEqual(mine.parallel, theirs.parallel)
  for (const [a, b] of [[mine, theirs], [theirs, mine]]) {
    assert.deepEqual(await a.parallel([b.hash('md5', 'a'), a.hash('md5', 'a'), b.thread((n) => n + 1)(1)]), [md5, md5, 2])
    assert.deepEqual(await a.sequential([() => 'a', a.hash('md5', b.previous)]), ['a', md5])
    assert.deepEqual(await a.map([1, 2, 3], (n) => (n === 2 ? b.mapSkip : n)), [1, 3])
    for (const method of ['then', 'catch', 'finally']) {
      assert.throws(() => a.Task.prototype[method].call(b.hash('md5', 'a')), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    }
    const late = await a.timeout(b.delay(60_000, 0, { unref: true }), 1).catch((error) => error)
    assert.deepEqual([late.code, late.name, late instanceof b.TimeoutError], ['ERR_HEDDLE_TIMEOUT', 'TimeoutError', false])
  }
  console.log('ok')
})()`)
    const { output } = run(process.execPath, ['versions.cjs'], { cwd: made.folder, env: made.env })
    assert.equal(output, 'ok\n')
  })
})
