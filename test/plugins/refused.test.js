'use strict'
// Libraries that cannot be loaded: each says why, with a code of its own, and
// the process goes on.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { HeddleError, load } = require('heddle')
const { compileTasks, compileText } = require('../helpers/plugin.js')
const { root, temporaryFolder } = require('../support.js')

const NOOP = 'static heddle_status noop(heddle_call *call) { (void)call; return HEDDLE_OK; }'

/** A module whose description is written out. */
const moduleOf = (description, more = '') =>
  compileText(`#include "heddle.h"
${NOOP}
${more}
static const heddle_task tasks[] = {{"noop", "-> void", noop, 0}};
const heddle_module *heddle_module_get(void) {
  static const heddle_module module = ${description};
  (void)tasks;
  return &module;
}
`)

const described = ({
  abi = 'HEDDLE_ABI',
  size = 'sizeof(heddle_module)',
  name = '"fixture"',
  list = 'tasks',
  count = '1',
  stride = 'sizeof(heddle_task)',
  init = 'NULL',
} = {}) => `{${abi}, ${size}, ${name}, ${list}, ${count}, ${stride}, ${init}, NULL}`

function refused(library, code, words) {
  assert.throws(
    () => load(library),
    (error) => {
      assert.ok(error instanceof HeddleError, String(error))
      assert.equal(error.code, code)
      assert.match(error.message, words)
      assert.ok(error.message.startsWith('load: '))
      return true
    },
  )
}

describe('load: the path', () => {
  it('must be absolute', () => {
    refused('some/library', 'ERR_HEDDLE_RELATIVE_PATH', /'some\/library'/)
    refused('./library', 'ERR_HEDDLE_RELATIVE_PATH', /absolute path or a file: URL/)
  })

  for (const [what, value] of Object.entries({
    'a number': 1,
    nothing: undefined,
    null: null,
    'an object': {},
    'an empty string': '',
    'a null byte': '/a\0b',
    'another URL': new URL('https://example.com/a'),
  })) {
    it(`cannot be ${what}`, () => {
      const expected = { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE' }
      assert.throws(() => load(value), expected)
    })
  }

  it("that leads nowhere gives the system's own error", () => {
    assert.throws(() => load(path.join(root, 'nowhere')), { code: 'ENOENT' })
  })

  it('must lead to a file', () => {
    refused(root, 'ERR_HEDDLE_NOT_A_FILE', /not a regular file/)
    refused(pathToFileURL(root), 'ERR_HEDDLE_NOT_A_FILE', /not a regular file/)
  })
})

describe('load: the file', () => {
  const at = temporaryFolder()
  let good

  before(() => {
    good = fs.readFileSync(moduleOf(described()))
  })

  const write = (name, bytes) => {
    fs.writeFileSync(at(name), bytes)
    return at(name)
  }

  it('must be a library', () => {
    refused(write('text', 'hello'), 'ERR_HEDDLE_NOT_A_LIBRARY', /not a shared library/)
    refused(write('empty', ''), 'ERR_HEDDLE_NOT_A_LIBRARY', /not a shared library/)
    refused(__filename, 'ERR_HEDDLE_NOT_A_LIBRARY', /not a shared library/)
    refused(write('short', good.subarray(0, 20)), 'ERR_HEDDLE_NOT_A_LIBRARY', /./)
    refused(write('MZ', 'MZ'.padEnd(100, '\0')), 'ERR_HEDDLE_NOT_A_LIBRARY', /./)
  })

  it('must not be cut short', function () {
    if (process.platform !== 'linux') this.skip()
    for (const part of [0.01, 0.3, 0.6]) {
      const bytes = good.subarray(0, Math.floor(good.length * part))
      refused(write(`part-${part}`, bytes), 'ERR_HEDDLE_NOT_A_LIBRARY', /part of one/)
    }
  })

  it('must be for this processor', function () {
    if (process.platform !== 'linux') this.skip()
    const bytes = Buffer.from(good)
    bytes.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18) // e_machine
    const other = process.arch === 'arm64' ? 'x64' : 'arm64'
    const words = new RegExp(`for ${other} .*this process is for ${process.arch}`)
    refused(write('other', bytes), 'ERR_HEDDLE_WRONG_ARCHITECTURE', words)
  })

  it('must be for this system', () => {
    const dll = Buffer.alloc(512)
    dll.write('MZ')
    dll.writeUInt32LE(64, 0x3c)
    dll.write('PE\0\0', 64)
    dll.writeUInt16LE(0x8664, 68)
    dll.writeUInt16LE(0x2000, 86)
    const dylib = Buffer.alloc(512)
    dylib.writeUInt32LE(0xfeedfacf)
    dylib.writeUInt32LE(0x0100000c, 4)
    const both = Buffer.alloc(512)
    both.writeUInt32BE(0xcafebabe)
    both.writeUInt32BE(2, 4)
    both.writeUInt32BE(0x01000007, 8)
    both.writeUInt32BE(0x0100000c, 28)
    const code = 'ERR_HEDDLE_WRONG_ARCHITECTURE'
    if (process.platform !== 'win32') refused(write('dll', dll), code, /x64 \(PE\)/)
    if (process.platform !== 'darwin') {
      refused(write('dylib', dylib), code, /arm64 \(Mach-O\)/)
      refused(write('universal', both), code, /x64, arm64 \(Mach-O\)/)
    }
  })

  it('must find the libraries that it needs', function () {
    if (process.platform !== 'linux') this.skip()
    const needed = at('libneeded.so')
    fs.copyFileSync(compileText('int needed(void); int needed(void) { return 1; }\n'), needed)
    const body =
      'int needed(void); static heddle_status f(heddle_call *call) { heddle_result_f64(call, needed()); return HEDDLE_OK; }'
    const library = compileTasks(body, '{"f", "-> f64", f, 0}', {
      flags: ['-Wl,--no-as-needed', needed],
    })
    fs.rmSync(needed)
    refused(library, 'ERR_HEDDLE_LOAD', /libneeded/)
  })

  it('must find all its symbols now, not when it is called', function () {
    if (process.platform === 'win32') this.skip() // no linker leaves a symbol open there
    const body =
      'int is_nowhere(void); static heddle_status f(heddle_call *call) { heddle_result_f64(call, is_nowhere()); return HEDDLE_OK; }'
    const library = compileTasks(body, '{"f", "-> f64", f, 0}')
    refused(library, 'ERR_HEDDLE_UNRESOLVED_SYMBOL', /is_nowhere/)
  })
})

describe('load: the module', () => {
  it('must have an entry point', () => {
    refused(
      compileText('int f(void); int f(void) { return 1; }\n'),
      'ERR_HEDDLE_NO_ENTRY_POINT',
      /heddle_module_get/,
    )
  })

  it('must be of an ABI that this heddle has', () => {
    refused(
      moduleOf(described({ abi: 'HEDDLE_ABI + 1' })),
      'ERR_HEDDLE_ABI_TOO_NEW',
      /version 2 .*update heddle/,
    )
    refused(
      moduleOf(described({ abi: '0' })),
      'ERR_HEDDLE_ABI_TOO_OLD',
      /version 0 .*build it anew/,
    )
  })

  it('must be well formed', () => {
    const code = 'ERR_HEDDLE_MODULE'
    refused(moduleOf(described({ size: '8' })), code, /not well formed/)
    refused(moduleOf(described({ stride: '8' })), code, /not well formed/)
    refused(moduleOf(described({ name: 'NULL' })), code, /a name and 1 to 4096 tasks/)
    refused(moduleOf(described({ list: 'NULL' })), code, /a name and 1 to 4096 tasks/)
    refused(moduleOf(described({ count: '0' })), code, /a name and 1 to 4096 tasks/)
    const nothing = compileText(
      '#include "heddle.h"\nconst heddle_module *heddle_module_get(void) { return 0; }\n',
    )
    refused(nothing, code, /returns NULL/)
  })

  const rows = {
    'names that JavaScript cannot write': ['{"a b", "-> void", noop, 0}', /name of task 0 .*'a b'/],
    'names that begin with a digit': [
      '{"noop", "-> void", noop, 0}, {"1a", "-> void", noop, 0}',
      /name of task 1 .*'1a'/,
    ],
    'an empty name': ['{"", "-> void", noop, 0}', /name of task 0/],
    'no name': ['{0, "-> void", noop, 0}', /name of task 0 .*'NULL'/],
    "the name 'then'": ['{"then", "-> void", noop, 0}', /'then'/],
    'no function': ['{"a", "-> void", 0, 0}', /task 'a' has no function/],
    'no signature': ['{"a", 0, noop, 0}', /task 'a' has no signature/],
    'flags that do not exist': ['{"a", "-> void", noop, 64}', /task 'a' .*0x40/],
  }
  for (const [what, [row, words]] of Object.entries(rows)) {
    it(`cannot have tasks with ${what}`, () => {
      refused(
        compileTasks(NOOP, row, { flags: ['-Wno-unused-function'] }),
        'ERR_HEDDLE_MODULE',
        words,
      )
    })
  }

  it('cannot have two tasks of one name', () => {
    const library = compileTasks(
      NOOP,
      '{"a", "-> void", noop, 0}, {"b", "-> void", noop, 0}, {"a", "-> f64", noop, 0}',
    )
    refused(library, 'ERR_HEDDLE_DUPLICATE_TASK', /two tasks are called 'a'/)
  })

  it('must have signatures that can be read', () => {
    const library = compileTasks(
      NOOP,
      '{"ok", "-> void", noop, 0}, {"bad", "x: int -> f64", noop, 0}',
    )
    refused(library, 'ERR_HEDDLE_SIGNATURE', /signature of task 'bad' is wrong: unknown type "int"/)
  })

  it('is refused when its init hook fails', () => {
    const hook = `#include <stdio.h>
static int start(char *reason, size_t size) {
  snprintf(reason, size, "no licence");
  return 1;
}`
    const library = moduleOf(described({ init: 'start' }), hook)
    for (let i = 0; i < 2; i++) refused(library, 'ERR_HEDDLE_INIT', /init hook failed: no licence/)
    const silent =
      'static int start(char *reason, size_t size) { (void)reason; (void)size; return 7; }'
    refused(moduleOf(described({ init: 'start' }), silent), 'ERR_HEDDLE_INIT', /no reason/)
  })
})
