'use strict'
// Workers that end while heddle works for them.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both, repetitions } = require('../helpers/child.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('lifecycle: a worker is terminated', () => {
  const count = repetitions(50)
  const loop = { file: fixture('terminate-loop.js'), args: [`${count}`] }
  both(`${count} times, while its tasks run`, loop, ({ codes, results }) => {
    assert.deepEqual(codes, new Array(count).fill(1))
    assert.equal(results, 1000)
  })

  const kinds = [
    'a sequence',
    'a sequence that hands data on',
    'chains',
    'a race',
    'pbkdf2, which cannot be interrupted,',
    'scrypt, which cannot be interrupted,',
    'hash',
    'gzip',
    'sort',
    'matmul',
    'Tasks that were awaited',
    'an item timeout',
    'a timeout',
  ]
  for (const kind of kinds) {
    const options = { file: fixture('terminate-running.js'), args: [kind] }
    both(`while ${kind} runs`, options, (end) => assert.deepEqual(end, { code: 1 }))
  }

  for (const where of ['callback', 'reaction', 'slices']) {
    const options = { file: fixture('terminate-delivery.js'), args: [where], times: 3 }
    both(`during a delivery (${where})`, options, (end) => assert.deepEqual(end, { code: 1 }))
  }
})

describe('lifecycle: only a worker loads heddle', () => {
  const file = fixture('alone.js')

  both('and ends by itself', { file, args: ['end'], times: 20 }, (end) => {
    assert.deepEqual(end, { said: 500, again: 0 })
  })

  both('and is terminated', { file, args: ['terminate'], times: 20 }, (end) => {
    assert.deepEqual(end, { said: 500, again: 0 })
  })

  both('and the main thread loads it after that', { file, args: ['end', 'again'] }, (end) => {
    assert.deepEqual(end, { said: 500, again: 500 })
  })
})
