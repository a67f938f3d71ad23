'use strict'
// What a recording writes, and `heddle trace`.

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { once } = require('node:events')
const { parallel, thread } = require('heddle')
const { crc32 } = require('heddle/tasks')
const { trace } = require('heddle/trace')
const { root, temporaryFolder } = require('../support.js')

const add = thread((a, b) => a + b)

describe('recording.write()', () => {
  const at = temporaryFolder()
  let given

  before(async () => {
    const recording = trace()
    await parallel({ '</script>': crc32('x'), b: add(1, 2) })
    given = recording.stop()
    assert.equal(recording.write(at('run.json')), at('run.json'))
    recording.write(at('run.html'))
  })

  it('writes the trace event format', () => {
    const { traceEvents, otherData, displayTimeUnit } = JSON.parse(fs.readFileSync(at('run.json'), 'utf8'))
    assert.equal(displayTimeUnit, 'ms')
    assert.equal(otherData.missing, 0)
    const of = (ph, cat) => traceEvents.filter((event) => event.ph === ph && (cat === undefined || event.cat === cat))
    for (const { ph, pid, ts, name } of traceEvents) {
      assert.ok(['M', 'X', 'b', 'e', 'C'].includes(ph))
      assert.equal(pid, 1)
      assert.equal(typeof name, 'string')
      assert.ok(ph === 'M' || ts >= 0)
    }
    const members = of('X', 'member')
    assert.deepEqual(
      members.map(({ name, tid, args: { key, state } }) => [name, tid, key, state]),
      given.members.map(({ task, thread: tid, key, state }) => [task, tid, key, state]),
    )
    members.forEach(({ dur }, i) => {
      const { started, ended } = given.members[i]
      assert.ok(Math.abs(dur - 1000 * (ended - started)) < 0.01)
    })
    assert.deepEqual(of('b', 'call').map(({ id, name }) => [id, name]), [[given.calls[0].id, 'parallel']])
    assert.equal(of('e', 'call').length, 1)
    const waiting = of('C').filter(({ name }) => name === 'waiting')
    assert.equal(waiting.at(-1).args.waiting, 0)
    const rows = new Set(of('M').filter(({ name }) => name === 'thread_name').map(({ tid }) => tid))
    for (const { tid } of of('X')) assert.ok(rows.has(tid))
  })

  it('writes a page', () => {
    const page = fs.readFileSync(at('run.html'), 'utf8')
    assert.match(page, /^<!doctype html>/i)
    assert.equal(page.match(/<\/script>/g).length, page.match(/<script/g).length)
  })

  it('keeps what is there, unless it is forced', () => {
    const recording = trace()
    fs.writeFileSync(at('there.json'), 'mine')
    assert.throws(() => recording.write(at('there.json')), { code: 'ERR_HEDDLE_EXISTS', message: /there\.json is there already/ })
    assert.equal(fs.readFileSync(at('there.json'), 'utf8'), 'mine')
    recording.write(at('there.json'), { force: true })
    assert.equal(JSON.parse(fs.readFileSync(at('there.json'), 'utf8')).displayTimeUnit, 'ms')
    assert.deepEqual(fs.readdirSync(at('.')).filter((name) => name.endsWith('.tmp')), [])
  })

  it('leaves nothing where it cannot write', () => {
    const recording = trace()
    assert.throws(() => recording.write(at('nowhere/run.json')), { code: 'ENOENT' })
    fs.mkdirSync(at('folder.json'))
    assert.throws(() => recording.write(at('folder.json'), { force: true }), { code: /EISDIR|EPERM|EEXIST|ENOTEMPTY/ })
    assert.deepEqual(fs.readdirSync(at('.')).filter((name) => name.endsWith('.tmp')), [])
  })

  it('refuses other endings and options', () => {
    const recording = trace()
    assert.throws(() => recording.write('run.txt'), { code: 'ERR_HEDDLE_MISUSE', message: /must end with \.html or \.json, got 'run\.txt'/ })
    assert.throws(() => recording.write(1), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    assert.throws(() => recording.write('run.json', { force: 1 }), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    assert.throws(() => recording.write('run.json', { forced: true }), { code: 'ERR_HEDDLE_MISUSE' })
    recording.stop()
  })
})

describe('heddle trace', () => {
  const at = temporaryFolder()
  const command = path.join(root, 'bin', 'heddle.js')

  function heddle(...args) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [command, 'trace', ...args], {
      cwd: at(),
      encoding: 'utf8',
    })
    return { status, signal, stdout, stderr }
  }

  const eventsIn = (file) => JSON.parse(fs.readFileSync(at(file), 'utf8')).traceEvents
  const tasksIn = (file) => eventsIn(file).filter(({ cat }) => cat === 'member').map(({ name }) => name)

  before(() => {
    fs.mkdirSync(at('node_modules'))
    fs.symlinkSync(root, at('node_modules', 'heddle'), 'junction')
    const program = `
console.log(JSON.stringify(process.argv.slice(2)))
const end = process.argv[2]
parallel([crc32('x')]).then(() => {
  if (end === 'code') process.exitCode = 3
  if (end === 'exit') process.exit(7)
  if (end === 'throw') throw new Error('as told')
  if (end === 'own') process.on('SIGTERM', () => process.exit(9))
  if (end === 'wait' || end === 'own') setInterval(() => {}, 1000) && console.log('ready')
})
`
    const names = "{ parallel } = require('heddle'), { crc32 } = require('heddle/tasks')"
    fs.writeFileSync(at('program.cjs'), `const ${names}\nif (require.main !== module) throw new Error('main')\n${program}`)
    fs.writeFileSync(
      at('program.mjs'),
      `import { parallel } from 'heddle'\nimport { crc32 } from 'heddle/tasks'\nawait 1\n${program}`,
    )
    fs.writeFileSync(at('bad.mjs'), 'this is no JavaScript')
  })

  for (const program of ['program.cjs', 'program.mjs']) {
    it(`runs ${program} with its arguments, and writes beside its output`, () => {
      const { status, stdout, stderr } = heddle('--json', `${program}.json`, program, '--', '-o', 'x')
      assert.equal(status, 0, stderr)
      assert.equal(stdout, '["-o","x"]\n')
      assert.equal(stderr, `heddle trace: wrote ${fs.realpathSync(at())}${path.sep}${program}.json\n`)
      assert.deepEqual(tasksIn(`${program}.json`), ['crc32'])
      assert.ok(eventsIn(`${program}.json`).some(({ args }) => String(args.place).includes(program)))
    })

    for (const [end, code] of [['code', 3], ['exit', 7], ['throw', 1]]) {
      it(`keeps the exit code of ${program} after ${end}`, () => {
        const file = `${program}.${end}.json`
        const { status, stderr } = heddle('--json', file, program, end)
        assert.equal(status, code)
        assert.deepEqual(tasksIn(file), ['crc32'])
        if (end === 'throw') assert.match(stderr, /Error: as told/)
      })
    }
  }

  for (const [end, signal, code] of [['wait', 'SIGTERM', null], ['wait', 'SIGINT', null], ['own', 'SIGTERM', 9]]) {
    it(`writes on ${signal}${end === 'own' ? ', which the program listens to' : ''}`, async function () {
      if (process.platform === 'win32') return this.skip() // there are no signals
      const file = `${end}.${signal}.json`
      const child = spawn(process.execPath, [command, 'trace', '--json', file, 'program.mjs', end], { cwd: at() })
      let out = ''
      for await (const text of child.stdout) if ((out += text).includes('ready')) break
      child.kill(signal)
      const [status, by] = await once(child, 'exit')
      assert.deepEqual([status, by], code === null ? [null, signal] : [code, null])
      assert.deepEqual(tasksIn(file), ['crc32'])
      return undefined
    })
  }

  it('keeps what is there, before anything runs', () => {
    fs.writeFileSync(at('heddle-trace.html'), 'mine')
    const { status, stdout, stderr } = heddle('program.mjs')
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /heddle-trace\.html is there already; --force replaces it/)
    assert.equal(heddle('--force', 'program.mjs').status, 0)
    assert.match(fs.readFileSync(at('heddle-trace.html'), 'utf8'), /^<!doctype html>/i)
  })

  it('fails as the program does that cannot be read', () => {
    const { status, stderr } = heddle('--json', 'bad.json', 'bad.mjs')
    assert.equal(status, 1)
    assert.match(stderr, /SyntaxError/)
  })

  it('says what it does not understand', () => {
    for (const [args, words] of [
      [[], /a PROGRAM is expected/],
      [['-o', 'x.txt', 'program.mjs'], /--output must end with \.html/],
      [['--json', 'x.html', 'program.mjs'], /--json must end with \.json/],
      [['--members', 'many', 'program.mjs'], /--members must be an integer/],
      [['--output'], /argument missing|--output/],
    ]) {
      const { status, stderr } = heddle(...args)
      assert.equal(status, 2)
      assert.match(stderr, words)
    }
    const { status, stderr } = heddle('--json', 'x.json', 'nothing.mjs')
    assert.equal(status, 1)
    assert.match(stderr, /there is no program .*nothing\.mjs/)
    assert.match(heddle('--help').stdout, /Usage: heddle trace/)
  })
})
