'use strict'
// Those who wait for a limiter, in the order of their turns: by priority, then keys
// in turn, then as they came. A line has the waiters of one key and one priority, a
// level the lines of one priority. Every step takes constant time, whatever the number
// of waiters and keys; only a new priority is searched for its place.

const { List } = require('./list.js')

const NEW_IN_A_ROW = 16 // lines that go before those which have had a turn, at most

/** What a limiter knows of a key, while somebody of it waits or runs. */
class Key {
  active = 0 // weights that run
  lines = 0 // in which somebody waits
  held = [] // lines that wait for others of the key to end

  constructor(name) {
    this.name = name
  }
}

/** One who waits for tokens. */
class Waiter {
  list = null // its line's
  before = null
  next = null
  line = null
  count = 1 // tokens that are waited for, one after the other
  rest = null // bytes of the last n of them, by n

  constructor(name, weight, priority) {
    this.name = name // of the key
    this.weight = weight
    this.priority = priority
  }

  /** Bytes that the last n of what is waited for hold. */
  bytesOf(n) {
    return this.rest === null ? 0 : this.rest[n]
  }
}

/** Waiters of one key and one priority, the first one first; a node of the level's lists. */
class Line extends List {
  list = null
  before = null
  next = null

  constructor(level, key) {
    super()
    this.level = level
    this.key = key
  }
}

class Level {
  lines = new Map() // by the names of keys
  fresh = new List() // of keys of which nothing runs, and that have had no turn yet
  old = new List() // in turn
  row = 0 // of fresh lines that have gone first

  constructor(priority) {
    this.priority = priority
  }

  /** The line whose turn it is; null when all are held. */
  get first() {
    if (this.fresh.first === null) return this.old.first
    return this.row < NEW_IN_A_ROW || this.old.first === null ? this.fresh.first : this.old.first
  }
}

class Waiting {
  keys = new Map() // by name
  length = 0 // tokens that are waited for
  bytes = 0 // that wait with them
  #levels = [] // the highest priority first

  /** The key of a name, known from now on: see forget(). */
  key(name) {
    let key = this.keys.get(name)
    if (key === undefined) this.keys.set(name, (key = new Key(name)))
    return key
  }

  /** Lets go of a key that is idle. */
  forget(key) {
    if (key.lines === 0 && key.active === 0) this.keys.delete(key.name)
  }

  add(waiter) {
    const { name } = waiter
    const level = this.#level(waiter.priority)
    let line = level.lines.get(name)
    if (line === undefined) {
      line = new Line(level, this.key(name))
      line.key.lines++
      level.lines.set(name, line)
      if (line.key.active > 0) level.old.push(line)
      else level.fresh.push(line)
    }
    line.push(waiter)
    waiter.line = line
    this.length += waiter.count
    this.bytes += waiter.bytesOf(waiter.count)
  }

  #level(priority) {
    const levels = this.#levels
    let low = 0
    let high = levels.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (levels[middle].priority > priority) low = middle + 1
      else high = middle
    }
    if (levels[low]?.priority !== priority) levels.splice(low, 0, new Level(priority))
    return levels[low]
  }

  /**
   * The waiter whose turn it is; null when there is none. A line is held when its key
   * has no room for the first of it, and so are those of lower priority: within a key
   * nobody is overtaken.
   * @param {number} most weight that may run of one key
   */
  first(most) {
    for (const level of this.#levels) {
      for (let line = level.first; line !== null; line = level.first) {
        if (!this.#isHeld(line, most)) return line.first
        line.list.remove(line)
        line.key.held.push(line)
      }
    }
    return null
  }

  #isHeld({ key, first, level }, most) {
    if (key.active + first.weight > most) return true
    return key.held.some((line) => line.level.priority > level.priority)
  }

  /** The waiter that is first has got so many: others' turns come. */
  granted(waiter, n) {
    const { line } = waiter
    const { level } = line
    if (line.list === level.old) level.row = 0
    else level.row++
    line.list.remove(line)
    level.old.push(line)
    this.bytes -= waiter.bytesOf(waiter.count) - waiter.bytesOf(waiter.count - n)
    this.length -= n
    if ((waiter.count -= n) === 0) this.#leave(waiter)
  }

  /** A waiter waits no more. */
  remove(waiter) {
    if (waiter.line === null) return
    const { key } = waiter.line
    this.length -= waiter.count
    this.bytes -= waiter.bytesOf(waiter.count)
    waiter.count = 0
    this.#leave(waiter)
    this.release(key)
    this.forget(key)
  }

  #leave(waiter) {
    const { line } = waiter
    line.remove(waiter)
    waiter.line = null
    if (line.first === null) this.#close(line)
  }

  #close(line) {
    const { level, key } = line
    if (line.list !== null) line.list.remove(line)
    else key.held = key.held.filter((one) => one !== line)
    level.lines.delete(key.name)
    key.lines--
    if (level.lines.size === 0) this.#levels.splice(this.#levels.indexOf(level), 1)
  }

  /** There may be room for the key again. */
  release(key) {
    if (key.held.length === 0) return
    for (const line of key.held) line.level.old.push(line)
    key.held = []
  }

  /** All who wait. */
  *[Symbol.iterator]() {
    for (const { lines } of [...this.#levels]) {
      for (const line of [...lines.values()]) {
        for (let waiter = line.first, next; waiter !== null; waiter = next) {
          next = waiter.next
          yield waiter
        }
      }
    }
  }
}

module.exports = { Waiter, Waiting }
