'use strict'
// The floors of the engine: binding, schedule, group, task, base, and the tasks
// beside them. The compiler refuses an include that points up, with the flags that
// the addon is built with; lint refuses what would get around that.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { check, checkAll, circle } = require('../scripts/lint/floors.js')

const root = path.join(__dirname, '..')

// From the ground up: a file of each, and a header by which it can be told.
const FLOORS = [
  { target: 'base', file: 'src/engine/base/arena.c', header: 'alloc.h' },
  { target: 'task', file: 'src/engine/task/call.c', header: 'call.h' },
  { target: 'group', file: 'src/engine/group/group.c', header: 'group.h' },
  { target: 'schedule', file: 'src/engine/schedule/runner.c', header: 'scheduler.h' },
  { target: 'heddle', file: 'src/binding/status.c', header: 'environment.h' },
]
const TASKS = { target: 'tasks', file: 'src/tasks/sum.c', header: 'tasks.h' }

const makefile = ({ target }) => path.join(root, 'build', `${target}.target.mk`)
const text = (file) => fs.readFileSync(path.join(root, file), 'utf8')

/** The flags that node-gyp has made of binding.gyp, as a shell takes them. */
function flagsOf(floor) {
  const lines = fs.readFileSync(makefile(floor), 'utf8').replaceAll('\\\n', ' ').split('\n')
  const values = ['DEFS', 'CFLAGS', 'INCS'].map((variable) => {
    const head = `${variable}_Release :=`
    return lines.find((line) => line.startsWith(head)).slice(head.length)
  })
  return values.join(' ').replaceAll('$(srcdir)', root)
}

describe('floors', function () {
  let folder

  before(function () {
    // Elsewhere than with make, or with a binary that was not built here.
    if (![...FLOORS, TASKS].every((floor) => fs.existsSync(makefile(floor)))) this.skip()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-floors-'))
  })

  after(() => folder !== undefined && fs.rmSync(folder, { recursive: true, force: true }))

  /** Compiles a copy of a floor's file, which includes `more` as well; what the compiler says. */
  function compile(floor, more) {
    const scratch = path.join(folder, 'scratch.c')
    fs.writeFileSync(scratch, `${text(floor.file)}\n${more === undefined ? '' : `#include ${more}\n`}`)
    const command = `${process.env.CC ?? 'cc'} ${flagsOf(floor)} -Wno-error -fsyntax-only '${scratch}'`
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    return { accepted: status === 0, stderr }
  }

  const accepts = (floor, more) => {
    const { accepted, stderr } = compile(floor, more)
    assert.ok(accepted, stderr)
  }

  const refuses = (floor, more, name) => {
    const { accepted, stderr } = compile(floor, more)
    assert.ok(!accepted, `${floor.target} can include ${name}`)
    assert.ok(stderr.includes(name), stderr)
  }

  FLOORS.forEach((floor, height) => {
    it(`${floor.target} includes its own headers and those below`, () => {
      for (const { header } of FLOORS.slice(0, height + 1)) accepts(floor, `"${header}"`)
    })

    const above = FLOORS.slice(height + 1)
    if (above.length === 0) return
    it(`${floor.target} includes nothing that is above it`, () => {
      for (const { header } of above) refuses(floor, `"${header}"`, header)
    })
  })

  it('tasks include heddle.h and their own, and nothing of the engine', () => {
    accepts(TASKS, '"heddle.h"')
    accepts(TASKS, '"tasks.h"')
    for (const { header } of FLOORS) refuses(TASKS, `"${header}"`, header)
  })

  it('only the binding includes node_api.h, and only it the tasks', () => {
    const [binding, ...others] = [...FLOORS].reverse()
    for (const name of ['<node_api.h>', '"tasks.h"']) accepts(binding, name)
    for (const floor of others) {
      refuses(floor, '<node_api.h>', 'node_api')
      refuses(floor, '"tasks.h"', 'tasks.h')
    }
    refuses(TASKS, '<node_api.h>', 'node_api')
  })
})

/** What is wrong with a file of these lines, without its name. */
const problems = (file, ...lines) => check(file, lines.join('\n')).map((problem) => problem.slice(file.length + 1))

describe('the rules of lint for src/', () => {
  it('refuse an include that names a folder, and one of a source', () => {
    const words = 'names a folder: floors are kept by -I alone'
    assert.deepEqual(problems('src/engine/base/x.c', '#include "x.h"', '#include <uv.h>'), [])
    assert.deepEqual(problems('src/engine/base/x.c', '', '#include "../group/group.h"'), [`2: ../group/group.h ${words}`])
    assert.deepEqual(problems('src/engine/base/x.h', '# include "group/group.h"'), [`1: group/group.h ${words}`])
    assert.deepEqual(problems('src/engine/base/x.h', '#include <../x.h>'), [`1: ../x.h ${words}`])
    assert.deepEqual(problems('src/engine/base/x.c', '#include "y.c"'), ['1: y.c is no header'])
  })

  it("refuse the host's headers where they do not belong", () => {
    assert.deepEqual(problems('src/binding/x.c', '#include <node_api.h>', '#include <uv.h>'), [])
    assert.deepEqual(problems('src/engine/task/x.c', '#include <node_api.h>'), ['1: node_api.h is for the binding'])
    assert.deepEqual(problems('src/tasks/x.c', '#include <uv.h>'), ['1: uv.h is not for tasks'])
  })

  it('refuse extern in a source, and nothing in comments and strings', () => {
    assert.deepEqual(problems('src/tasks/x.h', 'extern int x;'), [])
    assert.deepEqual(problems('src/tasks/x.c', 'extern int x;'), ['1: extern is for headers'])
    assert.deepEqual(problems('src/tasks/x.c', '/* extern', '#include "../x.h" */ char *s = "extern"; // extern'), [])
  })

  it('refuse a prototype of what another file defines', () => {
    const words = 'is declared here, and not in the header of who defines it'
    assert.deepEqual(problems('src/engine/base/x.c', 'void hd_lock(void);'), [`1: hd_lock() ${words}`])
    assert.deepEqual(problems('src/engine/base/x.c', 'const char *name(', '    int x);'), [`1: name() ${words}`])
    assert.deepEqual(problems('src/engine/base/x.c', 'int f(void) {', '  void hd_lock(void);', '}'), [
      `2: hd_lock() ${words}`,
    ])
    const fine = ['static int f(int x);', 'int g(void) {', '  hd_free(x);', '  return hd_cpus();', '}', 'CHECK(x);']
    assert.deepEqual(problems('src/engine/base/x.c', ...fine), [])
  })

  it('refuse a circle of files', () => {
    const files = new Map([
      ['src/a/one.c', '#include "one.h"\n#include "two.h"'],
      ['src/a/one.h', ''],
      ['src/b/two.h', '#include "three.h"'],
      ['src/b/three.c', '#include "one.h"'],
    ])
    assert.deepEqual(checkAll(files), [])
    files.set('src/b/three.h', '#include "one.h"')
    const [found] = checkAll(files)
    assert.match(found, /circle: src\/a\/one -> src\/b\/two -> src\/b\/three -> src\/a\/one$/)
  })
})

describe('the objects of the addon', () => {
  const objects = path.join(root, 'build', 'Release', 'obj.target')
  const nm = (...args) => spawnSync('nm', ['--format=posix', ...args], { encoding: 'utf8' }).stdout

  /** The objects by their sources' names, each with what it defines and what it leaves to others. */
  function read() {
    const units = new Map()
    for (const { target } of [...FLOORS, TASKS]) {
      const folder = path.join(objects, target)
      for (const name of fs.readdirSync(folder, { recursive: true }).filter((it) => it.endsWith('.o'))) {
        if (!fs.existsSync(path.join(root, name.replace(/o$/, 'c')))) continue // of a file that is gone
        const of = (...args) => {
          const lines = nm(...args, path.join(folder, name)).split('\n')
          return lines.map((line) => line.split(' ')[0]).filter((symbol) => symbol.startsWith('hd_'))
        }
        units.set(name, { target, defines: of('--defined-only', '--extern-only'), needs: of('--undefined-only') })
      }
    }
    return units
  }

  let units
  let calls // by an object's name: the names of those that it needs

  before(function () {
    if (!fs.existsSync(path.join(objects, 'base')) || spawnSync('nm', ['--version']).error) this.skip()
    units = read()
    const owner = new Map([...units].flatMap(([name, { defines }]) => defines.map((symbol) => [symbol, name])))
    calls = new Map([...units].map(([name, { needs }]) => [name, new Set(needs.map((symbol) => owner.get(symbol)))]))
  })

  it('need nothing that is defined on a floor above', () => {
    const below = FLOORS.map(({ target }) => target)
    const mayNeed = Object.fromEntries(below.map((target, height) => [target, below.slice(0, height + 1)]))
    mayNeed.heddle.push('tasks')
    mayNeed.tasks = ['tasks']
    assert.ok(units.size > 50, `${units.size} objects`)
    for (const [name, others] of calls) {
      for (const other of others) {
        assert.notEqual(other, undefined, `${name} needs what nobody defines`)
        assert.ok(mayNeed[units.get(name).target].includes(units.get(other).target), `${name} needs ${other}`)
      }
    }
  })

  it('need each other in no circle', () => {
    assert.equal(circle(calls), undefined)
  })
})
