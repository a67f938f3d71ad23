'use strict'
// Flags of Node.js that forbid things: heddle works, or its error names the flag.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')

const root = path.join(__dirname, '..')
const isKnown = process.allowedNodeEnvironmentFlags.has('--permission')
const permission = isKnown ? '--permission' : '--experimental-permission'
const READ = '--allow-fs-read=*'

/** What a program prints under flags of Node.js. */
function printed(flags, code, { env = {}, type = 'commonjs' } = {}) {
  const args = ['--no-warnings', ...flags, `--input-type=${type}`, '--eval', code]
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options)
  assert.equal(status, 0, stderr)
  return stdout
}

const loads = {
  require: ["try { require('heddle') } catch (e) { console.log(e.code, e.cause?.code, e.message) }"],
  'require of heddle/tasks': [
    "try { require('heddle/tasks') } catch (e) { console.log(e.code, e.cause?.code, e.message) }",
  ],
  import: ["await import('heddle').catch((e) => console.log(e.code, e.cause?.code, e.message))", 'module'],
}

describe('flags that keep addons out', () => {
  for (const [how, [code, type]] of Object.entries(loads)) {
    for (const [title, flags, named, notNamed] of [
      ['the permission model', [permission, READ], /--allow-addons/, /--no-addons|build\.js/],
      ['--no-addons', ['--no-addons'], /--no-addons/, /--allow-addons|build\.js/],
      ['both', [permission, READ, '--no-addons'], /--allow-addons.*--no-addons/, /build\.js/],
      ['both, addons allowed', [permission, READ, '--allow-addons', '--no-addons'], /--no-addons/, /--allow-addons/],
    ]) {
      it(`are named by the error of ${how}: ${title}`, () => {
        const words = printed(flags, code, { type })
        assert.match(words, /^ERR_HEDDLE_LOAD ERR_DLOPEN_DISABLED /)
        assert.match(words, named)
        assert.doesNotMatch(words, notNamed)
      })
    }
  }

  it('are named where they are in NODE_OPTIONS', () => {
    assert.match(printed([], loads.require[0], { env: { NODE_OPTIONS: '--no-addons' } }), /--no-addons forbids/)
  })

  it('are none where addons are allowed', () => {
    const code = "require('heddle').parallel([require('heddle/tasks').hash('md5', 'a')]).then(([d]) => console.log(d.length))"
    assert.equal(printed([permission, READ, '--allow-addons'], code), '32\n')
  })
})

describe('threads under flags', () => {
  const forms = {
    'an arrow function': ['(n) => n + 1', '2'],
    'an async function': ['async (n) => n + 1', '2'],
    'a method': ['{ add(n) { return n + 1 } }.add', '2'],
    'a function with require': ["(n) => require('node:path').join('a', String(n))", 'a/1'],
    'a function with import()': ["async (n) => (await import('node:path')).posix.join('a', String(n))", 'a/1'],
    'a function with the word Function': ['(n) => [n, parseInt].map((v) => v instanceof Function).join()', 'false,true'],
    'a closure': ['(n) => n + around', 'ERR_HEDDLE_CLOSURE'],
    'a closure with import()': ["async (n) => (await import('node:path')) && n + around", 'ERR_HEDDLE_CLOSURE'],
    'what makes code from strings': ["(n) => eval('n + 1')", 'EvalError'],
  }

  it('run sent functions where no code may be made from strings', () => {
    const sent = Object.values(forms).map(([source]) => `thread((${source}))(1)`)
    const code = `const { allSettled, thread } = require('heddle')
const around = 1
allSettled([${sent}]).then((ends) => {
  for (const { value, reason } of ends) console.log(value ?? reason.code ?? reason.name)
})`
    const expected = Object.values(forms).map(([, end]) => end)
    const flag = '--disallow-code-generation-from-strings'
    assert.deepEqual(printed([flag], code).trim().split('\n'), expected)
  })

  it('warn of nothing where no code may be made from strings', () => {
    const code = "require('heddle').thread((n) => [n] instanceof Function)(1).then(console.log)"
    const args = ['--disallow-code-generation-from-strings', '--eval', code]
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    assert.deepEqual([stdout, stderr], ['false\n', ''])
  })

  it('are allowed by --allow-worker, which the error names', () => {
    const code = "require('heddle').thread((n) => n + 1)(1).then(console.log, (e) => console.log(e.code, e.message))"
    const words = printed([permission, READ, '--allow-addons'], code)
    assert.match(words, /^ERR_HEDDLE_NO_WORKERS .*--allow-worker/)
    assert.equal(printed([permission, READ, '--allow-addons', '--allow-worker'], code), '2\n')
  })
})
