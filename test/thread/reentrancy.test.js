'use strict'
// User code that runs while members of thread functions settle, are sent, or wait.

const assert = require('node:assert/strict')
const { allSettled, chain, map, parallel, previous, run, sequential, stats, thread } = require('heddle')
const { hash } = require('heddle/tasks')
const { lostError } = require('../../lib/thread/errors.js')
const { abortable, idle, range, rejection, whenSettled, withThreads } = require('../support.js')
const { forSuite, gate, newCells, open } = require('./support.js')

describe('thread: user code while members settle', () => {
  withThreads(2)
  const echo = forSuite((value) => value)
  const wait = forSuite(gate.wait)
  const fail = forSuite(() => {
    throw new Error('mine')
  })

  it('what it starts takes the place of the chunk that has ended', async () => {
    let more
    await whenSettled(() => (more ??= parallel(range(8).map((i) => echo(i)))), () => run(echo(0)))
    assert.deepEqual(await more, range(8))
  })

  it('what it starts is lent no thread twice', async () => {
    let more
    await whenSettled(() => (more ??= run(echo(1))), () => run(echo(0)))
    assert.equal(await more, 1)
    await idle()
    assert.equal(stats().lentThreads, 0)
  })

  it('what it withdraws is not told twice, and the others are told', async () => {
    const { promise, abort } = abortable(parallel, range(4).map((i) => echo(i)))
    const reason = new Error('enough')
    const list = range(8).map((i) => echo(i))
    await whenSettled(() => abort(reason), () => parallel(list))
    assert.deepEqual(await Promise.all(list), range(8))
    await promise.catch((error) => assert.equal(error, reason))
    await idle()
  })

  it('it closes the function whose members fail with it', async () => {
    const closing = thread(gate.wait)
    const cells = newCells()
    const list = range(3).map((i) => closing(cells, i))
    let again
    const call = () => {
      const all = Promise.allSettled(list.map((task) => run(task)))
      void closing.terminate()
      return all
    }
    const ends = await whenSettled(() => (again ??= closing.terminate()), call)
    await again
    assert.deepEqual(ends.map(({ reason }) => reason.code), Array(3).fill('ERR_HEDDLE_CLOSED'))
    open(cells)
  })

  it('an argument whose getter throws what has no words fails its member', async () => {
    const odd = {
      get name() {
        throw new Error('no name')
      },
    }
    const argument = {
      get value() {
        throw odd
      },
    }
    assert.equal(await rejection(run(echo(argument))), odd)
  })

  it('an argument whose getter aborts the call is sent nowhere', async () => {
    const cells = newCells()
    const controller = new AbortController()
    const argument = {
      get value() {
        controller.abort()
        return 1
      },
    }
    const call = parallel([echo(argument), wait(cells, 1)], { signal: controller.signal, join: true })
    assert.equal(await rejection(call), controller.signal.reason)
    assert.equal(cells[0], 0)
  })

  it('a step that others want fails as the step before has', async () => {
    const step = echo(previous)
    const call = sequential([fail(), step])
    const wanted = rejection(step)
    const error = await rejection(call)
    assert.equal(error.message, 'mine')
    assert.equal(await wanted, error)
  })

  const kinds = { function: () => echo('a'), chain: () => chain(echo('a'), hash('sha256', previous), echo('a')) }
  for (const [name, make] of Object.entries(kinds)) {
    it(`a ${name} that others want runs, when who began it leaves before it has gone down`, async () => {
      const task = make()
      const mapper = () => task
      const { promise, abort } = abortable((items, options) => map(items, mapper, options), [0], {
        concurrency: 1,
      })
      const wanted = run(task)
      abort()
      await rejection(promise)
      assert.equal(await wanted, 'a')
    })
  }

  it('join does not wait for a Task whose function was closed before it could start', async () => {
    const closing = thread(() => {})
    const task = closing()
    await closing.close()
    const [{ reason }] = await allSettled([task, () => 1], { concurrency: 1, join: true })
    assert.equal(reason.code, 'ERR_HEDDLE_CLOSED')
  })

  it('a thread that dies of no Error warns in words', async () => {
    const dying = thread(() => {
      setTimeout(() => {
        throw { code: 1 }
      })
    })
    const warned = new Promise((resolve) => process.once('warning', resolve))
    await dying()
    assert.equal((await warned).message, '[object Object]')
    await dying.close()
  })

  const unspeakable = {
    get message() {
      throw new Error('no message')
    },
  }
  for (const [name, cause, words] of [
    ['null', null, 'exit code 1'],
    ['a symbol', Symbol('why'), 'ended: Symbol(why)'],
    ['an object that cannot be read', unspeakable, 'ended: an error that has no words'],
  ]) {
    it(`a thread can be ended for ${name}`, () => {
      const error = lostError({ name: 'f' }, 'while it ran', { code: 1, cause }, null)
      assert.equal(error.cause, cause)
      assert.ok(error.message.includes(words), error.message)
    })
  }
})
