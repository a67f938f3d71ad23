'use strict'
// Tracing channels of node:diagnostics_channel: what APM tools listen to.

const { tracingChannel } = require('node:diagnostics_channel')
const { recorder } = require('../task/recorder.js')

const calls = tracingChannel('heddle:call')
const members = tracingChannel('heddle:member')

/** Whether anybody listens. Not every runtime's tracing channel says so itself. */
const isHeard = ({ start, end, asyncStart, asyncEnd, error }) =>
  start.hasSubscribers ||
  end.hasSubscribers ||
  asyncStart.hasSubscribers ||
  asyncEnd.hasSubscribers ||
  error.hasSubscribers

/** Whether anybody listens to calls or members, or records them. */
const isTraced = () => recorder.on !== null || isHeard(calls) || isHeard(members)

/**
 * Publishes a call of a combinator, if anybody listens: {name, total}, and then
 * `result` or `error`.
 * @param {() => Promise} start
 * @param {Function} caller the function that was called
 */
function traceCall(call, start, caller) {
  if (recorder.on !== null) return recorder.on.begin(call, caller, () => publishCall(call, start))
  return publishCall(call, start)
}

function publishCall(call, start) {
  if (!isHeard(calls)) return start()
  const message = { name: call.name, total: undefined }
  return calls.tracePromise(() => {
    const promise = start()
    message.total = call.total
    return promise
  }, message)
}

/**
 * Publishes the members of a call: {call, name, index}, and then `result` or
 * `error`. Work starts between `start` and `end`, and has settled at `asyncStart`.
 */
class MemberTrace {
  #call
  #messages = new Map() // by position

  constructor(call) {
    this.#call = call
  }

  /** Of a call, if anybody listens; else null. */
  static of(call) {
    return isHeard(members) ? new MemberTrace(call) : null
  }

  /**
   * @param {number} position
   * @param {number | string} index
   * @param {string} name of the task or function, or `promise`
   * @param {() => T} start
   * @returns {T} what that returns
   */
  start(position, index, name, start) {
    const message = { call: this.#call.name, name, index }
    this.#messages.set(position, message)
    return members.start.runStores(message, () => {
      try {
        return start()
      } finally {
        members.end.publish(message)
      }
    })
  }

  /** The call ends early: of what has not settled nobody will hear. */
  stop(reason) {
    for (const position of this.#messages.keys()) this.end(position, false, reason)
  }

  end(position, fulfilled, value) {
    const message = this.#messages.get(position)
    if (message === undefined) return
    this.#messages.delete(position)
    if (fulfilled) {
      message.result = value
    } else {
      message.error = value
      members.error.publish(message)
    }
    members.asyncStart.publish(message)
    members.asyncEnd.publish(message)
  }
}

module.exports = { isTraced, traceCall, MemberTrace }
