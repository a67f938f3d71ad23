'use strict'
// Arguments of plugins by the accessors of heddle.h: what they read, and what a build with
// HEDDLE_DEBUG says where they are the wrong ones.

const assert = require('node:assert/strict')
const { load } = require('heddle')
const { compileTasks, compileText } = require('../helpers/plugin.js')
const { child } = require('../support.js')

const SIGNATURE = 'a: bool, b: i32, c: u32, d: f64, e: i64, f: u64, g: string, h: f32[], i: bytes, j?: i32 -> f64'
const READ = `heddle_arg_bool(call, 0) + heddle_arg_i32(call, 1) + heddle_arg_u32(call, 2) +
  heddle_arg_f64(call, 3) + (double)heddle_arg_i64(call, 4) + (double)heddle_arg_u64(call, 5) +
  heddle_arg_string(call, 6)[0] - 'a' + (double)heddle_arg_length(call, 6) +
  ((const float *)heddle_arg_array(call, 7, HEDDLE_ELEMENT_F32))[1] + (double)heddle_arg_length(call, 7) +
  (double)heddle_arg_length(call, 8) + 1000 * heddle_arg_given(call, 9)`
const GIVEN = [true, -2, 3, 0.5, 10n, 20n, 'bcd', Float32Array.of(0, 7), Buffer.alloc(40)]
const SUM = 1 - 2 + 3 + 0.5 + 10 + 20 + 1 + 3 + 7 + 2 + 40

/** A library with one task, which reads this. */
const taskOf = (expression) =>
  compileTasks(
    `static heddle_status run(heddle_call *call) { heddle_result_f64(call, (double)(${expression})); return HEDDLE_OK; }`,
    `{"read", "${SIGNATURE}", run, 0}`,
    { flags: ['-DHEDDLE_DEBUG'] },
  )

describe("plugins: accessors of arguments", () => {
  for (const [name, flags] of [['as they are', []], ['checked', ['-DHEDDLE_DEBUG']]]) {
    for (const cxx of [false, true]) {
      it(`read what was given, ${name}, in ${cxx ? 'C++' : 'C'}`, async () => {
        const source = `#include "heddle.h"
static heddle_status run(heddle_call *call) { heddle_result_f64(call, ${READ}); return HEDDLE_OK; }
static const heddle_task tasks[] = {{"read", "${SIGNATURE}", run, 0}};
HEDDLE_MODULE("read", tasks)`
        const { read } = load(compileText(source, { cxx, flags }))
        assert.equal(await read(...GIVEN), SUM)
        assert.equal(await read(...GIVEN, 1), SUM + 1000)
      })
    }
  }

  const mistakes = {
    'heddle_arg(call, 10)->as.f64': 'heddle_arg: there is no argument 10, the signature has 10',
    'heddle_arg_given(call, 11)': 'heddle_arg_given: there is no argument 11, the signature has 10',
    'heddle_arg_f64(call, 1)': 'heddle_arg_f64: argument 1 is an i32',
    'heddle_arg_i32(call, 9)': 'heddle_arg_i32: argument 9 is undefined',
    'heddle_arg_u64(call, 4)': 'heddle_arg_u64: argument 4 is an i64',
    'heddle_arg_string(call, 8)[0]': 'heddle_arg_string: argument 8 is bytes',
    'heddle_arg_length(call, 3)': 'heddle_arg_length: argument 3 is an f64',
    '*(const double *)heddle_arg_array(call, 7, HEDDLE_ELEMENT_F64)':
      'heddle_arg_array: argument 7 is an array of f32, not of f64',
  }
  for (const [expression, words] of Object.entries(mistakes)) {
    it(`with HEDDLE_DEBUG end the process at ${expression}`, function () {
      if (process.env.HEDDLE_SANITIZE !== undefined) this.skip() // its report would be of the abort
      const library = taskOf(expression)
      const { status, signal, stderr } = child(`const { read } = require('heddle').load(${JSON.stringify(library)})
        read(true, -2, 3, 0.5, 10n, 20n, 'bcd', Float32Array.of(0, 7), Buffer.alloc(40)).then(console.log)`)
      assert.ok(signal === 'SIGABRT' || status > 0, `${status} ${signal}`)
      assert.match(stderr, /^heddle: .*\.c:\d+: /m)
      assert.ok(stderr.includes(`: ${words}\n`) || stderr.includes(`: ${words}\r\n`), stderr)
    })
  }
})
