'use strict'

const { fork } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')

const CHILD = path.join(__dirname, 'child.js')
const MOST_MS = 10 * 60 * 1000 // a case that takes longer hangs

/**
 * Runs a script of the suite in a child and waits for its message. The child
 * is killed afterwards when `kill` is set (what it has queued is not wanted).
 * Rejects with the words of a message {error}, or with how the child ended.
 */
function runScript(script, args, { kill = false } = {}) {
  return new Promise((resolve, reject) => {
    const execArgv = [...process.execArgv, '--expose-gc']
    const child = fork(script, args, { execArgv, timeout: MOST_MS })
    let message
    child.on('message', (m) => {
      message = m
      if (kill) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (message?.error !== undefined) reject(new Error(message.error))
      else if (message !== undefined && (code === 0 || kill)) resolve(message)
      else reject(new Error(`the process ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

/** CPU time of the whole machine since it started, in ms. */
function machineTime() {
  let sum = 0
  for (const { times } of os.cpus()) sum += times.user + times.nice + times.sys + times.irq
  return sum
}

const runJob = (job) => runScript(CHILD, [JSON.stringify(job)])

/** @returns {Promise<string[]>} names of the cases of a user's file */
async function listFile(file) {
  const { names } = await runJob({ do: 'list', file })
  return names
}

/**
 * Measures a case. `others` is the part of the machine that other processes used
 * meanwhile: figures of a case that was disturbed are not worth much.
 * @param {{file: string, name?: string}} source
 */
async function runCase({ file, name }, quick) {
  const began = performance.now()
  const before = machineTime()
  const { cpu, ...result } = await runJob({ do: 'measure', file, name, quick })
  const capacity = (performance.now() - began) * os.cpus().length
  const others = machineTime() - before - (cpu.user + cpu.system) / 1e3
  return { ...result, others: Math.max(0, others / capacity) }
}

/** @returns {Promise<import('./cases.js').Usage>} */
async function runSide({ file, name }, side, quick) {
  const { usage } = await runJob({ do: 'use', file, name, side, quick })
  return usage
}

module.exports = { listFile, runCase, runScript, runSide }
