'use strict'
// Results that are larger than a Buffer can be: C may make them, JavaScript
// cannot hold them everywhere.

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const { setImmediate: turn } = require('node:timers/promises')
const { allSettled, load, parallel } = require('heddle')
const { hash } = require('heddle/tasks')
const { compileTasks } = require('../helpers/plugin.js')

// The memory is not touched, so that there is none of it.
const functions = `
static heddle_status bytes(heddle_call *call) {
  return heddle_result_bytes(call, (size_t)heddle_arg(call, 0)->as.f64) == NULL ? HEDDLE_FAILED
                                                                                : HEDDLE_OK;
}
static heddle_status array(heddle_call *call) {
  size_t length = (size_t)heddle_arg(call, 0)->as.f64 / sizeof(double);
  return heddle_result_array(call, HEDDLE_ELEMENT_F64, length) == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}
static heddle_status record(heddle_call *call) {
  static char text[100000];
  memset(text, 'x', sizeof(text));
  heddle_field(call, "before");
  void *before = heddle_result_bytes(call, sizeof(text));
  if (before == NULL)
    return HEDDLE_FAILED;
  memcpy(before, text, sizeof(text));
  heddle_field(call, "large");
  if (bytes(call) != HEDDLE_OK)
    return HEDDLE_FAILED;
  heddle_field(call, "after");
  return heddle_result_string(call, text, sizeof(text));
}
`
const rows = `
  {"bytes", "length: f64(0..) -> bytes", bytes, 0},
  {"array", "bytes: f64(0..) -> f64[]", array, 0},
  {"record", "length: f64(0..) -> {before: bytes, large: bytes, after: string}", record, 0},
`

const LARGE = 2 ** 32 + 8
const fits = constants.MAX_LENGTH >= LARGE

describe('plugins: results larger than a Buffer', function () {
  if (process.arch !== 'x64' && process.arch !== 'arm64') return // there is no such memory
  this.timeout(60_000)

  let tasks
  before(() => {
    tasks = load(compileTasks(functions, rows))
  })

  const sizes = {
    bytes: (result) => result.length,
    array: (result) => result.byteLength,
    record: (result) => result.large.length,
  }
  for (const [name, sizeOf] of Object.entries(sizes)) {
    it(`${name}: ${fits ? 'is handed over' : 'rejects'}, and its memory is freed once`, async () => {
      const task = tasks[name](LARGE)
      const [large, digest] = await allSettled([task, hash('md5', '')])
      if (fits) assert.equal(sizeOf(large.value), LARGE)
      else assert.equal(large.reason.code, 'ERR_HEDDLE_RESULT')
      assert.equal(digest.value, 'd41d8cd98f00b204e9800998ecf8427e')
      // What has failed is freed in a later turn.
      for (let i = 0; i < 3; i++) await turn()
      const copies = await parallel([tasks.bytes(100_000), tasks.array(800_000)])
      assert.deepEqual(copies.map((copy) => copy.byteLength), [100_000, 800_000])
    })
  }
})
