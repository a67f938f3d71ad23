'use strict'

const { fork } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')

const CHILD = path.join(__dirname, 'child.js')
const MOST_MS = 10 * 60 * 1000

/**
 * Runs a script of the suite in a child and waits for its message. The child
 * is killed afterwards when `kill` is set (what it has queued is not wanted).
 */
function runScript(script, args, { kill = false, execArgv = [] } = {}) {
  return new Promise((resolve, reject) => {
    const child = fork(script, args, { execArgv: ['--expose-gc', ...execArgv], timeout: MOST_MS })
    let message
    child.on('message', (m) => {
      message = m
      if (kill) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (message !== undefined && (code === 0 || kill)) resolve(message)
      else reject(new Error(`ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

/** CPU time of the whole machine since it started, in ms. */
function machineTime() {
  let sum = 0
  for (const { times } of os.cpus()) sum += times.user + times.nice + times.sys + times.irq
  return sum
}

/**
 * Runs a case. `others` is the part of the machine that other processes used
 * meanwhile: figures of a case that was disturbed are not worth much.
 * @returns {Promise<{rows: object[], others: number}>}
 */
async function runCase(name, quick) {
  const began = performance.now()
  const before = machineTime()
  const { rows, cpu } = await runScript(CHILD, quick ? [name, 'quick'] : [name])
  const capacity = (performance.now() - began) * os.cpus().length
  const others = machineTime() - before - (cpu.user + cpu.system) / 1e3
  return { rows, others: Math.max(0, others / capacity) }
}

module.exports = { runCase, runScript }
