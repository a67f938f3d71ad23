'use strict'
// The caller's end: what is out, how it goes, and how it comes back.

const { randomUUID } = require('node:crypto')
const { define, HeddleError, misuse, placeAt, rangeError, typeError } = require('../errors.js')
const { clearInterval, clearTimeout, now, setInterval, setTimeout } = require('../task/clock.js')
const { addMaker } = require('../task/makers.js')
const { ownOf } = require('../task/own.js')
const { Task } = require('../task/task.js')
require('../task/start.js') // which starts Tasks that are awaited
const { memberError } = require('../thread/errors.js')
const { newDefinition } = require('./group.js')
const { Job } = require('./job.js')
const { readOptions } = require('./options.js')
const { bullmq, newRedis } = require('./peers.js')
const { deserialize, unpackValues } = require('./parts.js')
const { How, keysOf, leftBy, VERSION } = require('./wire.js')

const NAMES = ['queue', 'connection', 'batch', 'window', 'maxBytes', 'waitTimeout', 'lease']
const LOOK_MS = 500 // between two looks at what is out
const OLD_MS = 2000 // without an answer: it is looked at
const MOST_LOOKED = 500 // jobs in one look
const READ = 200 // replies that are read at once
const MOST_IN_REPLY = 4096 // as in a batch
const MOST_CHAINS = 1000
const BLOCK_MS = 2000 // that a read waits for

const MOST_PRIORITY = 2 ** 21 - 1 // of BullMQ's, in which the lowest goes first
const MIDDLE = 2 ** 20

const ignore = () => {}

// No pipelines of ioredis: each makes a function for every script that BullMQ has defined.

class Connection {
  batch
  maxBytes
  #name
  #window
  #waitTimeout
  #lease
  #caller = randomUUID()
  #keys
  #queue
  #redis
  #reader
  #jobs = new Map() // by id
  #chains = new Map() // their definitions, by what they are
  #sequence = 0
  #members = 0 // that are out
  #bytes = 0
  #blocked = new Set() // groups that wait for room
  #isCorked = false // while replies are delivered
  #probing // the timer of those that wait for a maker's first answers
  #closed = false
  #timers
  #deafSince = 0 // by now(), since when Redis is not there
  #unservedSince = 0 // since when no worker is there
  #hasPriorities = false
  #looking = false
  #wake = () => {} // ends a pause of the reader

  constructor({ queue, connection, batch = 'auto', window = 4096, maxBytes = 64e6, waitTimeout = 30_000, lease = 30_000 }) {
    this.batch = batch
    this.maxBytes = maxBytes
    this.#name = queue
    this.#window = window
    this.#waitTimeout = waitTimeout
    this.#lease = lease
    this.#keys = keysOf(queue, this.#caller)
    const { Queue } = bullmq()
    this.#redis = newRedis(connection)
    this.#reader = newRedis(connection)
    this.#queue = new Queue(queue, {
      connection: this.#redis,
      skipVersionCheck: true,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    })
    this.#queue.on('error', ignore) // what waits too long is told so
    this.#timers = [setInterval(() => this.#renew(), lease / 3), setInterval(() => void this.#look(), LOOK_MS)]
    void this.#read()
  }

  /** The definition of a chain, kept so that chains of the same names go together. */
  definitionOf(key, make) {
    let definition = this.#chains.get(key)
    if (definition === undefined) {
      definition = make()
      if (this.#chains.size < MOST_CHAINS) this.#chains.set(key, definition)
    }
    return definition
  }

  /** Throws once it has been closed. */
  check(name) {
    if (this.#closed) throw this.#closedError(name)
  }

  #closedError(name) {
    return new HeddleError('ERR_HEDDLE_CLOSED', `${name}: the connection to queue '${this.#name}' has been closed`)
  }

  // ---- Sending ----

  /** Members that may still go. */
  get room() {
    return this.#window - this.#members
  }

  /** Whether a group may send so many, or some of them; it is told when it may. */
  hasRoom(group, pace, wanted) {
    const wait = pace.wait()
    // Half of what is wanted at least: else each that ends would let a small one go.
    const isRoom = this.#members === 0 || (2 * this.room >= wanted && this.#bytes < this.maxBytes)
    if (wait === 0 && isRoom && !this.#isCorked) return true
    this.#blocked.add(group)
    if (wait > 0) this.#probing ??= setTimeout(() => this.#probed(), Math.ceil(wait))
    return false
  }

  #probed() {
    this.#probing = undefined
    this.#pumpBlocked()
  }

  #pumpBlocked() {
    if (this.#blocked.size === 0) return
    const waiting = [...this.#blocked]
    this.#blocked.clear()
    for (const group of waiting) group.pump()
  }

  send(group, definition, members, parts) {
    const { bytes } = parts
    const job = new Job(`${this.#caller}-${++this.#sequence}`, definition, group, members, bytes)
    this.#jobs.set(job.id, job)
    definition.pace.sent()
    group.jobs.add(job)
    this.#members += members.length
    this.#bytes += bytes
    this.#put(job, definition, parts.pack()).catch((error) => this.#lose(job, 'it could not be sent', error))
  }

  async #put(job, definition, payload) {
    const { claims } = this.#keys
    const { priority = 0, itemTimeout } = job.group.options
    const { name, names = [name], idempotent } = definition
    const data = { v: VERSION, caller: this.#caller, tasks: names, chain: definition.chain === true, once: !idempotent, flush: definition.pace.flush, lease: this.#lease }
    if (itemTimeout > 0) data.itemTimeout = itemTimeout
    const opts = { jobId: job.id }
    this.#hasPriorities ||= priority !== 0
    if (this.#hasPriorities) opts.priority = Math.round(Math.max(1, Math.min(MOST_PRIORITY, MIDDLE - priority)))
    // In this order on one connection.
    const stored = this.#redis.hset(claims, job.id, payload)
    const leased = this.#redis.pexpire(claims, this.#lease)
    const added = this.#queue.add('heddle', data, opts)
    job.sent()
    await Promise.all([stored, leased, added])
  }

  /** Takes the claims on members back. What runs is told; what does not run never will. */
  cancel(job, places) {
    const { claims, control } = this.#keys
    const isWhole = job.open.length === places.length
    const message = JSON.stringify({ job: job.id, places: isWhole ? null : places })
    const redis = this.#redis
    const told = isWhole ? redis.hdel(claims, job.id, leftBy(job.id)) : redis.hset(claims, leftBy(job.id), JSON.stringify(job.leave(places)))
    told.catch(ignore)
    redis.publish(control, message).catch(ignore)
    if (!job.begun && isWhole) void this.#remove(job)
  }

  /** A job that nobody has taken up is over. */
  async #remove(job) {
    const removed = await this.#queue.remove(job.id).catch(() => 0)
    if (removed === 1) this.#conclude(job, job.open.map((place) => ({ place, fulfilled: false, value: undefined })))
  }

  // ---- Replies ----

  async #read() {
    const reader = this.#reader
    let cursor = '0-0'
    while (!this.#closed) {
      let entries
      try {
        entries = entriesOf(await reader.xreadBuffer('COUNT', READ, 'BLOCK', BLOCK_MS, 'STREAMS', this.#keys.replies, cursor))
      } catch {
        if (this.#closed) return
        await new Promise((resolve) => {
          this.#wake = resolve
          setTimeout(resolve, 100)
        })
        continue
      }
      this.#isCorked = true // what follows goes together
      for (const [id, fields] of entries) {
        cursor = id.toString()
        this.#deliver(fields)
      }
      this.#isCorked = false
      this.#pumpBlocked()
      // The last one stays: an empty stream would be gone, and with it where it was.
      if (entries.length > 0) this.#redis.xtrim(this.#keys.replies, 'MINID', cursor).catch(ignore)
    }
  }

  /** A reply is as little to be trusted as a job. */
  #deliver([, about, , bytes]) {
    let head
    let values
    try {
      head = Object.setPrototypeOf(deserialize(about), null)
      values = unpackValues(bytes, MOST_IN_REPLY)
    } catch {
      return // nobody can tell whose it is
    }
    const job = this.#jobs.get(head.job)
    if (job === undefined) return
    job.begun = true
    if (typeof head.progress === 'number') job.progress = head.progress
    if (typeof head.took === 'number') job.definition.pace.add(job.members.length, head.took)
    if (Array.isArray(head.places) && Array.isArray(head.hows)) this.#deliverEnds(job, head, values)
    if (head.over === true) this.#over(job, head)
  }

  #deliverEnds(job, { places, hows }, values) {
    const { group } = job
    const told = []
    const count = Math.min(places.length, values.length)
    for (let i = 0; i < count; i++) {
      const place = places[i]
      if (job.take(place)) told.push(this.#endOf(group, place, job.members[place], hows[i], values[i]))
    }
    this.#told(job, told)
  }

  #endOf(group, place, index, how, { value, error: cause }) {
    if (how === How.FULFILLED && cause === undefined) return { place, fulfilled: true, value }
    return { place, fulfilled: false, value: this.#errorOf(group, index, how, value, cause) }
  }

  #errorOf(group, index, how, value, cause) {
    const definition = group.definitionAt(index)
    if (how === How.EXPIRED) return group.timedOut(index)
    if (how === How.LOST) return lostError(definition.name, 'its worker was lost while it ran', group.site)
    if (cause === undefined) return memberError({ ...definition, spec: {} }, value, group.site)
    const words = `${definition.name}: what came back cannot be read: ${cause.message}`
    return placeAt(new HeddleError('ERR_HEDDLE_REMOTE_WIRE', words, { cause }), group.site)
  }

  /** The worker is done with it: what it has not told of was cancelled, or is refused. */
  #over(job, { refused }) {
    const { group } = job
    const ends = job.open.map((place) => {
      const { name } = group.definitionAt(job.members[place])
      // Of what was cancelled the reason counts.
      const value =
        typeof refused === 'string'
          ? placeAt(new HeddleError(codeOf(refused), `${name}: ${wordsOf(refused)}`), group.site)
          : lostError(name, 'nobody knows of it any more', group.site)
      return { place, fulfilled: false, value }
    })
    this.#conclude(job, ends)
  }

  #lose(job, why, cause, isLost = () => true) {
    const { group } = job
    this.#conclude(
      job,
      job.open.filter(isLost).map((place) => ({ place, fulfilled: false, value: lostError(group.definitionAt(job.members[place]).name, why, group.site, cause) })),
    )
  }

  /** Members of a job end so. */
  #conclude(job, ends) {
    if (ends.length === 0) return
    for (const { place } of ends) job.take(place)
    this.#told(job, ends)
  }

  #told(job, ends) {
    this.#members -= ends.length
    const isOver = job.left === 0
    if (isOver && this.#jobs.delete(job.id)) {
      job.definition.pace.over()
      this.#bytes -= job.bytes
      this.#redis.hdel(this.#keys.claims, job.id, leftBy(job.id)).catch(ignore)
      this.#redis.hdel(this.#keys.marks, job.id).catch(ignore)
    }
    job.group.told(job, ends, isOver)
    if (!this.#isCorked) this.#pumpBlocked()
  }

  // ---- What nobody tells of ----

  #renew() {
    if (this.#jobs.size === 0) return
    const { claims, marks, replies } = this.#keys
    this.#redis.pexpire(claims, this.#lease).catch(ignore)
    for (const key of [marks, replies]) this.#redis.pexpire(key, 4 * this.#lease).catch(ignore)
  }

  async #look() {
    this.#lookAtRedis()
    if (this.#looking || this.#jobs.size === 0 || this.#deafSince > 0) return
    this.#looking = true
    try {
      await this.#lookAtWorkers()
      await this.#lookAtJobs()
    } catch {
      // Redis is gone: the next look sees it
    } finally {
      this.#looking = false
    }
  }

  #lookAtRedis() {
    if (this.#redis.status === 'ready') {
      this.#deafSince = 0
      return
    }
    this.#deafSince ||= now()
    if (now() - this.#deafSince >= this.#waitTimeout) this.#failAll('there is no connection to Redis')
  }

  async #lookAtWorkers() {
    const isServed = (await this.#redis.exists(this.#keys.serving)) === 1
    if (isServed) this.#unservedSince = 0
    else this.#unservedSince ||= now()
    if (this.#unservedSince > 0 && now() - this.#unservedSince >= this.#waitTimeout) {
      this.#failAll(`no worker serves queue '${this.#name}'`)
    }
  }

  /** Nothing comes of what is out. */
  #failAll(why) {
    for (const job of [...this.#jobs.values()]) {
      if (job.sentAt > 0 && now() - job.sentAt < this.#waitTimeout) continue
      const { group } = job
      this.cancel(job, job.open)
      this.#conclude(
        job,
        job.open.map((place) => {
          const words = `${group.definitionAt(job.members[place]).name}: ${why}, for ${this.#waitTimeout} ms`
          return { place, fulfilled: false, value: placeAt(new HeddleError('ERR_HEDDLE_REMOTE_UNSERVED', words), group.site) }
        }),
      )
    }
  }

  /** Jobs without an answer: whose worker has died, or that are not in the queue any more. */
  async #lookAtJobs() {
    const old = []
    for (const job of this.#jobs.values()) {
      if (job.sentAt > 0 && now() - job.sentAt > OLD_MS && old.push(job) === MOST_LOOKED) break
    }
    if (old.length === 0) return
    const marks = await this.#redis.hmget(this.#keys.marks, ...old.map(({ id }) => id))
    const started = marks.map(markOf)
    const workers = [...new Set(started.map(({ worker }) => worker).filter(Boolean))]
    const alive = new Map()
    for (const id of workers) alive.set(id, (await this.#redis.exists(this.#keys.worker(id))) === 1)
    const states = await Promise.all(old.map(({ id }) => this.#queue.getJobState(id)))
    old.forEach((job, i) => {
      if (job.left === 0) return
      const definition = job.group.definitionAt(job.members[0])
      const { worker, to } = started[i]
      if (worker !== null && !alive.get(worker) && !definition.idempotent) {
        // Others go back to the queue, when BullMQ sees it.
        this.#lose(job, 'its worker was lost while it ran', undefined, (place) => place < to)
      } else if (states[i] === 'unknown' || states[i] === 'failed') {
        // Its last replies may be on their way.
        if (job.suspect) this.#lose(job, 'it is not in the queue any more')
        job.suspect = true
      }
    })
  }

  // ---- The end ----

  async close() {
    if (this.#closed) return
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.#probing)
    const jobs = [...this.#jobs.values()]
    const isThere = this.#redis.status === 'ready'
    for (const job of jobs) {
      if (isThere) this.cancel(job, job.open)
      const { group } = job
      this.#conclude(
        job,
        job.open.map((place) => {
          const value = placeAt(this.#closedError(group.definitionAt(job.members[place]).name), group.site)
          return { place, fulfilled: false, value }
        }),
      )
    }
    this.#wake()
    this.#reader.disconnect()
    if (isThere) {
      await Promise.all(jobs.map(({ id }) => this.#queue.remove(id).catch(() => 0)))
      const { claims, marks, replies } = this.#keys
      await this.#redis.del(claims, marks, replies).catch(ignore)
    }
    await this.#queue.close().catch(ignore)
    this.#redis.disconnect()
  }
}

/** A mark, as lib/remote/claim.js has it: who has started the members before `to`. */
function markOf(text) {
  if (text === null) return { worker: null, to: 0 }
  const [worker, to] = text.split(' ')
  return { worker, to: Number(to) }
}

/** XREAD's answer, whatever the version of ioredis makes of it. */
function entriesOf(answer) {
  if (answer === null || answer === undefined) return []
  if (answer instanceof Map) return [...answer.values()][0] ?? []
  if (Array.isArray(answer)) return Array.isArray(answer[0]) && answer[0].length === 2 ? answer[0][1] : (answer[1] ?? [])
  return Object.values(answer)[0] ?? []
}

function lostError(name, why, site, cause) {
  const error = new HeddleError('ERR_HEDDLE_REMOTE_LOST', `${name}: the job was lost: ${why}`, cause === undefined ? undefined : { cause })
  return placeAt(error, site)
}

// A worker refuses by 'CODE words'.
const codeOf = (refused) => (/^ERR_HEDDLE_[A-Z_]+ /.test(refused) ? refused.split(' ', 1)[0] : 'ERR_HEDDLE_REMOTE_WIRE')
const wordsOf = (refused) => refused.replace(/^ERR_HEDDLE_[A-Z_]+ /, '').slice(0, 1000)

function readMakerOptions(given) {
  if (given === null || typeof given !== 'object') throw typeError('remote', 'options', 'an object', given)
  const { idempotent = false } = ownOf(given, (key) => {
    if (key !== 'idempotent') throw misuse(`remote: there is no option '${key}'; it takes idempotent`)
  })
  if (typeof idempotent !== 'boolean') throw typeError('remote', 'option "idempotent"', 'a boolean', idempotent)
  return { idempotent }
}

/** As lib/remote.js has it. */
function connect(options) {
  const connection = new Connection(readOptions('connect', NAMES, options))

  function remote(name, given = {}) {
    if (typeof name !== 'string') throw typeError('remote', 'argument "name"', 'a string', name)
    if (name === '' || name.length > 200) throw rangeError('remote', 'argument "name"', 'a name of 1 to 200 characters', name)
    const definition = newDefinition(connection, name, readMakerOptions(given))
    connection.check(name)
    const make = (...args) => {
      connection.check(name)
      return new Task(definition, args)
    }
    return addMaker(define(make, 'name', name, false))
  }

  define(remote, 'close', () => connection.close(), false)
  if (Symbol.asyncDispose !== undefined) define(remote, Symbol.asyncDispose, remote.close, false)
  return remote
}

module.exports = { connect }
