'use strict'
// Kinds of threads: functions with the same options of worker_threads share
// their threads.

const { MessageChannel, Worker } = require('node:worker_threads')
const { HeddleError } = require('../errors.js')
const { priorityOf } = require('./nice.js')
const { SOURCE } = require('./worker.js')

const IDLE_MS = 10_000
const kinds = []

const sameFields = (a, b) => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

class Kind {
  /** @param {{workerData?: unknown, env?: object | symbol, execArgv?: string[],
   *   resourceLimits?: object, idleTimeout?: number}} options checked */
  constructor({ workerData, env, execArgv, resourceLimits, idleTimeout = IDLE_MS }) {
    this.options = { workerData, env, execArgv, resourceLimits }
    this.idleTimeout = idleTimeout // ms
    this.functions = 0 // open ones
  }

  #is(other) {
    return (
      this.idleTimeout === other.idleTimeout &&
      this.options.workerData === other.options.workerData &&
      ['env', 'execArgv', 'resourceLimits'].every((key) =>
        sameFields(this.options[key], other.options[key]),
      )
    )
  }

  /** The kind of these options; the same object for the same options. */
  static of(options) {
    const made = new Kind(options)
    const known = kinds.find((kind) => kind.#is(made))
    if (known === undefined) kinds.push(made)
    return known ?? made
  }

  /** No function uses it any more. */
  forget() {
    const index = kinds.indexOf(this)
    if (index >= 0) kinds.splice(index, 1)
  }

  /**
   * Starts a thread, so nice. Throws when it may not or cannot.
   * @returns {{worker: Worker, port: MessagePort, tray: MessagePort, output: MessagePort}}
   */
  start(board, ends, nice) {
    if (Object.hasOwn(process, 'permission') && !process.permission.has('worker')) {
      throw new HeddleError(
        'ERR_HEDDLE_NO_WORKERS',
        "threads are not allowed by Node's permission model: start Node with --allow-worker",
      )
    }
    const worker = new Worker(SOURCE, {
      __proto__: null,
      eval: true,
      name: 'heddle',
      ...this.options,
    })
    worker.unref()
    const { port1, port2 } = new MessageChannel()
    port1.unref()
    const tray = new MessageChannel()
    const output = new MessageChannel()
    const ports = { port: port2, tray: tray.port2, output: output.port2 }
    worker.postMessage({ ...ports, board, ends, priority: priorityOf(nice) }, Object.values(ports))
    return { worker, port: port1, tray: tray.port1, output: output.port1 }
  }
}

module.exports = { Kind }
