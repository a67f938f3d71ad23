'use strict'
// The memory that is asked for once: an allocation has been told to fail when this
// begins. With 'workers', in workers of a process that is well. Run by
// scripts/faults.js.

const path = require('node:path')
const { Worker, isMainThread, workerData } = require('node:worker_threads')
const { Control } = require('./control.js')
const { isNoMemory, within } = require('./common.js')

const WORKERS = 12 // allocations that fail in turn

const control = new Control(process.env.HEDDLE_FAULTS)

/** Loads heddle and uses it; whatever fails does for want of memory. */
async function use(exit) {
  const findings = []
  const expect = (error) => {
    const { cause = error } = error ?? {}
    if (!isNoMemory(cause) && cause?.code !== 'ERR_HEDDLE_START') findings.push(`${error?.stack ?? error}`)
  }
  let heddle
  try {
    heddle = require('../../lib/index.js')
  } catch (error) {
    expect(error)
    control.failNoMore()
    try {
      heddle = require('../../lib/index.js') // where it is tried again, it works or fails alike
    } catch (again) {
      expect(again)
      return findings
    }
  }
  const { crc32, gzip, hash } = require('../../lib/tasks.js')
  const { noop, sleep } = require('../../lib/testing.js')
  const { allSettled, parallel, run, thread } = heddle
  const twice = thread((n) => 2 * n)
  await parallel([crc32('a'), gzip('b')]).catch(expect)
  await run(hash('md5', 'a')).catch(expect)
  await parallel(Array.from({ length: 5000 }, () => noop())).catch(expect)
  await parallel([twice(1), crc32('a')]).catch(expect)
  for (const { reason } of await allSettled([crc32('a'), sleep(1)])) if (reason) expect(reason)
  control.failNoMore()
  if ((await run(crc32('a'))) !== 3904355907) findings.push('it does not recover')
  const { stats } = heddle
  if (!(await within(20_000, () => stats().running + stats().queued === 0))) findings.push('it does not become idle')
  if (exit) process.exit()
  return findings
}

async function workers() {
  require('../../lib/index.js')
  const findings = []
  for (let n = 0; n < WORKERS; n++) {
    for (const exit of [false, true]) {
      control.place = `a worker, allocation ${n}${exit ? ', exits' : ''}`
      control.failAt(n, false)
      const worker = new Worker(path.join(__filename), { workerData: { exit } })
      worker.on('message', (found) => findings.push(...found.map((words) => `${control.place}: ${words}`)))
      worker.on('error', (error) => findings.push(`${control.place}: ${error?.stack ?? error}`))
      await new Promise((resolve) => worker.once('exit', resolve))
      control.failNoMore()
    }
  }
  return findings
}

async function main() {
  if (!isMainThread) return require('node:worker_threads').parentPort.postMessage(await use(workerData.exit))
  const findings = await (process.argv[2] === 'workers' ? workers() : use(false))
  console.log(JSON.stringify({ findings }))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
