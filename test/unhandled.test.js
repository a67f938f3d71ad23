'use strict'
// Rejections that nobody handled: told once, and only of promises that somebody
// asked for. Each case is a process of its own.

const assert = require('node:assert/strict')
const { child } = require('./support.js')

/** Runs code, and gives the messages of the rejections that went unhandled. */
function unhandled(code) {
  const { status, stdout, stderr } = child(`
    const heddle = require('./lib/index.js')
    const { parallel, sequential, race, chain, run } = heddle
    const { gunzip, hash, file } = require('./lib/tasks.js')
    const { noop, sleep } = require('./lib/testing.js')
    const seen = []
    process.on('unhandledRejection', (error) => seen.push(error.code))
    process.on('exit', () => console.log(JSON.stringify(seen)))
    ;(async () => { ${code} })()
  `)
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

describe('unhandled rejections', () => {
  it('none of a Task that nobody asked for', () => {
    assert.deepEqual(unhandled(`gunzip('x'); chain(gunzip('x'), noop()); await sleep(20)`), [])
  })

  it('one of one .then that nobody caught', () => {
    assert.deepEqual(unhandled(`gunzip('x').then()`), ['Z_BUF_ERROR'])
    assert.deepEqual(unhandled(`gunzip('x').finally(() => {})`), ['Z_BUF_ERROR'])
    assert.deepEqual(unhandled(`await gunzip('x')`), ['Z_BUF_ERROR'])
  })

  it('one of .then on a Task that had failed before', () => {
    const code = `const task = gunzip('x'); await task.catch(() => {}); task.then()`
    assert.deepEqual(unhandled(code), ['Z_BUF_ERROR'])
  })

  it('none when it was caught', () => {
    assert.deepEqual(unhandled(`gunzip('x').catch(() => {})`), [])
    assert.deepEqual(unhandled(`gunzip('x').then(() => {}).catch(() => {})`), [])
    assert.deepEqual(unhandled(`await Promise.allSettled([gunzip('x'), gunzip('x')])`), [])
    assert.deepEqual(unhandled(`await Promise.all([gunzip('x'), gunzip('x')]).catch(() => {})`), [])
  })

  it('one of a combinator that nobody caught, however many members failed', () => {
    const list = `Array.from({ length: 50 }, () => gunzip('x'))`
    assert.deepEqual(unhandled(`parallel(${list})`), ['Z_BUF_ERROR'])
    assert.deepEqual(unhandled(`race(${list})`), ['Z_BUF_ERROR'])
    assert.deepEqual(unhandled(`sequential(${list})`), ['Z_BUF_ERROR'])
  })

  it('none of members when the combinator was caught', () => {
    const list = `[gunzip('x'), sleep(20), gunzip('x'), chain(gunzip('x'), noop())]`
    for (const call of [
      `parallel(${list})`,
      `parallel(${list}, { stopOnError: false })`,
      `race(${list})`,
      `sequential(${list})`,
      `run(gunzip('x'))`,
    ]) {
      assert.deepEqual(unhandled(`await ${call}.catch(() => {}); await sleep(30)`), [], call)
    }
  })

  it('none of losers and aborted members', () => {
    const code = `
      const controller = new AbortController()
      const { signal } = controller
      const calls = [
        race([sleep(5), sleep(60000), sleep(60000)]),
        parallel([sleep(60000), sleep(60000)], { signal }),
        parallel([sleep(60000)], { timeout: 5 }),
        parallel([sleep(60000)], { itemTimeout: 5 }),
      ]
      setTimeout(() => controller.abort(), 20)
      await Promise.allSettled(calls)
      await sleep(10)`
    assert.deepEqual(unhandled(code), [])
  })
})
