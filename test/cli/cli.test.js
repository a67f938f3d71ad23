'use strict'
// The command line: what it says, what it writes, and how it ends.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { compilerCommand } = require('../../lib/cli/compiler.js')
const { noLeaks } = require('../helpers/plugin.js')
const { root, temporaryFolder } = require('../support.js')

const GOOD = `#include "heddle.h"
static heddle_status one(heddle_call *call) { heddle_result_f64(call, 1); return HEDDLE_OK; }
static const heddle_task tasks[] = {{"one", "-> f64", one, 0}};
HEDDLE_MODULE("good", tasks)
`

describe('heddle, the command', () => {
  const at = temporaryFolder()

  // On Windows, for tests, with another compiler than cl, so that options are the same.
  const compilers = process.platform === 'win32' ? { CC: 'cc', CXX: 'c++' } : {}

  /** Runs it in the temporary folder. */
  function heddle(args, env = {}) {
    const run = spawnSync(process.execPath, [path.join(root, 'bin', 'heddle.js'), ...args], {
      cwd: at(),
      env: {
        ...process.env,
        ...noLeaks,
        CC: undefined,
        CXX: undefined,
        CFLAGS: undefined,
        LDFLAGS: undefined,
        ...compilers,
        ...env,
      },
      encoding: 'utf8',
    })
    return { code: run.status, out: run.stdout, err: run.stderr }
  }

  before(() => {
    fs.writeFileSync(at('good.c'), GOOD)
    fs.writeFileSync(at('bad.c'), 'this is no C\n')
    fs.writeFileSync(at('faulty.c'), GOOD.replace('-> f64', 'x: int -> f64'))
    fs.writeFileSync(
      at('more.cc'),
      `#include <string>\nextern "C" ${'int more() { return std::string("a").size(); }'}\n`,
    )
    fs.writeFileSync(at('good.cc'), GOOD)
  })

  it('says what there is', () => {
    for (const flag of ['--help', '-h']) {
      const { code, out } = heddle([flag])
      assert.equal(code, 0)
      for (const name of ['init-task', 'build', '--version']) assert.ok(out.includes(name))
    }
    assert.equal(heddle([]).code, 2)
    const { version } = require('../../package.json')
    assert.deepEqual(heddle(['--version']), { code: 0, out: `${version}\n`, err: '' })
  })

  for (const name of ['init-task', 'build']) {
    it(`says how ${name} is used`, () => {
      const { code, out } = heddle([name, '--help'])
      assert.equal(code, 0)
      assert.ok(out.startsWith(`Usage: heddle ${name} `))
    })
  }

  const misuses = {
    'another command': [['weave'], /there is no command 'weave'/],
    'a name of every object': [['toString'], /there is no command/],
    'an unknown option': [['build', '--fast', 'a.c'], /Unknown option '--fast'/],
    'no files': [['build', '-o', 'x'], /a C or C\+\+ file is missing/],
    'no output': [['build', 'good.c'], /-o OUT is missing/],
    'no name': [['init-task'], /one NAME is wanted/],
    'two names': [['init-task', 'a', 'b'], /one NAME is wanted/],
    'a name that is none': [['init-task', '../x'], /NAME must be .*'\.\.\/x'/],
    'a word of JavaScript': [['init-task', 'delete'], /NAME must be .*'delete'/],
  }
  for (const [what, [args, words]] of Object.entries(misuses)) {
    it(`refuses ${what}, with exit code 2`, () => {
      const { code, out, err } = heddle(args)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, words)
    })
  }

  it('build makes a library, its folder too, and says what is in it', () => {
    const { code, out, err } = heddle(['build', 'good.c', '-o', 'deep/er/good.heddle'])
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^built deep\/er\/good\.heddle .*\n {2}one: -> f64\n$/)
    assert.deepEqual(fs.readdirSync(at('deep', 'er')), ['good.heddle'])
  })

  it('build takes C++', () => {
    assert.equal(heddle(['build', 'good.cc', 'more.cc', '-o', 'cxx.heddle']).code, 0)
    const mixed = heddle(['build', 'good.c', 'more.cc', '-o', 'mixed.heddle'])
    assert.equal(mixed.code, 1)
    assert.match(mixed.err, /C and C\+\+ files take two compilers/)
  })

  it('build shows its command, which has the flags that were given', () => {
    const args = ['build', 'good.c', '-o', 'v.heddle', '--verbose', '--debug', '--', '-DMORE=1']
    const { code, out } = heddle(args, { CC: 'cc -pipe', CFLAGS: '-DC_FLAG', LDFLAGS: '-Wl,-O1' })
    assert.equal(code, 0)
    const [command] = out.split('\n')
    for (const word of [
      'cc -pipe ',
      ' -std=c11 ',
      ' -O0 -g ',
      ' -DMORE=1 ',
      ' -DC_FLAG ',
      ' -Wl,-O1',
    ]) {
      assert.ok(command.includes(word), word)
    }
    assert.ok(command.includes(`-I${path.join(root, 'include')}`))
  })

  it('build says so where there is no compiler', () => {
    const { code, err } = heddle(['build', 'good.c', '-o', 'x'], { CC: 'no-such-compiler' })
    assert.equal(code, 1)
    assert.match(err, /there is no C compiler: 'no-such-compiler' cannot be run \(ENOENT\)/)
    assert.match(err, /build-essential.*xcode-select/s)
    const cxx = heddle(['build', 'good.cc', '-o', 'x'], { CXX: 'no-such-compiler' })
    assert.match(cxx.err, /there is no C\+\+ compiler: .*variable CXX/s)
  })

  it('build fails with the compiler, and leaves the library as it was', () => {
    assert.equal(heddle(['build', 'good.c', '-o', 'kept.heddle']).code, 0)
    const before = fs.readFileSync(at('kept.heddle'))
    const { code, err } = heddle(['build', 'bad.c', '-o', 'kept.heddle'])
    assert.equal(code, 1)
    assert.match(err, /the compiler 'cc' failed \(exit code 1\)/)
    assert.deepEqual(fs.readFileSync(at('kept.heddle')), before)
    const missing = heddle(['build', 'nowhere.c', '-o', 'kept.heddle'])
    assert.deepEqual(
      [missing.code, missing.err],
      [1, "heddle build: there is no file 'nowhere.c'\n"],
    )
  })

  it('build finds what load() would refuse, unless it is not to look, and leaves no file', () => {
    const before = fs.readdirSync(at())
    const { code, out, err } = heddle(['build', 'faulty.c', '-o', 'faulty.heddle'])
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /signature of task 'one' is wrong.*ERR_HEDDLE_SIGNATURE/)
    assert.ok(err.includes(`'${fs.realpathSync(at())}${path.sep}faulty.heddle'`), err)
    assert.deepEqual(fs.readdirSync(at()), before)
    assert.equal(heddle(['build', 'good.c', '-o', 'stays.heddle']).code, 0)
    const good = fs.readFileSync(at('stays.heddle'))
    assert.equal(heddle(['build', 'faulty.c', '-o', 'stays.heddle']).code, 1)
    assert.deepEqual(fs.readFileSync(at('stays.heddle')), good)
    assert.equal(heddle(['build', 'faulty.c', '-o', 'faulty.heddle', '--no-check']).code, 0)
  })

  const mistakes = {
    'a missing return': GOOD.replace('return HEDDLE_OK; ', ''),
    'a function of another type': GOOD.replace('(heddle_call *call) { heddle_result_f64(call, 1);', '(double *call) { (void)call;'),
    'a number as a pointer': GOOD.replace('heddle_result_f64(call, 1)', 'const char *text = heddle_arg(call, 0)->as.i32; (void)text'),
    'a function that is not declared': GOOD.replace('heddle_result_f64(call, 1)', 'heddle_results_f64(call, 1)'),
  }
  for (const [what, text] of Object.entries(mistakes)) {
    it(`build refuses ${what}`, () => {
      fs.writeFileSync(at('mistake.c'), text)
      const { code, err } = heddle(['build', 'mistake.c', '-o', 'mistake.heddle', '--no-check'])
      assert.equal(code, 1)
      assert.match(err, /mistake\.c:[23]:.*error: /)
      assert.ok(!fs.existsSync(at('mistake.heddle')))
    })
  }

  it('build refuses a missing return in C++', () => {
    fs.writeFileSync(at('mistake.cc'), GOOD.replace('return HEDDLE_OK; ', ''))
    const { code, err } = heddle(['build', 'mistake.cc', '-o', 'mistake.heddle'])
    assert.equal(code, 1)
    assert.match(err, /mistake\.cc:2:.*error: /)
  })

  it('init-task writes a package, and over nothing', () => {
    const { code, out } = heddle(['init-task', 'my-task'])
    assert.equal(code, 0)
    const names = [
      '.gitignore',
      'README.md',
      'index.d.ts',
      'index.js',
      'my-task.c',
      'package.json',
      'test.js',
    ]
    assert.deepEqual(fs.readdirSync(at('my-task')).sort(), names)
    for (const name of names) {
      assert.ok(out.includes(`wrote ${path.join('my-task', name)}`))
      assert.doesNotMatch(fs.readFileSync(at('my-task', name), 'utf8'), /\{\{|undefined/)
    }
    assert.equal(JSON.parse(fs.readFileSync(at('my-task', 'package.json'))).name, 'my-task')
    const again = heddle(['init-task', 'my-task'])
    assert.equal(again.code, 1)
    assert.match(again.err, /something in 'my-task' already; nothing was written/)
  })
})

describe("heddle build: the compiler's arguments", () => {
  const wanted = { sources: ['a.c'], output: 'out', include: 'inc', debug: false, more: [] }

  it('are those of the system', () => {
    const linux = compilerCommand(wanted, {}, 'linux')
    assert.equal(linux.program, 'cc')
    assert.ok(linux.args.includes('-Wl,-z,defs') && linux.args.includes('-fPIC'))
    const mac = compilerCommand(wanted, {}, 'darwin')
    assert.ok(mac.args.includes('-shared') && !mac.args.some((word) => word.startsWith('-Wl,')))
    const windows = compilerCommand(wanted, {}, 'win32')
    assert.equal(windows.program, 'cl')
    assert.ok(
      windows.args.includes('/LD') &&
        windows.args.includes('/Feout') &&
        windows.args.includes('/Iinc'),
    )
    const mingw = compilerCommand(wanted, { CC: 'gcc' }, 'win32')
    assert.ok(mingw.args.includes('-shared') && !mingw.args.includes('-fPIC'))
  })

  it('are for C++ when the files are', () => {
    const { program, args, variable } = compilerCommand(
      { ...wanted, sources: ['a.cpp'] },
      { CXXFLAGS: '-DX' },
      'linux',
    )
    assert.deepEqual([program, variable], ['c++', 'CXX'])
    assert.ok(args.includes('-std=c++17') && args.includes('-DX'))
  })
})
