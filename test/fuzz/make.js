'use strict'
// Makes what programs name: Tasks, and what stands in the lists of calls.

const { text, array, zlib } = require('./values.js')

const PROMISE_MS = 1
const COMMON = 'in common'

/** Tasks by their description; `world` has heddle, its functions and the counters. */
class TaskMaker {
  constructor(world) {
    this.world = world
    // Those whose buffers a program may detach.
    this.buffers = new Map()
  }

  /** A Task; where its function has been closed, a function that throws that. */
  make(task) {
    try {
      return this.#make(task)
    } catch (error) {
      if (error.code !== 'ERR_HEDDLE_CLOSED' && error.code !== 'ERR_HEDDLE_DETACHED') throw error
      return () => {
        throw error
      }
    }
  }

  #bytes(task) {
    if (!task.buffer) return text(task.n)
    const buffer = new Uint8Array(Buffer.from(text(task.n)))
    const all = this.buffers.get(task) ?? []
    this.buffers.set(task, [...all, buffer])
    return buffer
  }

  /** Detaches the buffers of a task, where that is allowed: compressions copy what they read. */
  detach(task) {
    if (task.make !== 'gzip') return
    for (const { buffer } of this.buffers.get(task) ?? []) {
      if (buffer.byteLength > 0) structuredClone(buffer, { transfer: [buffer] }) // not twice
    }
  }

  #make(task) {
    const { tasks, testing, heddle } = this.world
    switch (task.make) {
      case 'hash':
        return tasks.hash('sha256', this.#bytes(task))
      case 'crc32':
        return tasks.crc32(text(task.n))
      case 'sort':
        return tasks.sort(array(task.n))
      case 'gzip':
        return tasks.gzip(this.#bytes(task))
      case 'gunzip':
        return tasks.gunzip(task.bad ? 'no gzip' : zlib.gzipSync(text(task.n)))
      case 'noop':
        return testing.noop()
      case 'sleep':
        return testing.sleep(task.ms)
      case 'spin':
        return testing.spin(task.ms)
      case 'file':
        return tasks.hash(
          'sha256',
          tasks.file(task.missing ? this.world.missing : this.world.file(task.n)),
        )
      case 'chain':
        return heddle.chain(this.#make(task.first), ...task.links.map((link) => this.link(link)))
      default:
        return this.#threaded(task)
    }
  }

  #threaded(task) {
    const { world } = this
    const functions = task.own ? world.own() : world.functions
    const slot = world.counters.slot(task.fn === 'again' ? 3 : 1)
    const values = { echo: [task.trap ? this.#trapped(task) : text(task.n)] }
    const args = values[task.fn] ?? [task.n, task.ms ?? 0]
    return functions[task.fn](world.counters.cells, slot, ...args)
  }

  /** An argument with a getter, read when it is cloned. */
  #trapped({ n, trap }) {
    const reached = this.world.hook(trap)
    return {
      get a() {
        reached()
        return n
      },
    }
  }

  /** A Task that takes the result of the one before. */
  link(link) {
    const { tasks, heddle, functions, counters } = this.world
    const { previous } = heddle
    if (link === 'hash') return tasks.hash('sha256', previous)
    if (link === 'crc32') return tasks.crc32(previous)
    if (link === 'gzip') return tasks.gzip(previous)
    return functions.echo(counters.cells, counters.slot(1), previous)
  }
}

/** A value in another form. */
function given(value, { by }) {
  if (by === 'function') return () => value
  return by === 'promise' ? Promise.resolve(value) : value
}

/** The promises that the calls of a program have in common. */
function commonPromises({ delay }) {
  const fail = () => Promise.reject(new Error(COMMON))
  const promises = [Promise.resolve(0), delay(4).then(() => 1), fail(), delay(6).then(fail)]
  for (const promise of promises) promise.catch(() => {})
  return promises
}

/** Members of calls by their description. */
class MemberMaker {
  constructor(world) {
    this.world = world
  }

  /** A member, with `runs.count` where it is a function. */
  make(member, runs) {
    const { world } = this
    switch (member.is) {
      case 'shared':
        return world.task(member.i)
      case 'task':
        return world.maker.make(member.task)
      case 'previous':
        return world.maker.link(member.link)
      case 'function':
        return this.#function(member, runs)
      case 'promise':
        return this.#promise(member)
      case 'thenable':
        return this.#thenable(member)
      case 'common':
        return world.promises[member.p]
      case 'skip':
        return given(world.heddle.mapSkip, member)
      case 'stop':
        return given(world.heddle.mapStop, member)
      default:
        return member.n
    }
  }

  #error({ n }) {
    return new Error(`member ${n}`)
  }

  #function(member, runs) {
    const { world } = this
    const reached = world.hook(member.hook)
    return (...args) => {
      runs.count++
      reached()
      if (member.i !== undefined) return world.task(member.i)
      if (member.task !== undefined) {
        const made = world.maker.make(member.task)
        return typeof made === 'function' ? made() : made
      }
      if (runs.count <= (member.fails ?? 0)) throw this.#error(member)
      if (member.ms === undefined) return member.n
      const { signal } = args.at(-1) ?? {}
      return world.heddle.delay(member.ms, member.n, member.heeds && signal ? { signal } : {})
    }
  }

  #promise(member) {
    const { ms = 0, n, fails } = member
    const settle = () => (fails ? Promise.reject(this.#error(member)) : n)
    return ms < PROMISE_MS
      ? Promise.resolve().then(settle)
      : this.world.heddle.delay(ms).then(settle)
  }

  #thenable(member) {
    const { how, n } = member
    const reached = this.world.hook(member.hook)
    const then = (resolve, reject) => {
      reached()
      if (how === 'throws') throw this.#error(member)
      if (how === 'rejects') return reject(this.#error(member))
      if (how === 'later') return setTimeout(resolve, 2, n)
      resolve(how === 'nests' ? this.#thenable({ how: 'once', n }) : n)
      if (how === 'twice') reject(this.#error(member))
      if (how === 'throws late') throw this.#error(member)
    }
    return {
      get then() {
        reached()
        return then
      },
    }
  }
}

module.exports = { TaskMaker, MemberMaker, commonPromises }
