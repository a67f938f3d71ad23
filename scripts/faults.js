'use strict'
// Faults on purpose: npm run faults -- [--quick] [--seconds N] [--seed N] [--only KIND].
// Allocations of the addon that fail one by one, threads that cannot start, files
// that cannot be opened, a full disk, and ends at random points of work. Prints what
// went wrong, with its place and its seed; any finding makes the exit code 1. Linux
// and gcc only. Works in copies of the tree below build/faults.

const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { buildCopy, buildLimits } = require('./faults/build.js')
const { findingsOf, run } = require('./faults/child.js')
const { Control } = require('./faults/control.js')
const { libraryOf } = require('./tree.js')

const root = path.join(__dirname, '..')
const ENDS = 5 // of a process of ends.js
const BESIDE = 2 // processes at once
const BEGINNINGS = 2000 // allocations of one, at the most

const words = (name) => path.join(root, 'build', 'faults', `${name}-${process.pid}`)

/** Calls an async function with 0, 1, ... until it gives false, a few at a time. */
async function beside(use) {
  let next = 0
  let goes = true
  const lane = async () => {
    while (goes) if ((await use(next++)) === false) goes = false
  }
  await Promise.all(Array.from({ length: BESIDE }, lane))
}

/** A file of words, for as long as it is used. */
async function withWords(name, use) {
  const file = words(name)
  const control = Control.create(file)
  try {
    return await use(file, control)
  } finally {
    control.close()
    fs.rmSync(file)
  }
}

/** What a copy's programs need in their environment, with a sanitizer. */
const asan = () => ({
  LD_PRELOAD: libraryOf('libasan.so'),
  ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1:allocator_may_return_null=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
})

/** Programs, while one allocation of them fails, each in turn. */
function allocations(sanitize) {
  return ({ seed, seconds }) =>
    withWords('allocations', async (file, control) => {
      const folder = buildCopy(sanitize)
      const env = { ...(sanitize === '' ? {} : asan()), HEDDLE_FAULTS: file }
      const args = [JSON.stringify({ seed, seconds })]
      const program = path.join(folder, 'scripts/faults/allocations.js')
      const end = await run(program, { args, env, ms: seconds * 1000 + 180_000 })
      return told(end, control.place)
    })
}

/** Whole processes, and workers, that begin without memory. */
async function beginnings({ seconds }) {
  const program = path.join(buildCopy(''), 'scripts/faults/beginning.js')
  const until = performance.now() + seconds * 1000
  const results = []
  await beside((n) =>
    withWords(`beginning-${n}`, async (file, control) => {
      if (n === 0) {
        const end = await run(program, { args: ['workers'], env: { HEDDLE_FAULTS: file } })
        results.push(told(end, control.place))
        return true
      }
      const [at, ever] = [(n - 1) >> 1, n % 2 === 0]
      control.failAt(at, ever)
      const end = await run(program, { env: { HEDDLE_FAULTS: file } })
      const { failed } = control.read()
      const place = `the beginning, allocation ${at}${ever ? ' and all after it' : ''}`
      results.push({ ...told(end, place), faults: failed > 0 ? 1 : 0 })
      return failed > 0 && n < BEGINNINGS && performance.now() < until
    }),
  )
  return summed(results)
}

/** One thing that is scarce. */
function scarce(what, shell) {
  return async () => {
    const library = buildLimits()
    const results = []
    for (const size of [1, 4]) {
      const file = words('limits')
      fs.writeFileSync(file, Buffer.alloc(16, 255))
      const env = { HEDDLE_LIMITS: file, LD_PRELOAD: library, UV_THREADPOOL_SIZE: `${size}` }
      const end = await run(path.join(__dirname, 'faults/scarce.js'), { args: [what], env, shell })
      fs.rmSync(file)
      results.push(told(end, `${what}, ${size} threads in libuv's pool`))
    }
    return summed(results)
  }
}

/** Processes that end, and whose workers and forks do, at random points. */
async function ends({ seed, count }) {
  const results = []
  await beside(async (n) => {
    if (n * ENDS >= count) return false
    const HEDDLE_ENDS = JSON.stringify({ seed: seed + n })
    const env = { HEDDLE_ENDS, UV_THREADPOOL_SIZE: `${1 + (n % 4)}` }
    const end = await run(path.join(__dirname, 'faults/ends.js'), { env })
    const again = Object.entries(env).map(([name, value]) => `${name}='${value}'`)
    results.push(told(end, `${again.join(' ')} node scripts/faults/ends.js`))
    return true
  })
  return summed(results)
}

/** What a process told: {faults, findings}. */
function told(end, place) {
  const findings = findingsOf(end, place)
  return { faults: /"faults":(\d+)/.exec(end.stdout)?.[1] | 0, findings }
}

function summed(results) {
  const faults = results.reduce((sum, one) => sum + one.faults, 0)
  return { faults, findings: results.flatMap((one) => one.findings) }
}

const kinds = {
  allocations: allocations(''),
  'allocations-asan': allocations('address,undefined'),
  beginnings,
  threads: scarce('threads'),
  files: scarce('files', 'ulimit -n 64'),
  bytes: scarce('bytes'),
  ends,
}

async function main() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      seed: { type: 'string', default: `${(Date.now() / 1000) | 0}` },
      only: { type: 'string' },
    },
  })
  const { quick, only } = values
  if (only !== undefined && !Object.hasOwn(kinds, only)) {
    throw new Error(`--only takes one of ${Object.keys(kinds).join(', ')}`)
  }
  const seconds = Number(values.seconds ?? (quick ? 12 : 120))
  const seed = Number(values.seed)
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
    throw new Error('--seconds and --seed take numbers')
  }
  let found = 0
  for (const [kind, use] of Object.entries(kinds)) {
    if (only !== undefined && kind !== only) continue
    // CI has the engine's failing allocations under a sanitizer.
    if (quick && only === undefined && kind === 'allocations-asan') continue
    const begin = performance.now()
    const { faults, findings } = await use({ seed, seconds, count: quick ? 60 : 300 })
    const time = Math.round((performance.now() - begin) / 1000)
    console.log(`${kind}: ${faults} faults in ${time} s, ${findings.length} findings`)
    for (const finding of findings) console.log(`  ${finding.replaceAll('\n', '\n  ')}`)
    if (faults + findings.length === 0) console.log('  nothing was made to fail')
    found += findings.length || (faults === 0 ? 1 : 0)
  }
  if (found > 0) console.log(`seed ${seed}: npm run faults -- --seed ${seed}`)
  process.exit(found > 0 ? 1 : 0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
