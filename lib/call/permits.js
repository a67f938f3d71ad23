'use strict'
// The tokens of a call under a limiter: what it asks for, and who holds what it got.

const { typeError } = require('../errors.js')
const { isTask, State, stateOf } = require('../task/task.js')
const { promiseOf, react } = require('./promises.js')

/** The method of heddle's own limiters that gives their gate: see lib/limit/gate.js. */
const GATE = Symbol('heddle.gate')

/** Of an object with acquire(), as TC39's Governor is. What waits there cannot be withdrawn. */
class Foreign {
  #where
  #governor
  #options

  constructor(where, governor, { key, weight, priority }) {
    this.#where = where
    this.#governor = governor
    this.#options = { key, weight, priority }
  }

  take() {
    return null
  }

  /** Asks for the tokens of a waiter, one after the other. */
  async ask(waiter) {
    try {
      while (waiter.count > 0) this.#give(waiter, await this.#governor.acquire(this.#options))
    } catch (error) {
      if (waiter.count > 0) waiter.refused(error)
    }
  }

  #give(waiter, token) {
    if (typeof token?.release !== 'function') {
      throw typeError(this.#where, 'what acquire() of option "concurrency" gives', 'a token with release()', token)
    }
    if (waiter.count === 0) return token.release()
    waiter.count--
    waiter.granted(token)
  }

  withdraw(waiter) {
    waiter.count = 0
  }

  waiter() {
    return { count: 0, entered: false }
  }

  enter() {}

  leave() {}
}

/** Tokens that a call asks for, one place in the queue, and has not used yet. */
class Request {
  tokens = []
  #call
  #gate
  #waiter
  #onGrant
  #wake = null

  /** @param {() => void} onGrant there are tokens: is called in a job of its own, in the asker's context */
  constructor(call, gate, fields, onGrant) {
    this.#call = call
    this.#gate = gate
    this.#onGrant = onGrant
    this.#waiter = Object.assign(gate.waiter(fields), {
      count: 0,
      where: call.name,
      granted: (token) => {
        this.tokens.push(token)
        this.#wake?.()
      },
      refused: (error) => call.end(false, error),
    })
  }

  /** Asks for so many, one after the other. Throws what it is refused for. */
  ask(count, entered) {
    const waiter = this.#waiter
    waiter.count = count
    waiter.entered = entered
    try {
      void this.#gate.ask(waiter)
    } catch (error) {
      waiter.count = 0
      throw error
    }
    this.#sleep()
  }

  get waits() {
    return this.#waiter.count > 0
  }

  #sleep() {
    if (!this.waits) return
    const { link } = this.#call
    const woken = new Promise((resolve) => (this.#wake = resolve))
    react(woken, () => {
      this.#wake = null
      if (link.call === null) return
      this.#sleep()
      this.#onGrant()
    })
  }

  /** Asks no more, and gives back what was not used. */
  end() {
    this.#gate.withdraw(this.#waiter)
    this.drop()
  }

  drop() {
    while (this.tokens.length > 0) this.tokens.pop().release()
  }
}

class Permits {
  current = null // the token of the member that is being started, until it is taken over
  #call
  #gate
  #fields
  #requests = new Set()
  #tasks = new Map() // tokens of Tasks, by position
  #lent = new Set() // tokens that the call's end gives back
  #late = [] // tokens of functions that have failed, until the call is told
  #entered = false
  #party

  constructor(call, governor, { key, weight = 1, priority = 0 }) {
    this.#call = call
    this.#fields = { key, weight, priority }
    this.#gate = typeof governor[GATE] === 'function' ? governor[GATE]() : new Foreign(call.name, governor, this.#fields)
    this.#party = { stop: (reason) => call.stop(reason) }
  }

  // ---- Asking ----

  /** Something to ask by. */
  request(onGrant) {
    const request = new Request(this.#call, this.#gate, this.#fields, onGrant)
    this.#requests.add(request)
    return request
  }

  /** Asks for so many. The first time it may be refused; from then on the call has its place. */
  ask(request, count) {
    request.ask(count, this.#entered)
    if (this.#entered || this.#call.ended) return
    this.#entered = true
    this.#gate.enter(this.#party)
  }

  /** Whether a request has a token for one more member; asks for one if it has none. */
  ready(request) {
    if (request.tokens.length > 0) return true
    if (request.waits) return false
    const token = this.#entered ? this.#gate.take(this.#fields) : null
    if (token !== null) request.tokens.push(token)
    else this.ask(request, 1)
    return request.tokens.length > 0
  }

  /** Promises one token more. Never settles once the call has ended. */
  another() {
    return new Promise((resolve) => {
      const done = () => {
        this.#requests.delete(request)
        resolve(request.tokens.pop())
      }
      const request = this.request(done)
      if (this.ready(request)) done()
    })
  }

  // ---- Holding ----

  /**
   * Calls what starts a member, which holds the token until what that gives has settled, unless
   * somebody takes the token over.
   */
  run(token, position, start) {
    const before = this.current
    this.current = token
    let value
    try {
      value = start()
      if (isTask(value)) return this.#ofTask(position, value)
      if (this.current === token) return this.#until(value, token)
      return value
    } catch (error) {
      if (this.current === token) token.release()
      throw error
    } finally {
      this.current = before
    }
  }

  /** Whoever asks first for a Task has its token. */
  #ofTask(position, task) {
    if (stateOf(task) === State.IDLE && !this.#call.ended) this.takeOver(position)
    else if (this.current !== null) this.current.release()
    return task
  }

  /** From now on a Task has the current token. */
  takeOver(position) {
    if (this.current === null) return
    this.hold(position, this.current)
    this.current = null
  }

  /** Until settled(position), or no Task of an ended call runs. */
  hold(position, token) {
    this.#tasks.set(position, token)
  }

  #until(value, token) {
    const promise = promiseOf(value)
    if (promise === undefined) {
      token.release()
      return value
    }
    return react(
      promise,
      (result) => (token.release(), result),
      (reason) => (this.#failed(token), Promise.reject(reason)),
    )
  }

  /** The call is told first: the failure may end it, and then nothing more is to start. */
  #failed(token) {
    if (this.#call.plain && !this.#call.ended) this.#late.push(token)
    else token.release()
  }

  /** A member's end was told. */
  told() {
    while (this.#late.length > 0) this.#late.pop().release()
  }

  /** Until release(), or the call's end: for what the call has not started. */
  lend(token) {
    this.#lent.add(token)
  }

  /** Whoever takes it back sees to it again. */
  reclaim(token) {
    this.#lent.delete(token)
  }

  release(token) {
    this.reclaim(token)
    token.release()
  }

  /** A Task has settled. */
  settled(position) {
    const token = this.#tasks.get(position)
    if (token === undefined) return
    this.#tasks.delete(position)
    token.release()
  }

  /** No Task of an ended call runs any more. */
  tasksOver() {
    for (const token of this.#tasks.values()) token.release()
    this.#tasks.clear()
  }

  end() {
    for (const request of this.#requests) request.end()
    this.#requests.clear()
    this.told()
    for (const token of this.#lent) token.release()
    this.#lent.clear()
    if (!this.#call.groups.running) this.tasksOver()
    this.#gate.leave(this.#party)
  }
}

module.exports = { GATE, Permits }
