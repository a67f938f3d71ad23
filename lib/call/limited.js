'use strict'
// Calls under a limiter. Methods of theirs are replaced, one call's: others have no
// question more to ask for each member.

const { attempt } = require('./attempt.js')
const { Lane, NONE } = require('./lane.js')
const { Permits } = require('./permits.js')
const { awaitable, promiseOf } = require('./promises.js')
const { isTask, State, stateOf } = require('../task/task.js')
const { bare } = require('../task/own.js')
const { never } = require('./trail.js')
const { nextTurn, Turns } = require('./turns.js')

const LEG = 'leg' // of Tasks: where its token is

/** What all calls have in common. */
function limit(call) {
  const { prototype } = call.constructor
  const permits = new Permits(call, call.options.concurrency, call.options)
  call.permits = permits
  call.options = bare(call.options, { concurrency: Infinity })

  call.attempts = (start, position, key, name) => {
    let token = permits.current
    permits.current = null
    const held = (context) => permits.run(token, position, () => start(context))
    const again = async () => void (token = await permits.another())
    return attempt(call, held, position, key, name, again)
  }
  call.taskDone = (position, task) => {
    permits.takeOver(position)
    return prototype.taskDone.call(call, position, task)
  }
  call.done = (position, fulfilled, value) => {
    prototype.done.call(call, position, fulfilled, value)
    permits.told()
  }
  call.settled = (position, task) => {
    permits.settled(position)
    prototype.settled.call(call, position, task)
  }
  call.finished = (group) => {
    prototype.finished.call(call, group)
    if (call.ended && !call.groups.running) permits.tasksOver()
  }
  call.release = () => {
    prototype.release.call(call)
    permits.end()
  }
}

/** Starts the members of a list as there are tokens for them. */
class Starter {
  #call
  #link = { call: this } // cut at the call's end
  #request
  #turns = new Turns()
  #going = false

  constructor(call) {
    this.#call = call
    this.#request = call.permits.request(() => this.#go())
    call.own(this)
  }

  /** Throws when it is refused: nothing has been started then. */
  start() {
    const { permits, work } = this.#call
    permits.ask(this.#request, work.length)
    this.#go()
  }

  stop() {
    this.#link.call = null
  }

  #go() {
    const call = this.#call
    const { tokens } = this.#request
    if (this.#going) return
    this.#going = true
    while (!call.ended && tokens.length > 0) {
      if (this.#turns.due()) return nextTurn(() => this.#goOn())
      this.#startOne(tokens.pop())
    }
    this.#going = false
  }

  #goOn() {
    this.#going = false
    this.#go()
  }

  #startOne(token) {
    const call = this.#call
    const lane = new Lane(this.#link)
    const position = (lane.index = call.next++)
    try {
      lane.start(awaitable(this.#awaited(token, position, lane)))
    } catch (error) {
      this.laneEnded(false, error, lane)
    }
  }

  #awaited(token, position, lane) {
    const call = this.#call
    const work = call.work[position]
    if (typeof work === 'function' || isTask(work)) {
      const value = call.permits.run(token, position, () => call.launch(position))
      return call.awaitable(position, value)
    }
    lane.token = token
    call.permits.lend(token) // it was started elsewhere
    return call.awaitableOf(position, call.launch(position))
  }

  // ---- For lanes ----

  laneNext() {
    return NONE
  }

  laneEnded(fulfilled, value, lane) {
    const call = this.#call
    if (lane.token !== undefined) call.permits.release(lane.token)
    if (!call.ended) call.done(lane.index, fulfilled, value)
  }

  lead(promise) {
    this.#call.lead(promise)
  }

  end(fulfilled, error) {
    this.#call.end(fulfilled, error)
  }
}

const startList = (call) => new Starter(call).start()

/** Items are pulled as there are tokens for them: the call has one place in the queue. */
function limitPull(call) {
  const { prototype } = call.constructor
  const { permits } = call
  const request = permits.request(() => call.fill())
  let depth = 0 // of fill(): the source may call the stream

  call.hasRoom = () => prototype.hasRoom.call(call) && permits.ready(request)
  call.fill = (lane) => {
    depth++
    const awaited = prototype.fill.call(call, lane)
    if (--depth === 0 && (!call.isAsync || call.over)) request.drop()
    return awaited
  }
  call.pullEnded = (fulfilled, pulled) => {
    prototype.pullEnded.call(call, fulfilled, pulled)
    if (call.over) request.drop()
  }
  call.mapped = (slot, item, index) => {
    const token = request.tokens.pop()
    const apply = (value) => call.awaitable(slot, permits.run(token, slot, () => call.apply(slot, value, index)))
    let promise
    try {
      promise = promiseOf(item)
    } catch (error) {
      token.release()
      throw error
    }
    return promise === undefined ? apply(item) : applyAwaited(call, promise, token, apply)
  }
}

/** Promises among the items are awaited before the mapper is called. */
async function applyAwaited(call, promise, token, apply) {
  call.permits.lend(token) // it may never settle
  let value
  try {
    value = await call.shared(promise)
  } catch (error) {
    call.permits.release(token)
    throw error
  }
  if (call.ended) return undefined
  call.permits.reclaim(token)
  return apply(value)
}

/** Steps, one at a time: each waits for a token, but a leg of Tasks for one together. */
function limitSteps(call) {
  const { prototype } = call.constructor
  const { permits } = call
  let waiting = null // resolves what waits for a token
  const request = permits.request(() => waiting?.())
  let lent = null // the token of a step that is no function, or of a leg

  const step = (lane) => {
    const token = request.tokens.pop()
    const work = call.work[call.next]
    if (typeof work === 'function') return permits.run(token, call.next, () => prototype.laneNext.call(call, lane))
    if (isTask(work) && stateOf(work) === State.IDLE) permits.hold(LEG, token)
    else permits.lend((lent = token))
    return prototype.laneNext.call(call, lane)
  }

  async function whenGranted(lane) {
    await new Promise((resolve) => (waiting = resolve))
    waiting = null
    const awaited = step(lane)
    return awaited === NONE ? never() : awaited
  }

  call.laneNext = (lane) => {
    permits.settled(LEG)
    if (lent !== null) permits.release(lent)
    lent = null
    if (call.ended || call.next >= call.work.length) return prototype.laneNext.call(call, lane)
    if (permits.ready(request)) return step(lane)
    return whenGranted(lane)
  }
}

module.exports = { limit, limitPull, limitSteps, startList }
