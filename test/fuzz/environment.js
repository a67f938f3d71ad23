'use strict'
// An environment that comes, works, and goes.

const path = require('node:path')
const { Worker } = require('node:worker_threads')

const lib = path.join(__dirname, '..', '..', 'lib')

const source = `
  const { workerData } = require('node:worker_threads')
  const { parallel, thread } = require(workerData.lib)
  const { hash } = require(workerData.lib + '/tasks.js')
  const { sleep } = require(workerData.lib + '/testing.js')
  const add = thread((n) => n + 1)
  parallel([hash('md5', ''), sleep(workerData.ms), add(1), add(2)]).then((results) => {
    if (results[0] !== 'd41d8cd98f00b204e9800998ecf8427e' || results[3] !== 3) throw new Error('wrong results')
  })
  if (workerData.end === 'exit') setTimeout(() => process.exit(0), workerData.ms)
`

/** Fulfils when the environment is gone, with words where it did not end as it should. */
function comeAndGo({ ms, end }) {
  const worker = new Worker(source, { eval: true, workerData: { lib, ms, end } })
  if (end === 'terminate') setTimeout(() => worker.terminate(), ms)
  return new Promise((resolve) => {
    let failure
    worker.on('error', (error) => (failure = `failed: ${error.stack}`))
    worker.on('exit', (code) => {
      const good = code === 0 || end === 'terminate'
      resolve(failure ?? (good ? undefined : `ended with ${code}`))
    })
  })
}

module.exports = { comeAndGo }
