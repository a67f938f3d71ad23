'use strict'
// Tasks of plugins that do what they must not, and errors of their own.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { HeddleError, load, parallel } = require('heddle')
const { compileFile } = require('../helpers/plugin.js')
const { rejection } = require('../support.js')

describe('plugins: mistakes of a task', () => {
  let faults

  before(() => {
    faults = load(compileFile(path.join(__dirname, 'fixtures', 'faults.c')))
  })

  const scratch = path.join(os.tmpdir(), `heddle-faults-${process.pid}`)
  after(() => fs.rmSync(scratch, { force: true }))

  const RESULT = 'ERR_HEDDLE_RESULT'
  const mistakes = [
    ['noResult', [], 'ERR_HEDDLE_NO_RESULT', 'noResult: the task gave no result'],
    ['silent', [], RESULT, 'silent: the task failed without an error'],
    ['oddStatus', [], RESULT, 'oddStatus: the task failed without an error'],
    ['notCancelled', [], RESULT, 'notCancelled: the task says it was cancelled, but it was not'],
    [
      'wrongType',
      [],
      RESULT,
      'wrongType: the task gave a string, which its signature does not name',
    ],
    [
      'wrongElement',
      [],
      RESULT,
      'wrongElement: the task gave a Uint8Array, which its signature does not name',
    ],
    ['noElement', [0], RESULT, 'noElement: there are no typed arrays of element -1'],
    ['noElement', [1], RESULT, 'noElement: there are no typed arrays of element 0'],
    ['noElement', [2], RESULT, 'noElement: there are no typed arrays of element 13'],
    ['noElement', [3], RESULT, 'noElement: there are no typed arrays of element 1000'],
    [
      'noInteger',
      [],
      RESULT,
      'noInteger: the task gave the number 0.5, which is not what its signature says',
    ],
    ['noField', [], RESULT, 'noField: the task gave a string, which its signature does not name'],
    [
      'wrongField',
      [],
      RESULT,
      "wrongField: the task gave a boolean as field 'a', which is not what its signature says",
    ],
    [
      'moreFields',
      [],
      RESULT,
      "moreFields: the task gave a field 'b', which its signature does not name",
    ],
    ['emptyField', [], RESULT, "emptyField: the task gave no field 'a', which its signature names"],
    ['namelessField', [], RESULT, 'namelessField: a field of a record needs a name'],
    [
      'backwards',
      [],
      'ERR_HEDDLE_PROGRESS',
      'backwards: progress must rise from 0 to 1, got 0.25 after 0.5',
    ],
    ['readNumber', [1], 'ERR_HEDDLE_ARGUMENT', 'readNumber: argument 1 has no bytes to read'],
    ['closeTwice', [scratch], 'ERR_HEDDLE_ARGUMENT', 'closeTwice: a file is not open'],
    ['writeClosed', [scratch], 'ERR_HEDDLE_ARGUMENT', 'writeClosed: a file is not open'],
    ['noPath', [], 'ERR_HEDDLE_ARGUMENT', 'noPath: heddle_create() needs a path'],
    ['noBody', [], 'ERR_HEDDLE_ARGUMENT', 'noBody: heddle_for() needs a body'],
    ['readBeyond', [1], 'ERR_HEDDLE_ARGUMENT', 'readBeyond: argument 8 has no bytes to read'],
  ]
  for (const [name, args, code, message] of mistakes) {
    it(message, async () => {
      const error = await rejection(faults[name](...args))
      assert.ok(error instanceof HeddleError)
      assert.deepEqual([error.code, error.message], [code, message])
    })
  }

  it('gives the errors that tasks set, and the member that failed', async () => {
    const error = await rejection(parallel([faults.ownError()]))
    assert.ok(error instanceof RangeError)
    assert.deepEqual(
      [error.code, error.errno, error.message, error.index],
      ['ERR_MINE', 42, '7 is too large', 0],
    )
    const plain = await rejection(faults.ownPlain())
    assert.ok(plain instanceof HeddleError)
    assert.deepEqual([plain.code, plain.message], ['MY_CODE', 'wörds'])
  })
})
