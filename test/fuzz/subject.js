'use strict'
// The parent's side: runs programs in a child process, which may crash or hang.

const { fork } = require('node:child_process')
const { makeFolder, removeFolder } = require('./folder.js')
const { SLOW } = require('./rest.js')

const ANSWER_MS = 75_000 * SLOW
const EXIT_MS = 20_000 * SLOW
const PROGRAMS = 100 // for one process

class Subject {
  #child
  #count = 0
  #exited
  #folder

  /** @param options { child, mutant }; `child` is the file that runs there */
  constructor({ child, mutant }) {
    this.file = child
    this.mutant = mutant
  }

  #start() {
    this.#folder = makeFolder()
    const args = [this.#folder, ...(this.mutant ? [this.mutant] : [])]
    this.#child = fork(this.file, args, {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    this.#count = 0
    let stderr = ''
    this.#child.stderr
      .setEncoding('utf8')
      .on('data', (text) => (stderr = (stderr + text).slice(-4000)))
    this.#exited = new Promise((resolve) => {
      // Not 'close', which does not come after a disconnect() of this side.
      this.#child.on('exit', (code, signal) =>
        setImmediate(() => resolve({ code, signal, stderr })),
      )
    })
  }

  /** Runs a program: words for what is wrong, or undefined. */
  async run(program) {
    if (this.#child === undefined) this.#start()
    const found = await this.#answer(program)
    if (found !== undefined) {
      // What a finding leaves behind must not be found again.
      await this.#kill()
      return found
    }
    this.#count++
    return this.#count >= PROGRAMS ? this.end() : undefined
  }

  #answer(program) {
    const child = this.#child
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('the loop hangs'), ANSWER_MS)
      const end = (found) => {
        clearTimeout(timer)
        child.off('message', answered)
        resolve(found)
      }
      const answered = ({ found }) => end(found)
      child.on('message', answered)
      this.#exited.then(({ code, signal, stderr }) =>
        end(`the process ended with ${signal ?? code}\n${stderr}`),
      )
      child.send(program, () => {})
    })
  }

  async #kill() {
    this.#child.kill('SIGKILL')
    await this.#exited
    this.#forget()
  }

  #forget() {
    removeFolder(this.#folder)
    this.#child = undefined
  }

  /** Lets the process end by itself: words when it does not, or not well. */
  async end() {
    if (this.#child === undefined) return
    const child = this.#child
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, EXIT_MS)
    if (child.connected) child.disconnect()
    const { code, signal, stderr } = await this.#exited
    clearTimeout(timer)
    this.#forget()
    if (late) return 'the process does not end: something keeps it alive'
    if (code !== 0) return `the process ended with ${signal ?? code} at its exit\n${stderr}`
  }
}

module.exports = { Subject }
