'use strict'
// The way of a newcomer, from a packed and installed package in an empty folder:
// init-task, build, test, and the task in parallel().

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { root, temporaryFolder } = require('../support.js')

describe("from an installed package to a task of one's own", function () {
  this.timeout(120_000)
  const at = temporaryFolder()

  function run(command, args, cwd) {
    const env = {
      ...process.env,
      CC: undefined,
      CFLAGS: undefined,
      LDFLAGS: undefined,
      NODE_PATH: undefined,
    }
    for (const name of Object.keys(env))
      if (/^npm_(config_|lifecycle|package)/.test(name)) delete env[name]
    const windows = process.platform === 'win32'
    const end = spawnSync(command, args, {
      cwd,
      env,
      encoding: 'utf8',
      shell: windows && command === 'npm',
    })
    assert.equal(end.status, 0, `${command} ${args.join(' ')}\n${end.stdout}${end.stderr}`)
    return end.stdout
  }
  const npm = (...args) => run('npm', ['--offline', '--no-audit', '--no-fund', ...args], at('app'))

  /** Where the package brings no addon for this system, it has the one under test. */
  function giveAddon(installed) {
    const tried = spawnSync(process.execPath, ['-e', "require('heddle')"], { cwd: at('app') })
    if (tried.status === 0) return
    const addon = path.join('build', 'Release', 'heddle.node')
    fs.mkdirSync(path.join(installed, path.dirname(addon)), { recursive: true })
    fs.copyFileSync(path.join(root, addon), path.join(installed, addon))
  }

  before(function () {
    if (process.env.HEDDLE_SANITIZE !== undefined) this.skip() // npm would run under it, too
    fs.mkdirSync(at('app'))
    run('npm', ['pack', '--pack-destination', at(), '--silent'], root)
    const [tarball] = fs.readdirSync(at()).filter((name) => name.endsWith('.tgz'))
    fs.writeFileSync(at('app', 'package.json'), '{"private": true}\n')
    npm('install', at(tarball))
    giveAddon(at('app', 'node_modules', 'heddle'))
  })

  it('has what plugins are made with', () => {
    const installed = at('app', 'node_modules', 'heddle')
    for (const name of [
      'include/heddle.h',
      'include/heddle_compiler.h',
      'include/heddle_debug.h',
      'include/heddle.hpp',
      'docs/c-api.md',
    ]) {
      assert.ok(fs.existsSync(path.join(installed, name)), name)
    }
    const script = "console.log(require('node:fs').readdirSync(require('heddle').include).join())"
    const out = run(process.execPath, ['-e', script], at('app'))
    assert.equal(out, 'heddle.h,heddle.hpp,heddle_compiler.h,heddle_debug.h\n')
  })

  it('writes a task, builds it and tests it', () => {
    npm('exec', '--', 'heddle', 'init-task', 'my-norm')
    const out = run('npm', ['test', '--offline'], at('app', 'my-norm'))
    assert.match(out, /built build\/my-norm\.heddle/)
    assert.match(out, /# pass 3|ℹ pass 3/)
  })

  it('uses it in parallel()', () => {
    fs.writeFileSync(
      at('app', 'use.mjs'),
      `import { parallel, chain, previous } from 'heddle'
import { sum, sort } from 'heddle/tasks'
import { myNorm } from './my-norm/index.js'
const lists = [Float64Array.of(3, 4), Float64Array.of(5, -12), Float64Array.of(8, 15, 0)]
console.log(await parallel(lists.map((list) => myNorm(list))))
console.log(await parallel({ norm: myNorm(lists[0]), sum: sum(lists[0]), chained: chain(sort(lists[1]), myNorm(previous, 1)) }))
`,
    )
    const out = run(process.execPath, ['use.mjs'], at('app'))
    assert.equal(out, '[ 5, 13, 17 ]\n{ norm: 5, sum: 7, chained: 17 }\n')
  })
})
