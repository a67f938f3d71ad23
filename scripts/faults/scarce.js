'use strict'
// Programs to which one thing is denied: threads, files that may be open, room on
// the disk. What is asked for settles, with what it would have been or for want of
// that; afterwards all is as it was. Run by scripts/faults.js, with limits.c.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { isDeepStrictEqual } = require('node:util')
const { within } = require('./common.js')
const { allSettled, run, stats, thread } = require('../../lib/index.js')
const { crc32, file, gzip, hash, writeFile } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')

const WORDS = ['threads', 'bytes'] // as in limits.c
const SETTLES_MS = 20_000
const SIZE = 300_000

const what = process.argv[2]
const limits = fs.openSync(process.env.HEDDLE_LIMITS, 'r+')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-faults-'))
const at = (name) => path.join(folder, name)
const findings = []
let faults = 0 // members that went without

function limit(word, value) {
  const data = Buffer.alloc(8)
  data.writeBigInt64LE(BigInt(value))
  fs.writeSync(limits, data, 0, 8, 8 * WORDS.indexOf(word)) // pwrite, which is not limited
}

/**
 * Asks for work, and gives the members' ends. `codes` are those with which they may
 * fail, or the call may.
 */
async function ask(place, codes, work, expected, options) {
  const isWant = (error) => {
    const is = codes.includes(error?.code) || codes.includes(error?.cause?.code)
    if (is) faults++
    return is
  }
  let ends
  const call = allSettled(work, { join: true, ...options }).then(
    (results) => (ends = results),
    (error) => {
      ends = []
      if (!isWant(error)) findings.push(`${place}: rejects with ${error.stack}`)
    },
  )
  await Promise.race([call, within(SETTLES_MS, () => ends)])
  if (ends === undefined) findings.push(`${place}: never settles: ${JSON.stringify(stats())}`)
  for (const [i, { status, value, reason }] of ends?.entries() ?? []) {
    if (status === 'rejected' && isWant(reason)) continue
    if (status === 'fulfilled' && isDeepStrictEqual(value, expected[i])) continue
    findings.push(`${place}: member ${i} gives ${reason?.stack ?? JSON.stringify(value)?.slice(0, 200)}`)
  }
  if (!(await within(SETTLES_MS, () => stats().running + stats().queued === 0))) {
    findings.push(`${place}: does not become idle: ${JSON.stringify(stats())}`)
  }
  return ends ?? []
}

/** Threads: of heddle's own, and of functions. That of libuv's pool is there. */
async function threads() {
  await fs.promises.stat(folder)
  const codes = ['ERR_HEDDLE_NO_THREAD', 'ERR_HEDDLE_THREAD_START', 'ERR_WORKER_INIT_FAILED']
  for (let left = 0; left < 5; left++) {
    const triple = thread((n) => 3 * n)
    const work = () => [
      ...Array.from({ length: 200 }, (_, i) => crc32(`${i}`)),
      sleep(1),
      triple(1),
      () => noop(),
      triple(2),
    ]
    const expected = [...work().slice(0, 200).map((_, i) => zlibCrc(`${i}`)), undefined, 3, undefined, 6]
    limit('threads', left)
    await ask(`${left} threads`, codes, work(), expected)
    limit('threads', -1)
    await ask(`${left} threads, and then enough`, [], work(), expected)
    await triple.close()
  }
}

const table = Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
  return n
})

/** node:zlib has it from Node.js 22 on only. */
function zlibCrc(text) {
  let crc = -1
  for (const byte of Buffer.from(text)) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8)
  return ~crc >>> 0
}

/** A folder with files that may be read, and one that is overwritten. */
function prepare() {
  fs.writeFileSync(at('in'), Buffer.alloc(SIZE, 'in'))
  fs.writeFileSync(at('old'), 'old')
  fs.rmSync(at('new'), { force: true })
}

const names = () => fs.readdirSync(folder).sort().join()

/** Files that are written: whole, or as they were. */
function compare(place, ends) {
  const found = names()
  const written = (i) => ends[i]?.status === 'fulfilled'
  if (found !== (written(1) ? 'in,new,old' : 'in,old')) findings.push(`${place}: leaves ${found}`)
  if (fs.readFileSync(at('in')).length !== SIZE) findings.push(`${place}: has changed what it read`)
  const size = written(0) ? SIZE : 3
  if (fs.statSync(at('old')).size !== size) findings.push(`${place}: leaves a part of a file`)
}

const copies = () => [writeFile(at('old'), file(at('in'))), writeFile(at('new'), Buffer.alloc(SIZE, 'x'))]

/** Files that may be open: so many of them, whatever they are for. */
async function files() {
  const digest = await hash('md5', Buffer.alloc(SIZE, 'in'))
  const packed = await gzip(Buffer.alloc(SIZE, 'in'))
  const expected = [undefined, undefined, digest, packed, digest]
  const work = () => [
    ...copies(),
    hash('md5', file(at('in'))),
    gzip(file(at('in'))),
    () => hash('md5', file(at('in'))),
  ]
  await run(thread((n) => n)(1))
  await new Promise(setImmediate)
  for (let left = 0; left < 8; left++) {
    prepare()
    const taken = []
    try {
      for (;;) taken.push(fs.openSync('/dev/null', 'r'))
    } catch (error) {
      if (error.code !== 'EMFILE') throw error
    }
    const most = taken.length
    for (const one of taken.splice(0, left)) fs.closeSync(one)
    const place = `${left} files`
    const ends = await ask(place, ['EMFILE'], work(), expected)
    for (const one of taken) fs.closeSync(one)
    compare(place, ends)
    const again = []
    try {
      for (;;) again.push(fs.openSync('/dev/null', 'r'))
    } catch {
      if (again.length < most) findings.push(`${place}: ${most - again.length} stay open`)
    }
    for (const one of again) fs.closeSync(one)
  }
  const ends = await ask('enough files', [], work(), expected)
  compare('enough files', ends)
}

/** Bytes that have room. */
async function bytes() {
  const sizes = [0, 1, 2, 4095, 65_536, 65_537, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE - 1, 2 * SIZE]
  for (const size of sizes) {
    for (const concurrency of [1, 2]) {
      prepare()
      limit('bytes', size)
      const place = `${size} bytes, ${concurrency} at once`
      const ends = await ask(place, ['ENOSPC'], copies(), [undefined, undefined], { concurrency })
      limit('bytes', -1)
      compare(place, ends)
      const fit = ends.filter(({ status }) => status === 'fulfilled').length
      if (concurrency === 1 && fit !== Math.floor(size / SIZE)) findings.push(`${place}: ${fit} files fit`)
    }
  }
}

async function main() {
  await { threads, files, bytes }[what]()
  fs.rmSync(folder, { recursive: true, force: true })
  console.log(JSON.stringify({ faults, findings: findings.slice(0, 10) }))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
