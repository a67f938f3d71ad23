'use strict'
// Ends at random points of work: workers that are terminated, exit, throw or end by
// themselves, forks, and last the process itself. Run by scripts/faults.js, many
// times; HEDDLE_ENDS has the seed, and whether it is a fork, which only ends.

const { fork } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const { generator, within } = require('./common.js')

const ENDS = 4 // of workers and forks, in a process
const ENDS_MS = 30_000
const EXIT = 7
const KINDS = ['terminate', 'exit', 'throw', 'natural', 'fork']

const { seed, isFork } = isMainThread ? JSON.parse(process.env.HEDDLE_ENDS) : workerData
const below = generator(seed)
const noop = () => {}

/** Starts work of all kinds, and calls `reached` at some moment of it. */
function start(reached) {
  const { chain, map, parallel, previous, race, run, sequential, stream, thread } = require('../../lib/index.js')
  const { crc32, file, gunzip, gzip, hash, scrypt, writeFile } = require('../../lib/tasks.js')
  const { sleep } = require('../../lib/testing.js')
  const large = Buffer.alloc(1_000_000, 'large')
  const target = path.join(os.tmpdir(), `heddle-ends-${process.pid}-${seed}`)
  const range = (length) => Array.from({ length }, (_, i) => i)
  const controller = new AbortController()
  const spin = thread((ms) => {
    for (const end = Date.now() + ms; Date.now() < end; );
    return ms
  })
  const works = [
    () => parallel(range(3000).map((i) => crc32(`${i}`))),
    () => parallel(range(20).map(() => gzip(large)), { join: true }),
    () => Promise.all(range(300).map((i) => hash('md5', `${i}`).then(i === 200 ? reached : noop))),
    () => sequential([gzip(large), gunzip(previous), hash('sha1', previous), reached]),
    () => run(chain(gzip(large), gunzip(previous), crc32(previous))).then(reached),
    () => map(range(200), (i) => (i === 50 ? reached() : crc32(`${i}`)), { concurrency: 3 }),
    () => race([hash('sha1', large), sleep(1e9)]).then(reached),
    () => parallel([sleep(1e9), () => new Promise(noop)], { signal: controller.signal, timeout: 5 }),
    () => parallel([spin(1e9), spin(1), spin(2)], { itemTimeout: 20 }),
    () => parallel(range(8).map(() => spin(1)), { onProgress: reached }),
    () => parallel([scrypt('p', 's', 32), hash('md5', file(__filename))]),
    () => run(writeFile(target, large)).finally(() => fs.rmSync(target, { force: true })),
    async () => {
      for await (const { index } of stream(range(100), (i) => crc32(`${i}`))) if (index === 40) reached()
    },
  ]
  for (let n = 2 + below(4); n > 0; n--) void works[below(works.length)]().catch(noop)
  if (below(2) === 0) setImmediate(() => controller.abort())
  return spin
}

/** A moment of the work, or one soon. */
function moment() {
  return new Promise((resolve) => {
    start(below(3) === 0 ? resolve : noop)
    const wait = below(4)
    if (wait === 0) resolve()
    else if (wait === 1) Promise.resolve().then(resolve)
    else if (wait === 2) setTimeout(resolve, below(8))
    else turns(below(6)).then(resolve)
    setTimeout(resolve, 100)
  })
}

async function turns(count) {
  while (count-- > 0) await new Promise(setImmediate)
}

/** A worker that comes to its end by itself or from outside. */
async function endWorker(kind) {
  const worker = new Worker(__filename, { workerData: { seed: below(2 ** 31), kind } })
  let thrown
  worker.on('error', (error) => (thrown = error))
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  if (kind === 'terminate') {
    if (below(4) > 0) await new Promise((resolve) => worker.once('message', resolve))
    void worker.terminate()
  }
  const code = await ended
  if (thrown !== undefined && thrown.message !== 'planned') return `${kind}: throws ${thrown.stack}`
  const expected = { terminate: [0, 1], exit: [EXIT], throw: [1], natural: [0] }[kind]
  return expected.includes(code) ? undefined : `${kind}: ends with ${code}`
}

async function endFork() {
  const env = { ...process.env, HEDDLE_ENDS: JSON.stringify({ seed: below(2 ** 31), isFork: true }) }
  const child = fork(__filename, { env })
  const [code, signal] = await new Promise((resolve) => child.once('exit', (...end) => resolve(end)))
  return code === EXIT ? undefined : `fork: ends with ${signal ?? code}`
}

async function inWorker() {
  const { kind } = workerData
  if (kind === 'natural') return start(noop).close()
  await moment()
  parentPort.postMessage('a moment')
  if (kind === 'exit') process.exit(EXIT)
  if (kind === 'throw') setImmediate(() => { throw new Error('planned') }) // prettier-ignore
}

async function main() {
  if (isFork) {
    await moment()
    process.exit(EXIT)
  }
  const findings = []
  const { stats } = require('../../lib/index.js')
  if (below(3) > 0) start(noop)
  for (let n = 0; n < ENDS; n++) {
    const kind = KINDS[below(KINDS.length)]
    let end
    const done = (kind === 'fork' ? endFork() : endWorker(kind)).then((words) => (end = [words].filter(Boolean)))
    await Promise.race([done, within(ENDS_MS, () => end)])
    findings.push(...(end ?? [`${kind}: never ends`]))
  }
  const exits = below(2) === 0
  if (exits && findings.length === 0) await moment()
  else if (!(await within(ENDS_MS, () => stats().running + stats().queued === 0))) {
    findings.push(`does not become idle: ${JSON.stringify(stats())}`)
  }
  console.log(JSON.stringify({ faults: ENDS + 1, findings }))
  if (exits) process.exit(0)
}

const begin = isMainThread ? main : inWorker
begin().catch((error) => {
  console.error(error)
  process.exit(1)
})
