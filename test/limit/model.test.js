'use strict'
// What a limiter counts, against a plain model: random sequences of all that can
// happen to it, by a clock that is moved by hand.

const assert = require('node:assert/strict')
const fc = require('fast-check')
const { Gate } = require('../../lib/limit/gate.js')
const { Token } = require('../../lib/limit/token.js')
const { Waiter } = require('../../lib/limit/waiting.js')

/** A clock with one timer at most, which fires when its time has come. */
class Clock {
  time = 0
  timer = null

  now = () => this.time

  setTimeout = (callback, ms) => {
    assert.equal(this.timer, null, 'one timer at a time')
    return (this.timer = { callback, at: this.time + ms })
  }

  clearTimeout = (timer) => {
    if (this.timer === timer) this.timer = null
  }

  pass(ms) {
    const end = this.time + ms
    while (this.timer !== null && this.timer.at <= end) {
      const { callback, at } = this.timer
      this.timer = null
      this.time = at
      callback()
    }
    this.time = end
  }
}

const sum = (list, of) => list.reduce((all, one) => all + of(one), 0)
const weights = (list) => sum(list, ({ weight }) => weight)

/** All that waits and runs, in lists. */
class Model {
  waiting = [] // as they came: {name, weight, priority, count}
  running = [] // {name, weight, token}
  starts = [] // {time, weight}
  paused = false

  constructor(options) {
    Object.assign(this, options)
  }

  activeOf(name) {
    return weights(this.running.filter((one) => one.name === name))
  }

  /** The first one of each key and priority, unless its key has no room, or held one before. */
  get candidates() {
    const heads = this.waiting.filter((one) => this.headOf(one) === one)
    const isHeld = (one) => this.activeOf(one.name) + one.weight > this.capacityPerKey
    return heads.filter(
      (one) => !heads.some((other) => other.name === one.name && other.priority >= one.priority && isHeld(other)),
    )
  }

  headOf({ name, priority }) {
    return this.waiting.find((one) => one.name === name && one.priority === priority)
  }

  /** Of these, those that are not overtaken by others. */
  get next() {
    const { candidates } = this
    const highest = Math.max(...candidates.map(({ priority }) => priority))
    return candidates.filter(({ priority }) => priority === highest)
  }

  startedWithin(time) {
    return weights(this.starts.filter((start) => start.time + this.interval > time))
  }

  fits(weight, time) {
    if (weights(this.running) + weight > this.capacity) return false
    return this.interval === undefined || this.startedWithin(time) + weight <= this.intervalCapacity
  }
}

/** A gate and its model. */
class Pair {
  clock = new Clock()
  waiters = new Map() // by what waits in the model

  constructor(options) {
    this.gate = new Gate({ maxQueueBytes: Infinity, ...options }, this.clock)
    this.model = new Model(options)
  }

  ask({ name, weight, priority, count }) {
    const { gate, model } = this
    const one = { name, weight, priority, count }
    const waiter = Object.assign(new Waiter(name, weight, priority), {
      count,
      where: 'test',
      granted: (n) => {
        for (; n > 0; n--) this.granted(one, new Token(gate, one))
      },
      refused: () => this.forget(one),
    })
    const before = gate.granted
    model.waiting.push(one)
    this.waiters.set(one, waiter)
    const waited = sum(model.waiting, (other) => other.count)
    try {
      gate.ask(waiter)
    } catch (error) {
      assert.equal(gate.granted, before, 'nothing is granted to who is refused')
      this.forget(one)
      if (error.code === 'ERR_HEDDLE_OUT_OF_RANGE') return assert(!this.canEver(weight))
      assert.equal(error.code, 'ERR_HEDDLE_QUEUE_FULL')
      assert(waited > model.maxQueue)
    }
    assert(this.canEver(weight))
    assert(sum(model.waiting, (other) => other.count) <= model.maxQueue, 'the queue is bounded')
  }

  canEver(weight) {
    const { capacity, capacityPerKey, intervalCapacity = Infinity } = this.model
    return weight <= Math.min(capacity, capacityPerKey, intervalCapacity)
  }

  granted(one, token) {
    const { model, clock } = this
    assert(!model.paused, 'nothing is granted while it is paused')
    assert(model.next.includes(one), 'it is one whose turn may come')
    assert(model.fits(one.weight, clock.time), 'there is room')
    model.running.push({ name: one.name, weight: one.weight, token })
    model.starts.push({ time: clock.time, weight: one.weight })
    if (--one.count === 0) this.forget(one)
  }

  forget(one) {
    this.model.waiting = this.model.waiting.filter((other) => other !== one)
    this.waiters.delete(one)
  }

  release(at, again) {
    const { running } = this.model
    if (running.length === 0) return
    const [{ token }] = running.splice(at % running.length, 1)
    token.release()
    if (again) token.release()
    assert(token.released)
  }

  abort(at) {
    const { waiting } = this.model
    if (waiting.length === 0) return
    const one = waiting[at % waiting.length]
    const waiter = this.waiters.get(one)
    this.forget(one)
    this.gate.withdraw(waiter)
    this.gate.withdraw(waiter)
  }

  resize(capacity) {
    this.model.capacity = capacity
    this.gate.capacity = capacity
    assert(this.model.waiting.every(({ weight }) => weight <= capacity))
  }

  pause() {
    this.model.paused = true
    this.gate.pause()
  }

  resume() {
    this.model.paused = false
    this.gate.resume()
  }

  /** What holds after each step. */
  check() {
    const { gate, model, clock } = this
    assert.equal(gate.active, weights(model.running))
    assert.equal(gate.waiting.length, sum(model.waiting, ({ count }) => count))
    assert.equal(gate.isIdle, model.running.length === 0 && model.waiting.length === 0)
    const counts = ({ name }) => name !== undefined || model.capacityPerKey < Infinity
    const names = [...model.waiting, ...model.running.filter(counts)].map(({ name }) => name)
    assert.equal(gate.waiting.keys.size, new Set(names).size, 'idle keys are forgotten')
    if (model.paused || model.waiting.length === 0) return assert.equal(clock.timer, null)
    const { next } = model
    const stuck = next.filter(({ weight }) => !model.fits(weight, clock.time))
    assert(next.length === 0 || stuck.length > 0, 'nobody waits for nothing')
  }
}

const upTo = (max) => fc.integer({ min: 1, max })
const orInfinity = (arbitrary) => fc.oneof({ weight: 3, arbitrary }, { weight: 1, arbitrary: fc.constant(Infinity) })

const options = fc
  .record({
    capacity: orInfinity(upTo(5)),
    capacityPerKey: orInfinity(upTo(4)),
    maxQueue: orInfinity(fc.nat(8)),
    rate: fc.option(fc.record({ interval: upTo(20), intervalCapacity: upTo(6) })),
  })
  .map(({ rate, ...bounds }) => ({ ...bounds, interval: undefined, intervalCapacity: undefined, ...rate }))

const ask = fc.record({
  name: fc.constantFrom(undefined, 'a', 'b', 'c'),
  weight: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: upTo(4) }),
  priority: fc.constantFrom(0, 0, 0, 1, -1.5),
  count: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: upTo(5) }),
})

const step = fc.oneof(
  { weight: 6, arbitrary: ask.map((one) => ['ask', one]) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('release'), fc.nat(9), fc.boolean()) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('abort'), fc.nat(9)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('resize'), orInfinity(upTo(5))) },
  { weight: 1, arbitrary: fc.constant(['pause']) },
  { weight: 1, arbitrary: fc.constant(['resume']) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('pass'), fc.nat(15)) },
)

describe('a limiter and its model', function () {
  this.timeout(60_000)

  it('agree, whatever happens', () => {
    const runs = fc.property(options, fc.array(step, { maxLength: 60, size: 'max' }), (given, steps) => {
      const pair = new Pair(given)
      for (const [name, ...args] of steps) {
        if (name === 'pass') pair.clock.pass(...args)
        else pair[name](...args)
        pair.check()
      }
      // To an end: all get their turn.
      pair.resume()
      for (let i = 0; i < 1000 && !pair.gate.isIdle; i++) {
        pair.release(0)
        pair.clock.pass(20)
        pair.check()
      }
      assert(pair.gate.isIdle)
    })
    fc.assert(runs, { numRuns: 3000 })
  })
})
