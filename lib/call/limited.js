'use strict'
// Calls under a limiter. Methods of theirs are replaced, one call's: others have no
// question more to ask for each member.

const { attempt } = require('./attempt.js')
const { Lane, NONE } = require('./lane.js')
const { Permits } = require('./permits.js')
const { awaitable, promiseOf } = require('./promises.js')
const { bytesOf } = require('../task/copies.js')
const { isTask } = require('../task/task.js')
const { bare } = require('../task/own.js')
const { never } = require('./trail.js')
const { nextTurn, Turns } = require('./turns.js')

/** What all calls have in common. */
function limit(call) {
  const { prototype } = call.constructor
  const permits = new Permits(call, call.options.concurrency, call.options)
  call.permits = permits
  call.options = bare(call.options, { concurrency: Infinity })

  call.attempts = (start, position, key, name) => {
    let permit = permits.current
    permits.current = null
    const held = (context) => permits.run(permit, position, () => start(context))
    const again = async () => void (permit = await permits.another())
    return attempt(call, held, position, key, name, again)
  }
  call.taskDone = (position, task) => {
    if (call.ended) permits.leave()
    else permits.takeOver(position)
    const done = prototype.taskDone.call(call, position, task)
    if (call.groups.hasAsked(position)) permits.settled(position)
    return done
  }
  if (!isPlain(call)) tellFirst(call)
  // The call is told first: a failure may end it, and then nothing more is to start.
  call.settled = (position, task) => {
    prototype.settled.call(call, position, task)
    permits.settled(position)
  }
  call.overdue = (position, group) => permits.overdue(position, group)
  call.finished = (group) => {
    prototype.finished.call(call, group)
    if (call.ended) permits.trim()
    else permits.tasksOver(group.overdue)
  }
  call.release = () => {
    prototype.release.call(call)
    permits.end()
  }
}

/** What a failed function held is given back when the call was told. */
function tellFirst(call) {
  const { done } = call.constructor.prototype
  call.done = (position, fulfilled, value) => {
    done.call(call, position, fulfilled, value)
    call.permits.told()
  }
}

/** Bytes that the last n pieces of work hold, by n. */
function restOf(work) {
  const rest = new Float64Array(work.length + 1)
  for (let n = 1; n <= work.length; n++) {
    const one = work[work.length - n]
    rest[n] = rest[n - 1] + (isTask(one) ? bytesOf(one) : 0)
  }
  return rest
}

/** Starts the members of a list as they may. */
class Starter {
  #call
  #link = { call: this } // cut at the call's end
  #request
  #turns = new Turns()
  #going = false
  #free = [] // lanes
  #lanes = 0

  constructor(call) {
    this.#call = call
    this.#request = call.permits.request(() => this.#go())
    call.own(this)
  }

  /** Throws when it is refused: nothing has been started then. */
  start() {
    const { permits, work } = this.#call
    permits.ask(this.#request, work.length, permits.countsBytes ? restOf(work) : null)
    this.#go()
  }

  stop() {
    this.#link.call = null
  }

  #go() {
    if (this.#going) return
    this.#going = true
    try {
      if (this.#startReady()) this.#going = false
      else nextTurn(() => this.#goOn())
    } catch (error) {
      this.#call.end(false, error)
    }
  }

  #goOn() {
    this.#going = false
    if (!this.#call.ended) this.#go()
  }

  /** False when the loop is to go on first. */
  #startReady() {
    const call = this.#call
    let due = false
    while (!due && !call.ended && this.#request.ready > 0) {
      const position = call.next++
      const work = call.work[position]
      if (call.trace === null && isTask(work)) this.#startTask(position)
      else this.#startOne(position, work)
      due = this.#turns.due()
      if (call.groups.full && !call.groups.flush()) return true // it is decided: its end is on the way
    }
    if (!call.ended) this.#flush()
    return !due
  }

  /** Tasks go down in one group, as far as there is room. */
  #flush() {
    const { groups, next, permits, work } = this.#call
    if (permits.isBounded) groups.watch()
    if (!groups.flush()) return
    if (permits.isBounded || next === work.length) groups.close()
  }

  #startTask(position) {
    const { groups, permits } = this.#call
    this.#request.ready--
    permits.mark(position)
    groups.start(position)
    if (groups.hasAsked(position)) permits.settled(position) // somebody else has started it
  }

  #startOne(position, work) {
    const lane = this.#free.pop() ?? new Lane(this.#link, this.#lanes++)
    const awaited = this.#startIn(lane, position, work)
    if (awaited === NONE) this.#free.push(lane)
    else lane.start(awaited)
  }

  /** Gives what to await; NONE when it has failed at once. */
  #startIn(lane, position, work) {
    lane.index = position
    try {
      return awaitable(this.#awaited(lane, position, work))
    } catch (error) {
      this.laneEnded(false, error, lane)
      return NONE
    }
  }

  #awaited(lane, position, work) {
    const call = this.#call
    if (typeof work !== 'function' && !isTask(work)) {
      lane.permit = this.#request.take()
      call.permits.lend(lane.permit) // it was started elsewhere
      return call.awaitableOf(position, call.launch(position))
    }
    return call.awaitable(position, isPlain(call) ? this.#launch(lane, position) : this.#run(position))
  }

  #launch(lane, position) {
    const call = this.#call
    this.#request.ready--
    let value
    try {
      value = call.launch(position)
    } catch (error) {
      hold(call, lane.slot, true)
      throw error
    }
    return holdGiven(call, lane.slot, position, value)
  }

  #run(position) {
    const call = this.#call
    return call.permits.run(this.#request.take(), position, () => call.launch(position))
  }

  // ---- For lanes ----

  laneNext(lane) {
    const call = this.#call
    const position = call.next
    if (this.#goesOn(call.work[position])) {
      call.next++
      const awaited = this.#startIn(lane, position, call.work[position])
      if (awaited !== NONE) return awaited
    }
    this.#free.push(lane)
    if (!call.ended && this.#request.ready > 0) this.#go()
    return NONE
  }

  /** Whether a lane that has become free may start that; Tasks go down together. */
  #goesOn(work) {
    return !this.#call.ended && !this.#going && this.#request.ready > 0 && !isTask(work) && !this.#turns.due()
  }

  laneEnded(fulfilled, value, lane) {
    const call = this.#call
    const held = call.permits.held.remove(lane.slot)
    if (lane.permit !== undefined) call.permits.release(lane.permit)
    lane.permit = undefined
    if (!call.ended) call.done(lane.index, fulfilled, value)
    if (held) this.#request.handOn(false)
  }

  lead(promise) {
    this.#call.lead(promise)
  }

  end(fulfilled, error) {
    this.#call.end(fulfilled, error)
  }
}

/** Whether functions are just called: then a lane's slot holds what they give. */
const isPlain = (call) => call.plain && call.trace === null

/** What to await for what a member of a lane has given. */
function holdGiven(call, slot, position, value) {
  if (!isTask(value)) {
    let awaited = true // of what has a `then` that throws
    try {
      return (awaited = awaitable(value))
    } finally {
      hold(call, slot, awaited)
    }
  }
  if (call.ended) call.permits.giveBack(1)
  else call.permits.mark(position)
  return call.taskDone(position, value)
}

/** Until the lane's end, or, of a call that has ended by the function itself, until it settles. */
function hold({ ended, permits: { held } }, slot, awaited) {
  held.add(slot, awaited)
  if (ended) held.end()
}

const startList = (call) => new Starter(call).start()

/** Items are pulled as members may start: the call has one place in the queue. */
function limitPull(call) {
  const { prototype } = call.constructor
  const { permits } = call
  const request = permits.request(() => call.fill())
  const apply = isPlain(call) ? applyPlain : applyAttempts
  let depth = 0 // of fill(): the source may call the stream

  call.hasRoom = () => prototype.hasRoom.call(call) && permits.mayStart(request)
  call.fill = (lane) => {
    depth++
    const awaited = prototype.fill.call(call, lane)
    if (--depth === 0 && !(call.isAsync && prototype.hasRoom.call(call))) request.drop()
    return awaited
  }
  call.pullEnded = (fulfilled, pulled) => {
    prototype.pullEnded.call(call, fulfilled, pulled)
    if (call.over) request.drop()
  }
  call.mapped = (slot, item, index) => {
    const promise = promiseOf(item)
    if (promise === undefined) return apply(call, request, slot, item, index)
    const permit = request.take()
    permits.lend(permit) // it may never settle
    return applyShared(call.link, call.shared(promise), apply, request, permit, slot, index)
  }
  call.laneEnded = (fulfilled, value, lane) => {
    const held = permits.held.remove(lane.slot)
    prototype.laneEnded.call(call, fulfilled, value, lane)
    if (held) request.handOn(true)
  }
}

function applyAttempts(call, request, slot, item, index) {
  const value = call.permits.run(request.take(), slot, () => call.apply(slot, item, index))
  return call.awaitable(slot, value)
}

function applyPlain(call, request, slot, item, index) {
  request.ready--
  let value
  try {
    value = call.apply(slot, item, index)
  } catch (error) {
    hold(call, slot, true)
    throw error
  }
  return holdGiven(call, slot, slot, value)
}

/** Promises among the items are awaited before the mapper is called. The frame holds the link alone. */
async function applyShared(link, shared, apply, request, permit, slot, index) {
  let value
  try {
    value = await shared
  } catch (error) {
    link.call?.permits.release(permit)
    throw error
  }
  const { call } = link
  if (call === null || call.ended) return undefined
  call.permits.reclaim(permit)
  request.ready++ // what the permit is for
  return apply(call, request, slot, value, index)
}

/** Steps, each of which has to ask. */
function limitSteps(call) {
  const { prototype } = call.constructor
  const { permits } = call
  tellFirst(call)
  let waiting = null // resolves what waits for its turn
  const request = permits.request(() => waiting?.())
  let lent = null // by a step that is no function

  const start = (lane) => {
    const position = call.next
    const work = call.work[position]
    if (typeof work === 'function') return permits.run(request.take(), position, () => prototype.laneNext.call(call, lane))
    if (!isTask(work)) permits.lend((lent = request.take()))
    else {
      request.ready--
      permits.mark(position)
    }
    const awaited = prototype.laneNext.call(call, lane)
    if (call.groups.hasAsked(position)) permits.settled(position)
    return awaited
  }

  async function whenGranted(lane) {
    await new Promise((resolve) => (waiting = resolve))
    waiting = null
    const awaited = start(lane)
    return awaited === NONE ? never() : awaited
  }

  call.laneNext = (lane) => {
    if (lent !== null) permits.release(lent)
    lent = null
    if (call.ended || call.next >= call.work.length) return prototype.laneNext.call(call, lane)
    const rest = permits.countsBytes ? restOf([call.work[call.next]]) : null
    return permits.mayStart(request, rest) ? start(lane) : whenGranted(lane)
  }
}

module.exports = { limit, limitPull, limitSteps, startList }
