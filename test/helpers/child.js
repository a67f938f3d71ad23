'use strict'
// Runs a fixture in a Node.js process of its own. No test in here.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

// A child that has not ended by then hangs, and is killed.
const KILL_MS = Number(process.env.HEDDLE_TEST_KILL_MS ?? 50_000)

// Under a sanitizer (scripts/sanitize.js) all takes ten times as long, and what is
// wrong is seen sooner; scripts/platforms.js runs the same for many versions.
const FEW = process.env.HEDDLE_SANITIZE !== undefined || process.env.HEDDLE_TEST_FEW !== undefined

/** How often to repeat what is repeated. */
function repetitions(count) {
  return FEW ? Math.ceil(count / 15) : count
}

/**
 * Runs a file, and says how it ended.
 * @param {string} file its absolute path
 * @param {{args?: string[], env?: object, node?: string[]}} [options] `node` are
 *   options of Node's own; undefined in `env` takes a variable away
 * @returns {Promise<{code: number | null, signal: string | null, stdout: string, stderr: string}>}
 */
function run(file, { args = [], env = {}, node = [] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, file, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = { code: null, signal: null, stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (end[name] += text))
    }
    const killer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${path.basename(file)} hangs; it wrote:\n${end.stdout}${end.stderr}`))
    }, KILL_MS)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(killer)
      resolve({ ...end, code, signal })
    })
  })
}

/** Which threads run the tasks: the pool's, or own ones because it has but one. */
const threads = [
  { name: "on libuv's pool", UV_THREADPOOL_SIZE: undefined },
  { name: 'on own threads', UV_THREADPOOL_SIZE: '1' },
]

/**
 * One test for each kind of threads: the fixture has to end with the code or
 * signal, and to write at most a line of JSON, which `check` is given.
 * @param {{file: string, args?: string[], node?: string[], code?: number | null,
 *   signal?: string, stderr?: RegExp, times?: number}} options `times` it is run,
 *   one after the other
 */
function both(title, options, check = () => {}) {
  const { file, args, node, code = 0, signal = null, stderr = /^$/, times = 1 } = options
  for (const { name, UV_THREADPOOL_SIZE } of threads) {
    it(`${title}, ${name}`, async function () {
      this.timeout(2 * KILL_MS)
      for (let i = 0; i < repetitions(times); i++) {
        const end = await run(file, { args, node, env: { UV_THREADPOOL_SIZE } })
        assert.deepEqual([end.code, end.signal], [code, signal], end.stdout + end.stderr)
        assert.match(end.stderr, stderr)
        await check(end.stdout === '' ? undefined : JSON.parse(end.stdout), end)
      }
    })
  }
}

/** A new folder, and how many files are in it; removed after the suite. */
function scratch() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-'))
  after(() => fs.rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    count: () => fs.readdirSync(folder).length,
    empty: () => fs.readdirSync(folder).forEach((name) => fs.rmSync(path.join(folder, name))),
  }
}

module.exports = { run, both, repetitions, scratch }
