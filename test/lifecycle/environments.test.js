'use strict'
// Several environments of a process, and several processes.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both, run } = require('../helpers/child.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('lifecycle: several environments', () => {
  both('all get on, with right results', { file: fixture('environments.js') }, (end) => {
    assert.deepEqual(end, { rights: [true, true, true, true, true], codes: [0, 0, 0, 0] })
  })

  // With 2, one slot of the pool and no own thread.
  for (const size of [undefined, '1', '2']) {
    it(`the only thread moves between them, with UV_THREADPOOL_SIZE ${size ?? 'unset'}`, async () => {
      const end = await run(fixture('one-thread.js'), { env: { UV_THREADPOOL_SIZE: size } })
      assert.deepEqual(end, { code: 0, signal: null, stdout: '{"completed":5}\n', stderr: '' })
    })

    for (const threads of ['1', '2', '4']) {
      const name = `${threads} threads, UV_THREADPOOL_SIZE ${size ?? 'unset'}`
      it(`one goes on while another one's loop is blocked: ${name}`, async () => {
        const options = { args: [threads], env: { UV_THREADPOOL_SIZE: size } }
        const end = await run(fixture('blocked-loop.js'), options)
        assert.deepEqual(end, { code: 0, signal: null, stdout: '{"completed":35}\n', stderr: '' })
      })
    }
  }
})

describe('lifecycle: several processes', () => {
  for (const how of ['fork', 'cluster']) {
    both(`${how} in mid-flight`, { file: fixture('fork.js'), args: [how] }, (end) => {
      assert.deepEqual(end, { clean: true, results: 500, code: 0, signal: null })
    })
  }
})

describe('lifecycle: a flood', () => {
  both("lets Node's own work pass", { file: fixture('neighbours.js') }, (end) => {
    assert.deepEqual(end, { results: [true, 32, true, '127.0.0.1'], first: true })
  })
})
