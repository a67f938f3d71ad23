'use strict'
// Runs programs while one allocation of heddle's fails, each in turn: whatever was
// asked for settles, with what it would have been or for want of memory; then
// nothing runs and nothing is held that was not before. Run by scripts/faults.js.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { isDeepStrictEqual } = require('node:util')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { Control } = require('./control.js')
const { generator, isNoMemory, within } = require('./common.js')

const FIRST = 40 // allocations of a program that all fail in turn; later ones by chance
const MOST = 3000
const SETTLES_MS = 30_000
const IDLE_MS = 20_000

const { seed, seconds, only } = JSON.parse(process.argv[2])
const control = new Control(process.env.HEDDLE_FAULTS)
setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')

const below = generator(seed)

/** Whether it is what came without faults, but for members that had no memory. */
function isRight(value, expected) {
  if (isDeepStrictEqual(value, expected)) return true
  if (!Array.isArray(value) || value.length !== expected?.length) return false
  return value.every((one, i) => isDeepStrictEqual(one, expected[i]) || isNoMemory(one?.reason))
}

/** What the addon holds, once garbage is gone. */
async function held() {
  for (let i = 0; i < 3; i++) {
    gc()
    await new Promise(setImmediate)
  }
  const { blocks, handles, callback, held: references } = control.read()
  return { blocks, handles, callback, references }
}

async function main() {
  const heddle = require('../../lib/index.js')
  const { native } = require('../../lib/task/native.js')
  const { programs, library } = require('./programs.js')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-faults-'))
  const findings = []
  const until = performance.now() + seconds * 1000
  let faults = 0

  const isIdle = () => {
    const { queued, running } = heddle.stats()
    return queued + running + native.mailbox.groups.size === 0
  }

  /** Runs a program with a fault; gives whether one came. */
  async function once(name, program, expected, n, ever) {
    control.place = `${name}: allocation ${n}${ever ? ' and all after it' : ''}`
    const say = (words) => findings.push(`${control.place}: ${words}`)
    control.failAt(n, ever)
    let settled = false
    // A program may fail before it gives a promise.
    const outcome = new Promise((resolve) => resolve(program())).then(
      (value) => isRight(value, expected) || say(`gives something else: ${JSON.stringify(value)?.slice(0, 200)}`),
      (error) => isNoMemory(error) || say(`rejects with ${error?.stack ?? error}`),
    )
    void outcome.then(() => (settled = true))
    if (!(await within(SETTLES_MS, () => settled))) say(`never settles: ${JSON.stringify(heddle.stats())}`)
    const failed = control.failNoMore()
    if (!(await within(IDLE_MS, isIdle))) {
      say(`does not become idle: ${JSON.stringify(heddle.stats())}, ${native.mailbox.groups.size} groups`)
    }
    if (failed > 0) faults++
    return failed > 0
  }

  /** The library's own memory: it stays, once there is enough. */
  function loads() {
    for (let n = 0; n < MOST; n++) {
      control.place = `load: allocation ${n}`
      control.failAt(n, n % 2 === 1)
      try {
        heddle.load(library())
        return control.failNoMore()
      } catch (error) {
        if (control.failNoMore() === 0 || !isNoMemory(error)) findings.push(`${control.place}: ${error.stack}`)
        faults++
      }
    }
  }

  /** Fails allocations of one program in turn, while there is time. */
  async function all(name, program) {
    for (let i = 0; i < 3; i++) {
      await program()
      await within(IDLE_MS, isIdle)
    }
    const expected = await program()
    await within(IDLE_MS, isIdle)
    let before = await held()
    for (let round = 0; round < 2; round++) {
      for (const ever of [false, true]) {
        for (let n = 0; n < MOST && findings.length < 10; n += n < FIRST ? 1 : 1 + below(n >> 2)) {
          if (!(await once(name, program, expected, n, ever))) break
          if (performance.now() > until) break
        }
      }
      await program()
      await within(IDLE_MS, isIdle)
      const after = await held()
      const grown = Object.keys(after).filter((key) => after[key] > before[key])
      if (grown.length === 0) return
      // What is kept for another time is kept once.
      if (round === 1) findings.push(`${name}: leaves ${grown.map((key) => `${after[key] - before[key]} ${key}`)}`)
      before = after
    }
  }

  if (only === undefined) loads()
  else heddle.load(library())
  const list = Object.entries(programs(folder)).filter(([name]) => only === undefined || name === only)
  for (let i = list.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[list[i], list[j]] = [list[j], list[i]]
  }
  let ran = 0
  for (const [name, program] of list) {
    if (performance.now() > until || findings.length >= 10) break
    await all(name, program)
    ran++
  }
  fs.rmSync(folder, { recursive: true, force: true })
  control.close()
  console.log(JSON.stringify({ faults, programs: ran, of: list.length, findings }))
  process.exit()
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
