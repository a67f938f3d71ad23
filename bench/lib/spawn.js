'use strict'

const { fork } = require('node:child_process')
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

/** @returns {Promise<object[]>} the case's rows */
function runCase(name, quick) {
  return runScript(CHILD, quick ? [name, 'quick'] : [name])
}

module.exports = { runCase, runScript }
