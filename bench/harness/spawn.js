'use strict'

const { fork } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')
const { machineTime } = require('./cpu.js')
const { LIMIT_MS } = require('./options.js')

const CHILD = path.join(__dirname, 'child.js')
const GRACE_MS = 10_000

const tooLate = (limit) =>
  `the process was killed ${limit / 1000} s after its start: it did not end, nor come back to its event loop`

const endedEarly = (code, signal) =>
  `the process ended with ${signal ?? `exit code ${code}`} before it had a result`

/**
 * Runs a script of the suite in a child and waits for its message. The child
 * is killed afterwards when `kill` is set (what it has queued is not wanted), and
 * in any case when it has not ended after `limit` ms.
 * Rejects with the words of a message {error}, or with how the child ended.
 */
function runScript(script, args, { kill = false, limit = LIMIT_MS } = {}) {
  return new Promise((resolve, reject) => {
    const execArgv = [...process.execArgv, '--expose-gc']
    const signal = AbortSignal.timeout(Math.ceil(limit))
    const child = fork(script, args, { execArgv, signal, killSignal: 'SIGKILL' })
    let message
    child.on('message', (m) => {
      message = m
      if (kill) child.kill('SIGKILL')
    })
    child.on('error', (error) => {
      if (!signal.aborted) reject(error) // else it is killed, and its end tells the rest
    })
    // Not its exit: what it has sent may come after that.
    child.on('close', (code, killedBy) => {
      if (message?.error !== undefined) reject(new Error(message.error))
      else if (message !== undefined && (code === 0 || kill)) resolve(message)
      else reject(new Error(signal.aborted ? tooLate(limit) : endedEarly(code, killedBy)))
    })
  })
}

/** The child gives up by itself at the limit, and can say what it was doing, if it is not blocked. */
const runJob = (job, limit) =>
  runScript(CHILD, [JSON.stringify({ ...job, limit })], { limit: limit + GRACE_MS })

/** @returns {Promise<string[]>} names of the cases of a user's file */
async function listFile(file, { limit }) {
  const { names } = await runJob({ do: 'list', file }, limit)
  return names
}

/**
 * Measures a case. `others` is the part of the machine that other processes used
 * meanwhile: figures of a case that was disturbed are not worth much.
 * @param {{file: string, name?: string}} source
 * @param {{quick: boolean, limit: number}} options `limit` of a process, ms
 */
async function runCase({ file, name }, { quick, limit }) {
  const began = performance.now()
  const before = machineTime()
  const { cpu, ...result } = await runJob({ do: 'measure', file, name, quick }, limit)
  const capacity = (performance.now() - began) * os.cpus().length
  const others = machineTime() - before - cpu
  return { ...result, others: Math.max(0, others / capacity) }
}

/** @returns {Promise<import('./cases.js').Usage>} */
async function runSide({ file, name }, side, { quick, limit }) {
  const { usage } = await runJob({ do: 'use', file, name, side, quick }, limit)
  return usage
}

module.exports = { listFile, runCase, runScript, runSide }
