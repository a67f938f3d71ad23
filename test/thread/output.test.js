'use strict'
// What functions print on threads arrives, whatever ends the program.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { child, temporaryFolder } = require('../support.js')

const LINES = Array.from({ length: 300 }, (_, n) => `line ${n}\n`).join('')

/** Runs the script, with `lines` and others as thread functions; it has to write that, and nothing else. */
function writes(script, stdout, { stderr = '', status = 0, flags, file = false } = {}) {
  const said = (file ? childWithFile : child)(`
    const heddle = require('heddle')
    const { once } = require('node:events')
    const { parallel, run, thread } = heddle
    const print = (n) => { for (let i = 0; i < n; i++) console.log('line ' + i) }
    const lines = thread(print)
    const forever = thread(new Function('return (n) => { (' + print + ')(n); for (;;); }')())
    const main = async () => {${script}}
    main()
  `, { flags })
  if (stderr instanceof RegExp) assert.match(said.stderr, stderr)
  else assert.equal(said.stderr, stderr)
  assert.equal(said.stdout.length, stdout.length)
  assert.ok(said.stdout === stdout, 'something else of that length')
  assert.equal(said.status, status)
}

const folder = temporaryFolder()

/** As child(), with a file as its stdout: a pipe loses what process.exit() does not wait for. */
function childWithFile(script) {
  const file = folder('stdout')
  const fd = fs.openSync(file, 'w')
  try {
    const said = child(script, { stdio: ['ignore', fd, 'pipe'] })
    return { ...said, stdout: fs.readFileSync(file, 'utf8') }
  } finally {
    fs.closeSync(fd)
  }
}

describe('thread: output', () => {

  it('arrives before what comes after the Task', () => {
    writes("await lines(300); console.log('after')", `${LINES}after\n`)
    writes("await parallel([lines(300), lines(300)], { concurrency: 1 }); console.log('after')", `${LINES}${LINES}after\n`)
  })

  it('arrives when the program ends at once', () => {
    writes('await lines(300)', LINES)
    writes('await lines(300); process.exit(3)', LINES, { status: 3 })
    writes("await lines(300); throw new Error('mine')", LINES, { status: 1, stderr: /mine/ })
    writes("await lines(300); setImmediate(() => { throw new Error('mine') })", LINES, { status: 1, stderr: /mine/ })
  })

  it('arrives from functions that fail, and from asynchronous ones', () => {
    const fails = `const f = thread(() => { for (let i = 0; i < 300; i++) console.log('line ' + i); throw new Error('mine') })`
    writes(`${fails}; await f().catch(() => process.exit())`, LINES)
    const waits = `const f = thread(async () => {
      for (let i = 0; i < 300; i++) { console.log('line ' + i); if (i % 100 === 0) await null }
    })`
    writes(`${waits}; await f(); process.exit()`, LINES)
  })

  it('arrives on both streams', () => {
    const both = 'const f = thread((n) => { for (let i = 0; i < n; i++) { console.log(1); console.error(2) } })'
    writes(`${both}; await f(50); process.exit()`, '1\n'.repeat(50), { stderr: '2\n'.repeat(50) })
  })

  it('arrives of a thread that is ended', () => {
    const exits = "(error) => { console.log(error.name ?? error); process.exit() }"
    writes(`await run(forever(300), { itemTimeout: 300 }).catch(${exits})`, `${LINES}TimeoutError\n`)
    // Here the call ends before the thread is asked.
    const ended = 'forever.terminate().then(() => process.exit())'
    writes(`await run(forever(300), { timeout: 300 }).catch(() => ${ended})`, LINES)
    writes(`const task = run(forever(300)); task.catch(() => {})
      const write = process.stdout.write
      process.stdout.write = function (...args) {
        if (args[0].includes('line 299')) ${ended}
        return Reflect.apply(write, this, args)
      }`, LINES)
    const inside = `const f = thread(() => {
      process.on('exit', () => console.log('exit'))
      for (let i = 0; i < 300; i++) console.log('line ' + i)
      process.exit(4)
    })`
    writes(`${inside}; await f().catch(({ code }) => console.log(code))`, `${LINES}exit\nERR_HEDDLE_THREAD_LOST\n`)
  })

  it('arrives of what a thread does after a Task', () => {
    const later = `const f = thread(() => { setTimeout(() => { for (let i = 0; i < 300; i++) console.log('line ' + i) }, 20) })`
    writes(`${later}
      await f()
      const write = process.stdout.write
      const alive = setInterval(() => {}, 1000)
      process.stdout.write = function (...args) {
        if (args[0].includes('line 299')) clearInterval(alive)
        return Reflect.apply(write, this, args)
      }`, LINES)
  })

  it('arrives when the function is closed', () => {
    writes('void run(lines(300)); await lines.close()', LINES)
  })

  const MB = 1024 * 1024

  it('may be large', () => {
    const large = `const f = thread((n) => { process.stdout.write('x'.repeat(n)); process.stdout.write('y') })`
    for (const n of [5 * MB, 40 * MB]) writes(`${large}; await f(${n}); process.exit()`, `${'x'.repeat(n)}y`, { file: true })
    const many = `const f = thread((n) => { for (let i = 0; i < n; i++) process.stdout.write('x'.repeat(1023) + i % 10) })`
    const expected = Array.from({ length: 40 * 1024 }, (_, i) => 'x'.repeat(1023) + (i % 10)).join('')
    writes(`${many}; await f(${40 * 1024}); process.exit()`, expected, { file: true })
    writes(`${many}; await f(${40 * 1024})`, expected)
    writes(`${many}; await f(${40 * 1024}); setImmediate(() => { throw 'mine' })`, expected, {
      status: 1,
      stderr: /mine/,
      file: true,
    })
  })

  it('goes 16 MiB ahead of what is taken, where functions heed it', () => {
    writes(`
      const f = thread(async (cells) => {
        const { once } = require('node:events')
        for (let i = 0; i < 40; i++) {
          const goesOn = process.stdout.write('x'.repeat(2 ** 20))
          Atomics.add(cells, 0, 1)
          if (goesOn) continue
          Atomics.store(cells, 1, 1)
          await once(process.stdout, 'drain')
        }
      })
      const cells = new Int32Array(new SharedArrayBuffer(8))
      const task = run(f(cells))
      while (Atomics.load(cells, 1) === 0); // takes nothing meanwhile
      console.log(Atomics.load(cells, 0))
      await task`, `17\n${'x'.repeat(40 * MB)}`)
  })

  it('has its bytes, encodings and callbacks', () => {
    const bytes = `const f = thread(async () => {
      process.stdout.write(Buffer.from('abc').subarray(1))
      process.stdout.write('64', 'hex')
      process.stdout.write(new Uint8Array([101]))
      await new Promise((resolve) => process.stdout.write('f', resolve))
      process.stdout.write('é', 'latin1')
      process.stdout.write('é€')
    })`
    // What is no UTF-8 reads as U+FFFD.
    writes(`${bytes}; await f()`, 'bcdef\ufffdé€')
  })

  it('arrives of what was printed before the first function', () => {
    const module = folder('module.mjs')
    fs.writeFileSync(module, "for (let i = 0; i < 300; i++) console.log('line ' + i)\nexport default () => 1")
    writes(`await thread(${JSON.stringify(module)})(); process.exit()`, LINES)
  })

  it('arrives from threads of a worker', () => {
    writes(`
      const { Worker } = require('node:worker_threads')
      new Worker("require('heddle').thread(" + print + ")(300).then(() => process.exit())", { eval: true })
    `, LINES)
  })

  it('goes to a write that was replaced, which may do anything', () => {
    writes(`
      const { write } = process.stdout
      const seen = []
      let runs = 0
      process.stdout.write = (text) => {
        seen.push(text)
        forever.terminate()
        if (++runs <= 3) lines(2).then(() => {}) // prints, too
        return false
      }
      await lines(3)
      while (seen.join('').split('\\n').length < 10) await new Promise(setImmediate)
      await lines.close()
      process.stdout.write = write
      console.log(seen.join('').split('\\n').length, seen[0].slice(0, 6))
    `, '10 line 0\n')
    writes(`
      process.stdout.write = () => { throw new Error('mine') }
      process.on('uncaughtException', ({ message }) => console.error(message))
      await lines(1)
      setImmediate(() => {})
    `, '', { stderr: 'mine\n' })
  })
})
