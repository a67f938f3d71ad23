'use strict'
// What a call under a limiter has of it: what it asks for, and who holds what it
// got. Within a call all is alike, of one key and weight, and so is counted.

const { isPromise } = require('node:util').types
const { typeError } = require('../errors.js')
const { AbortController } = require('../task/intrinsics.js')
const { isTask } = require('../task/task.js')
const { later, promiseOf, react } = require('./promises.js')
const { never } = require('./trail.js')

/** The method of heddle's own limiters that gives their gate: see lib/limit/gate.js. */
const GATE = Symbol('heddle.gate')

/** Of an object with acquire(), as TC39's Governor is: as a gate is to calls. */
class Foreign {
  isBounded = true
  countsBytes = false
  #where
  #governor
  #options
  #controller = new AbortController()
  #tokens = []

  constructor(where, governor, { key, weight, priority }) {
    this.#where = where
    this.#governor = governor
    this.#options = { key, weight, priority, signal: this.#controller.signal }
  }

  take() {
    return false
  }

  passes() {
    return false
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
    this.#tokens.push(token)
    waiter.granted(1)
  }

  /** What its release() throws has nobody to tell. */
  release(n) {
    for (; n > 0; n--) {
      try {
        this.#tokens.pop().release()
      } catch (error) {
        later(() => Promise.reject(error))
      }
    }
  }

  withdraw(waiter) {
    waiter.count = 0
  }

  waiter() {
    return { count: 0, entered: false }
  }

  enter() {}

  /** The call has ended. */
  leave() {
    this.#controller.abort()
  }
}

/** What one member holds, until it is released. */
class Permit {
  #gate
  #fields

  constructor(gate, fields) {
    this.#gate = gate
    this.#fields = fields
  }

  release() {
    const gate = this.#gate
    this.#gate = null
    gate?.release(1, this.#fields)
  }
}

/** What plain functions hold, by the slots of the lanes that wait for them. */
class Held {
  #permits
  #given = [] // promises, or what is none

  constructor(permits) {
    this.#permits = permits
  }

  /** @param awaited as awaitable() gives it */
  add(slot, awaited) {
    this.#given[slot] = awaited ?? true
  }

  /** Whether there was something, which is the caller's now. */
  remove(slot) {
    if (this.#given[slot] === undefined) return false
    this.#given[slot] = undefined
    return true
  }

  /** The call has ended: what still runs holds it until it settles. */
  end() {
    const given = this.#given
    this.#given = []
    for (const one of given) {
      if (one === undefined) continue
      const permit = this.#permits.permit()
      const release = () => permit.release()
      if (isPromise(one)) react(one, release, release)
      else release()
    }
  }
}

/** What a call asks for, one place in the queue, and has not used yet. */
class Request {
  ready = 0
  #call
  #permits
  #gate
  #waiter
  #onGrant
  #wake = null

  /** @param {() => void} onGrant something is ready: is called in a job of its own, in the asker's context */
  constructor(call, permits, gate, onGrant) {
    this.#call = call
    this.#permits = permits
    this.#gate = gate
    this.#onGrant = onGrant
    this.#waiter = Object.assign(gate.waiter(permits.fields), {
      count: 0,
      where: call.name,
      granted: (n) => {
        this.ready += n
        this.#wake?.()
      },
      refused: (error) => call.end(false, error),
    })
  }

  /**
   * Asks for so many, one after the other. Throws what it is refused for.
   * @param {ArrayLike<number> | null} rest bytes of the last n members, by n
   */
  ask(count, entered, rest) {
    const waiter = this.#waiter
    Object.assign(waiter, { count, entered, rest })
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

  /** Of what is ready, for one member. */
  take() {
    this.ready--
    return this.#permits.permit()
  }

  /**
   * What one member held is another one's, unless others wait.
   * @param {boolean} stays whether the call knows of more members than it has asked for
   */
  handOn(stays) {
    const passes = !this.#call.ended && this.ready === 0 && this.#gate.passes(this.#waiter, stays)
    if (passes) this.ready++
    else this.#permits.giveBack(1)
  }

  /** Asks no more, and gives back what was not used. */
  end() {
    this.#gate.withdraw(this.#waiter)
    this.drop()
  }

  drop() {
    const n = this.ready
    this.ready = 0
    if (n > 0) this.#permits.giveBack(n)
  }
}

class Permits {
  current = null // of the member that is being started, until it is taken over
  #call
  #gate
  #requests = new Set()
  #marks = [] // whether there is a Task that holds one, by position
  #tasks = 0 // that hold one
  #lent = new Set() // what the call's end gives back
  #late = [] // of functions that have failed, until the call is told
  #entered = false
  #party
  held = new Held(this)

  constructor(call, governor, { key, weight = 1, priority = 0 }) {
    this.#call = call
    this.fields = { key, name: key, weight, priority }
    this.#gate = typeof governor[GATE] === 'function' ? governor[GATE]() : new Foreign(call.name, governor, this.fields)
    this.#party = { stop: (reason) => call.stop(reason) }
  }

  get countsBytes() {
    return this.#gate.countsBytes
  }

  /** Whether others may wait for what the call holds. */
  get isBounded() {
    return this.#gate.isBounded
  }

  // ---- Asking ----

  /** Something to ask by. */
  request(onGrant) {
    const request = new Request(this.#call, this, this.#gate, onGrant)
    this.#requests.add(request)
    return request
  }

  /** Asks for so many. The first time it may be refused; from then on the call has its place. */
  ask(request, count, rest = null) {
    request.ask(count, this.#entered, rest)
    if (this.#entered || this.#call.ended) return
    this.#entered = true
    this.#gate.enter(this.#party)
  }

  /** Whether one more member may start; asks if it may not. */
  mayStart(request, rest = null) {
    if (request.ready > 0) return true
    if (request.waits) return false
    if (this.#entered && this.#gate.take(this.fields)) request.ready++
    else this.ask(request, 1, rest)
    return request.ready > 0
  }

  /** Promises one more. Never settles once the call has ended. */
  another() {
    if (this.#call.ended) return never()
    return new Promise((resolve) => {
      const done = () => {
        this.#requests.delete(request)
        resolve(request.take())
      }
      const request = this.request(done)
      if (this.mayStart(request)) done()
    })
  }

  permit() {
    return new Permit(this.#gate, this.fields)
  }

  giveBack(n) {
    this.#gate.release(n, this.fields)
  }

  // ---- Functions ----

  /**
   * Calls what starts a member, which holds the permit until what that gives has settled,
   * unless somebody takes it over.
   */
  run(permit, position, start) {
    const before = this.current
    this.current = permit
    try {
      const value = start()
      if (this.current !== permit) return value
      if (!isTask(value)) return this.#until(value, permit)
      if (this.#call.ended) permit.release()
      else this.takeOver(position)
      return value
    } catch (error) {
      if (this.current === permit) permit.release()
      throw error
    } finally {
      this.current = before
    }
  }

  #until(value, permit) {
    const promise = promiseOf(value)
    if (promise === undefined) {
      permit.release()
      return value
    }
    return react(
      promise,
      (result) => (permit.release(), result),
      (reason) => (this.#failed(permit), Promise.reject(reason)),
    )
  }

  /** The call is told first: the failure may end it, and then nothing more is to start. */
  #failed(permit) {
    if (this.#call.plain && !this.#call.ended) this.#late.push(permit)
    else permit.release()
  }

  /** A member's end was told. */
  told() {
    while (this.#late.length > 0) this.#late.pop().release()
  }

  /** Until release(), or the call's end: for what the call has not started. */
  lend(permit) {
    this.#lent.add(permit)
  }

  /** Whoever takes it back sees to it again. */
  reclaim(permit) {
    this.#lent.delete(permit)
  }

  release(permit) {
    this.reclaim(permit)
    permit.release()
  }

  // ---- Tasks ----

  /** What is `current` is not needed: the function that made a Task has ended the call. */
  leave() {
    this.current?.release()
    this.current = null
  }

  /** A Task has what is `current`. */
  takeOver(position) {
    if (this.current === null) return
    this.current = null
    this.mark(position)
  }

  /** A Task holds one, until settled(), or it has left its thread. */
  mark(position) {
    this.#marks[position] = true
    this.#tasks++
  }

  /** A Task has settled, or somebody else has started it. */
  settled(position) {
    if (this.#marks[position] !== true) return
    this.#marks[position] = false
    this.tasksOver(1)
  }

  /** A Task settles, and runs on until its group has ended. */
  overdue(position, group) {
    if (this.#marks[position] !== true) return
    this.#marks[position] = false
    group.overdue++
  }

  /** So many hold none any more, of those that do; none if that is below 0. */
  tasksOver(n) {
    n = Math.min(n, this.#tasks)
    if (n <= 0) return
    this.#tasks -= n
    this.giveBack(n)
  }

  /** Of a call that has ended: what was dropped holds nothing. */
  trim() {
    // Below 0 while a thread is on its way out of a group: it counts as one that is left.
    this.tasksOver(this.#tasks - this.#call.groups.left)
  }

  end() {
    for (const request of this.#requests) request.end()
    this.#requests.clear()
    this.told()
    for (const permit of this.#lent) permit.release()
    this.#lent.clear()
    this.held.end()
    this.trim()
    this.#gate.leave(this.#party)
  }
}

module.exports = { GATE, Permits }
