'use strict'
// One call of a combinator: its promise, its options, what it has started, and
// how it ends. Which work it starts when is in lib/call/list.js and lib/call/pull.js; what
// the members' ends mean, in lib/combinators.

const { isPromise } = require('node:util').types
const { abandon, adopt } = require('./adopt.js')
const { none } = require('../task/own.js')
const { lately } = require('../late.js')
const { observe, observeGiven } = require('./collect.js')
const { Deferred } = require('./deferred.js')
const { AbortError, callSite, placeAt, TimeoutError, withIndex } = require('../errors.js')
const { attempt } = require('./attempt.js')
const { Groups } = require('./groups.js')
const { Policy } = require('../task/native.js')
const { checkOptions, isLimited } = require('./options.js')
const { Progress } = require('./progress.js')
const { Scope } = require('./scope.js')
const { listen, reasonOf, unlisten } = require('./signal.js')
const { recorder } = require('../task/recorder.js')
const { dataOf, isTask, State, stateOf } = require('../task/task.js')
const { now, Timer } = require('../task/clock.js')
const { later, promiseOf, react } = require('./promises.js')
const { ignore, LED } = require('./trail.js')
const { MemberTrace, traceCall } = require('./trace.js')

const { loaded, use } = lately(module, { limited: () => require('./limited.js') })

/** What calls under a limiter need. */
const limited = () => loaded.limited ?? use('limited')

class Call {
  /** Set by subclasses: the combinator's name, and what decides a group of Tasks. */
  name
  policy = Policy.ALL

  /** Whether functions are just called: without time limit, and once. Known at the start. */
  plain = false

  work = [] // what has a position: members; of pulled items, the Tasks
  keys = null // of an object
  ended = false
  patience = 1 // microtasks for which Tasks that start one by one wait for more, to go down together
  options = none
  permits = null // under a limiter
  scope = new Scope()
  groups = new Groups(this)
  trace = MemberTrace.of(this) // null when nobody listens
  recorded = null // what recordings know of it
  link = { call: this } // what promises hold, which may outlive the call; cut at its end

  #deferred = null // where the call gives a promise
  #opener = null // the function that was called, while it runs
  #site // where; null once nobody asks
  #outcome = null // kept while `join` waits
  #broken = false // the stack ended while the call did
  #tracked = 0 // functions that run, if `join` waits for them
  #waits = new Map() // who waits for a Task, by position
  #owned = new Set() // attempts, which are to be stopped
  #stopReason
  #adopted = null // promises by who waits for them
  #done = 0
  #failed = 0
  #timer
  #onAbort
  #listener // on the signal
  #progress // who is told

  /**
   * Starts a call. Never throws: the promise rejects.
   * @param given what the call's read() takes
   * @returns {Promise<unknown>}
   */
  static start(Kind, allowed, given, options, caller) {
    const call = new Kind()
    const deferred = (call.#deferred = new Deferred())
    return traceCall(call, () => {
      call.open(allowed, given, options, caller)
      return deferred.give(call.trace === null ? call.groups.whole(call.total) : null)
    }, caller)
  }

  /** @param {Function} caller the function that was called: errors' stacks begin below it */
  open(allowed, given, options, caller) {
    const began = now()
    this.#opener = caller
    try {
      try {
        this.read(given)
        this.options = checkOptions(this.name, allowed, options)
      } catch (error) {
        this.refuse(given)
        observeGiven(options)
        throw error
      }
      // A Task's failure may be followed by another attempt.
      if (this.options.retry !== undefined) this.policy = Policy.SETTLED
      this.#begin(began)
    } catch (error) {
      this.#failAtOpening(error)
    } finally {
      this.#opener = null
    }
  }

  /**
   * Where the combinator was called, as callSite() gives it: looked at when it is
   * first needed, since that takes longer than a small call.
   */
  get site() {
    if (this.#site === undefined) this.site = callSite(this.#opener)
    return this.#site
  }

  set site(site) {
    this.#site = site
  }

  /** Leads stacks to the caller; null once the promise has settled. */
  get trail() {
    return this.#deferred === null ? null : this.#deferred.trail
  }

  /** Leads a promise home that never settles. */
  lead(promise) {
    this.trail?.lead(promise)
  }

  /** Where recursion has used the stack up, the end of the call may need more than is left. */
  #failAtOpening(error) {
    try {
      this.end(false, error)
    } catch {
      later(() => this.end(false, error))
    }
  }

  #begin(began) {
    if (this.options.signal?.aborted) return this.stop(reasonOf(this.options.signal))
    this.prepare()
    if (this.ended) return
    const { signal, timeout, onProgress, itemTimeout, retry, join } = this.options
    // Their errors are made where no caller is on the stack.
    if (timeout !== undefined || itemTimeout !== undefined) this.site = callSite(this.#opener)
    this.plain = itemTimeout === undefined && retry === undefined && !join
    if (isLimited(this.options)) limited().limit(this)
    if (signal !== undefined) {
      this.#onAbort = () => this.#hurry(() => this.stop(reasonOf(signal)))
      this.#listener = listen(this.name, signal, this.#onAbort)
    }
    // A signal that is none of Node's, or a timer that is faked, may call back at once.
    if (this.ended) return
    if (timeout !== undefined && timeout !== Infinity) {
      this.#timer = new Timer(() => this.#hurry(() => this.timedOut()), timeout)
    }
    if (this.ended) return
    if (onProgress !== undefined) this.#progress = new Progress(this, onProgress)
    const copied = this.options.copy === true ? this.copy() : undefined
    if (copied === undefined) return this.start(began)
    copied.then(() => this.#startLate()).catch((error) => this.end(false, error))
  }

  #startLate() {
    if (!this.ended) this.start(now())
  }

  /** Copies what is known of the arguments' memory; a promise, when that takes time. */
  copy() {}

  /** The signal or the time limit ends the call, or else its wait for onProgress. */
  #hurry(stop) {
    this.#progress?.hurry()
    if (this.ended) this.reported()
    else stop()
  }

  /** Reads and checks what the combinator was given besides options. */
  read(_given) {}

  /** It cannot be read, or the options not: its promises do not count as unhandled. */
  refuse(given) {
    observeGiven(given)
  }

  /** What is to be done before anything starts; may throw, and may end the call. */
  prepare() {}

  /** Starts the work. `began`: when the call did, by now(). */
  start(_began) {}

  /** A member has settled; not called once the call has ended. */
  member(_position, _fulfilled, _value) {}

  /** Members that there may be from a position on. */
  mostFrom(position) {
    return this.work.length - position
  }

  /** Name of the member in errors: its index or key. */
  keyOf(position) {
    return this.keys === null ? position : this.keys[position]
  }

  /**
   * Calls a function as the options say: with a time limit, again when it fails,
   * and looked after when `join` waits.
   * @param {(context: Context) => unknown} start
   * @param {number} position where a Task goes that it returns
   * @param {number | string | undefined} key
   * @returns {Promise<unknown>}
   */
  attempts(start, position, key, name) {
    return attempt(this, start, position, key, name)
  }

  /** Something with a stop(reason), for the case that the call ends early. */
  own(thing) {
    if (this.ended) thing.stop(this.#stopReason)
    else this.#owned.add(thing)
  }

  disown(thing) {
    this.#owned.delete(thing)
  }

  /** What a function returned: `join` waits for it. */
  track(value) {
    if (!this.options.join || isTask(value)) return value
    const promise = promiseOf(value)
    if (promise === undefined) return value
    const over = () => {
      this.#tracked--
      this.#settleIfOver()
    }
    this.#tracked++
    // A second reaction on the promise would hide the caller from its stack.
    return react(
      promise,
      (result) => (over(), result),
      (reason) => (over(), Promise.reject(reason)),
    )
  }

  /** Asks for a Task, and promises its result. */
  taskDone(position, task) {
    if (this.ended) return new Promise(() => {}) // the function that made it has ended the call
    this.work[position] = task
    return new Promise((resolve, reject) => {
      this.#waits.set(position, { resolve, reject })
      this.groups.start(position)
      this.groups.flushSoon()
    })
  }

  /** What is to be awaited for a value. */
  awaitable(position, value) {
    return isTask(value) ? this.taskDone(position, value) : value
  }

  /** Waits for a promise that promiseOf() gave. Gives one that fulfils when the call was told. */
  await(position, promise) {
    const { link } = this
    return react(
      promise,
      (value) => link.call?.done(position, true, value),
      (reason) => link.call?.done(position, false, reason),
    )
  }

  /** Tells the party, see adopt(), of such a promise that may outlive the call, until the call ends. */
  adopt(promise, party) {
    if (this.ended) return observe(promise) // by the function that gave it
    adopt(promise, party)
    this.#adopted ??= new Map()
    this.#adopted.set(party, promise)
  }

  /** What waits for its turn, if it is a promise, does not count as unhandled, and leads home. */
  expect(work, position) {
    if (typeof work !== 'object' || isTask(work) || !isPromise(work)) return
    try {
      const post = position < LED && !this.ended ? this.trail?.post : undefined
      if (post !== undefined) return this.adopt(work, { done: ignore, post })
    } catch {
      // Its constructor is a getter that throws: its member says so, in its turn.
    }
    observe(work)
  }

  /** The same, for who awaits it: what is returned never settles once the call has ended. */
  shared(promise) {
    return new Promise((resolve, reject) => {
      const party = {
        post: resolve,
        done: (fulfilled, value) => {
          this.#adopted?.delete(party)
          if (fulfilled) resolve(value)
          else reject(value)
        },
      }
      this.adopt(promise, party)
    })
  }

  /** A Task has settled. Called by groups and Tasks. */
  settled(position, task) {
    this.groups.settled(position)
    const fulfilled = stateOf(task) === State.FULFILLED
    const value = dataOf(task)
    // Once the call has ended, the value may be its own timeout's error.
    if (!fulfilled && !this.ended) withIndex(value, this.keyOf(position))
    const wait = this.#waits.size > 0 ? this.#waits.get(position) : undefined
    if (wait === undefined) return this.done(position, fulfilled, value)
    this.#waits.delete(position)
    if (fulfilled) wait.resolve(value)
    else wait.reject(value)
  }

  /** A member has ended. */
  done(position, fulfilled, value) {
    this.#done++
    if (!fulfilled) this.#failed++
    this.trace?.end(position, fulfilled, value)
    if (!this.ended) this.member(position, fulfilled, value)
  }

  /** A group can take no more members. */
  refused(group) {
    this.groups.refused(group)
  }

  /** A group has nothing left to run. */
  finished(group) {
    this.groups.finished(group)
    this.#settleIfOver()
  }

  /** The signal, or something like it, says so. */
  stop(reason) {
    this.end(false, reason)
  }

  timedOut() {
    this.stop(this.timeoutError())
  }

  timeoutError(message = `${this.name}: timed out after ${this.options.timeout} ms`) {
    return placeAt(new TimeoutError(message), this.site)
  }

  /**
   * Ends the call: what it started and nobody else wants is stopped.
   * @param reason why it is, if it is not a failure's
   */
  end(fulfilled, value, reason) {
    if (this.ended && !this.#broken) return
    this.ended = true
    this.#broken = false
    try {
      this.#end(fulfilled, value, reason)
    } catch (error) {
      this.#broken = true // who catches it, further up, ends the call again
      throw error
    }
  }

  #end(fulfilled, value, reason) {
    const outcome = { fulfilled, value }
    this.#progress?.stop(outcome)
    if (!this.#reporting) this.#unwire()
    const whole = this.#done >= this.total // not where the total is unknown
    if (!outcome.fulfilled || !whole || reason !== undefined) {
      this.#stopRest(reason ?? (outcome.fulfilled ? this.#noLongerNeeded() : outcome.value))
    }
    if (this.recorded !== null) this.recorded.total = this.total // work is let go of
    this.release()
    this.#outcome = outcome
    this.#settleIfOver()
  }

  /** Lets go of what the call holds. */
  release() {
    this.work = []
    this.site = null
    this.link.call = null
    this.#adopted?.forEach((promise, party) => abandon(promise, party))
    this.#adopted = null
  }

  #stopRest(reason) {
    this.#stopReason = reason
    this.trace?.stop(reason)
    this.groups.withdraw(reason)
    this.scope.stop(reason)
    for (const thing of this.#owned) thing.stop(reason)
    this.#owned.clear()
  }

  /** Whether promises of onProgress have to be waited for. */
  get #reporting() {
    return this.#progress !== undefined && this.#progress.waiting
  }

  /** No promise of onProgress is waited for any more. */
  reported() {
    this.#unwire()
    this.#settleIfOver()
  }

  /** Whether `join` has to wait. */
  get waiting() {
    return this.options.join === true && (this.groups.running || this.#tracked > 0)
  }

  #settleIfOver() {
    if (this.#outcome === null || this.waiting || this.#reporting) return
    const { fulfilled, value } = this.#outcome
    this.#outcome = null
    if (this.recorded !== null) recorder.on?.callEnded(this.recorded, fulfilled, value)
    this.conclude(fulfilled, value)
  }

  /** Settles the promise. */
  conclude(fulfilled, value) {
    this.#deferred.settle(fulfilled, value)
  }

  #noLongerNeeded() {
    return placeAt(new AbortError(`${this.name}: the result is no longer needed`), this.site)
  }

  #unwire() {
    if (this.#listener !== undefined) unlisten(this.#listener, this.#onAbort)
    this.#timer?.stop()
  }

  /** Members in all; undefined while that is unknown. */
  get total() {
    return this.work.length
  }

  /** @returns {{done: number, total?: number, failed: number, fraction?: number}} */
  progress() {
    const { total } = this
    const unseen = this.groups.counts()
    const done = this.#done + unseen.done
    const failed = this.#failed + unseen.failed
    if (total === undefined) return { done, total, failed, fraction: undefined }
    const fraction = total === 0 ? 1 : Math.min(1, (done + unseen.running) / total)
    return { done, total, failed, fraction }
  }
}

module.exports = { Call, limited }
