'use strict'

const { limited } = require('../call/call.js')
const { observeGiven } = require('../call/collect.js')
const { Resource } = require('../task/intrinsics.js')
const { keep } = require('../task/keep.js')
const { native, Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')
const { PATIENCE, PullCall } = require('../call/pull.js')
const { mapSkip, mapStop } = require('../task/previous.js')
const { Queue } = require('../call/queue.js')
const { Scope } = require('../call/scope.js')
const { traceCall } = require('../call/trace.js')
const { inScope } = require('../call/stack.js')

const OPTIONS = [...BOUNDED, 'backpressure', 'ordered', 'stopOnError']

const DONE = Object.freeze({ done: true, value: undefined })

class Streaming extends PullCall {
  name = 'stream'
  policy = Policy.SETTLED // results before a failure are still wanted
  patience = PATIENCE // who reads is no quicker than an async source
  #concurrency
  #backpressure
  #failing = false // one failed that is not at the head yet
  #scopes = new Map() // by index
  #head = 0 // the index that comes next, if ordered
  #waiting = new Map() // results that wait for those before them
  #results = new Queue() // that nobody has taken
  #readers = new Queue()
  #concluded = false
  #whole = deferred()

  get whole() {
    return this.#whole.promise
  }

  start() {
    const { permits } = this
    const threads = native.threads()
    const { concurrency = threads, backpressure = permits === null ? concurrency : threads } = this.options
    this.#concurrency = concurrency
    this.#backpressure = Math.max(1, backpressure)
    if (permits !== null) limited().limitPull(this)
    this.fill()
  }

  keyOf(position) {
    return this.indexes[position]
  }

  /** A member's own: what has been taken must not be aborted later. */
  scopeOf(index) {
    let scope = this.#scopes.get(index)
    if (scope !== undefined) return scope
    scope = new Scope()
    this.#scopes.set(index, scope)
    this.own(scope)
    return scope
  }

  get #unread() {
    return this.#results.length + this.#waiting.size
  }

  hasRoom() {
    if (this.over || this.ended || this.#failing) return false
    return this.running < this.#concurrency && this.running + this.#unread < this.#backpressure
  }

  /** What a list gets while its results are looked at is seen, too. */
  get mayGrow() {
    return this.running > 0 || this.#unread > 0 || this.#readers.length === 0
  }

  allMapped() {
    this.end(true, undefined)
  }

  done(index, fulfilled, value) {
    const scope = this.#scopes.get(index)
    if (scope !== undefined) {
      this.#scopes.delete(index)
      this.disown(scope)
    }
    super.done(index, fulfilled, value)
  }

  member(index, fulfilled, value) {
    if (fulfilled && value === mapStop) return this.#stopped()
    if (!this.options.ordered) return this.#emit(index, fulfilled, value)
    if (!fulfilled && this.#stopsOnError) this.#failing = true
    this.#waiting.set(index, { fulfilled, value })
    while (this.#waiting.has(this.#head) && !this.ended) {
      const result = this.#waiting.get(this.#head)
      this.#waiting.delete(this.#head)
      this.#emit(this.#head++, result.fulfilled, result.value)
    }
  }

  #emit(index, fulfilled, value) {
    if (value === mapSkip && fulfilled) return
    if (this.#stopsOnError) {
      if (!fulfilled) return this.end(false, value)
      this.#push({ index, value })
    } else {
      this.#push(fulfilled ? { index, status: 'fulfilled', value } : { index, status: 'rejected', reason: value })
    }
  }

  #push(value) {
    this.#results.push({ done: false, value })
    this.#serve()
  }

  /** The mapper has ended it: what there is can be read, in order of the items if that was asked for. */
  #stopped() {
    const waiting = [...this.#waiting].sort(([a], [b]) => a - b)
    this.#waiting.clear()
    for (const [index, { fulfilled, value }] of waiting) {
      if (!this.ended) this.#emit(index, fulfilled, value)
    }
    this.end(true, undefined)
  }

  get #stopsOnError() {
    return this.options.stopOnError !== false
  }

  /** What was not taken is not wanted either. */
  stop(reason) {
    this.#results.clear()
    this.#waiting.clear()
    super.stop(reason)
  }

  conclude(fulfilled, error) {
    this.#concluded = true
    if (fulfilled) {
      this.#whole.resolve()
    } else {
      this.#results.push({ error })
      this.#whole.reject(error)
    }
    this.#serve()
  }

  #serve() {
    while (this.#readers.length > 0 && (this.#results.length > 0 || this.#concluded)) {
      const { resolve, reject } = this.#readers.shift()
      const result = this.#results.shift() ?? DONE
      if (Object.hasOwn(result, 'error')) reject(result.error)
      else resolve(result)
    }
  }

  // ---- Of the iterator ----

  next() {
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      this.#serve()
      if (!this.ended && this.source !== null) this.fill()
    })
  }

  /** The iterator is left. Rejects when the source fails to close, unless the call has failed. */
  async leave() {
    const first = !this.ended
    this.#results.clear()
    this.end(true, undefined)
    await this.#whole.promise.catch(() => {})
    if (first) await this.closed
    else await this.closed?.catch(() => {})
  }

  /** It is left before it was read: the source is closed, as if it had been. */
  leaveUnread(items) {
    try {
      this.openSource(items)
    } catch {
      // It was no source, or does not open.
    }
    return this.leave()
  }
}

function deferred() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

keep(new Streaming())

const AsyncGeneratorPrototype = Object.getPrototypeOf(async function* () {}).prototype
const AsyncIteratorPrototype = Object.getPrototypeOf(AsyncGeneratorPrototype)

/** What stream() gives: an async iterator, which starts when it is first asked. */
class Stream {
  #call = new Streaming()
  #begin
  #items // until it begins
  #resource = new Resource('heddle.stream') // the context in which all is called

  constructor(items, mapper, options) {
    observeGiven(items) // from the call on
    this.#items = items
    this.#begin = () => {
      this.#begin = this.#items = null
      const call = this.#call
      traceCall(call, () => {
        call.open(OPTIONS, [items, mapper], options, this.next)
        return call.whole
      }, this.next).catch(() => {}) // next() tells
    }
  }

  next() {
    if (this.#begin !== null) inScope(this.#resource, this.#begin)
    return this.#resource.runInAsyncScope(this.#call.next, this.#call)
  }

  /** Leaves the iterator: what runs is stopped, the source closed. */
  async return(value) {
    const items = this.#items
    const isUnread = this.#begin !== null
    this.#begin = this.#items = null
    await inScope(this.#resource, () => {
      return isUnread ? this.#call.leaveUnread(items) : this.#call.leave()
    })
    return { done: true, value: await value }
  }

  async throw(error) {
    await this.return().catch(() => {}) // there is an error on its way
    throw error
  }

  get [Symbol.toStringTag]() {
    return 'Stream'
  }
}
Object.setPrototypeOf(Stream.prototype, AsyncIteratorPrototype)

module.exports = { Stream }
