'use strict'
// Runs programs of scripts/faults in processes of their own, under a time limit.

const { spawn } = require('node:child_process')

/**
 * @param {string} file
 * @param {{args?: string[], env?: object, node?: string[], shell?: string, ms?: number}} options
 *   `shell` goes before, as "ulimit -n 40"
 * @returns {Promise<{code: number | null, signal: string | null, stdout: string, stderr: string, hangs: boolean}>}
 */
function run(file, { args = [], env = {}, node = [], shell, ms = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, ...node, file, ...args]
    const [program, ...rest] = shell === undefined ? command : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...command]
    const child = spawn(program, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const end = { stdout: '', stderr: '', hangs: false }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (end[name] += text))
    }
    const killer = setTimeout(() => {
      end.hangs = true
      child.kill('SIGKILL')
    }, ms)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(killer)
      resolve({ ...end, code, signal })
    })
  })
}

/** What is wrong with an end that should have been with code 0 and a line of JSON with findings. */
function findingsOf({ code, signal, stdout, stderr, hangs }, place = '') {
  const words = (text) => [`${place === '' ? '' : `${place}: `}${text}`]
  if (hangs) return words('hangs')
  if (code !== 0 || stderr !== '') return words(`ends with ${signal ?? `code ${code}`}\n${stderr.trim()}`)
  try {
    return JSON.parse(stdout).findings
  } catch {
    return words(`says ${stdout}`)
  }
}

module.exports = { findingsOf, run }
