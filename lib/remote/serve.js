'use strict'
// The worker's end: runs the named makers of Tasks for those who ask.

const { randomUUID } = require('node:crypto')
const path = require('node:path')
const { AbortError, HeddleError, misuse, typeError } = require('../errors.js')
const { clearInterval, clearTimeout, setInterval, setTimeout } = require('../task/clock.js')
const { chain } = require('../combinators/chain.js')
const { native } = require('../task/native.js')
const { previous } = require('../task/previous.js')
const { isTask } = require('../task/task.js')
const { Batch } = require('./batch.js')
const { addCommands, claim, mark } = require('./claim.js')
const { readOptions } = require('./options.js')
const { bullmq, newRedis } = require('./peers.js')
const { packValues, serialize, unpackValues } = require('./parts.js')
const { How, keysOf, leftBy, VERSION } = require('./wire.js')

const NAMES = ['queue', 'connection', 'concurrency', 'lockDuration', 'maxBytes', 'files', 'log']
const LOCK_MS = 30_000
const LOOK_MS = 1000 // between two looks at the claims of what runs
const PROGRESS_MS = 250
const MOST_IN_BATCH = 4096
const NONE = Buffer.alloc(4) // no parts
const MOST_STALLED = 3 // times that a job may be taken up again

/** Makers that take paths of this machine. */
const TAKE_PATHS = ['writeFile']

const ignore = () => {}

/** A path that stays in a folder. */
function within(root, given) {
  if (typeof given !== 'string') throw typeError('writeFile', 'argument "path"', 'a string', given)
  const file = path.resolve(root, given)
  if (file.startsWith(path.resolve(root) + path.sep)) return file
  throw misuse(`writeFile: '${given}' is not in the folder that is served`)
}

function readMakers(makers, files) {
  if (makers === null || typeof makers !== 'object') throw typeError('serve', 'argument "makers"', 'an object of makers', makers)
  const served = new Map()
  for (const [name, make] of Object.entries(makers)) {
    if (typeof make !== 'function') throw typeError('serve', `maker '${name}'`, 'a function that makes Tasks', make)
    const isOfPaths = TAKE_PATHS.includes(name) || TAKE_PATHS.includes(make.name)
    if (isOfPaths && files === undefined) {
      throw misuse(`serve: '${name}' takes paths of this machine; option 'files' names the folder in which they must be`)
    }
    served.set(name, isOfPaths ? (file, ...rest) => make(within(files, file), ...rest) : make)
  }
  if (served.size === 0) throw misuse('serve: there is no maker to serve')
  return served
}

class Server {
  #id = randomUUID()
  #queue
  #served
  #redis
  #subscriber
  #worker
  #keys
  #lock
  #maxBytes
  #log
  #running = new Map() // {batch, claims, marks} by job
  #timers
  #closing = null

  constructor(served, { queue, connection, concurrency = 2 * native.threads(), lockDuration = LOCK_MS, maxBytes = 64e6, log = ignore }) {
    const { Worker } = bullmq()
    this.#queue = queue
    this.#served = served
    this.#keys = keysOf(queue)
    this.#lock = lockDuration
    this.#maxBytes = maxBytes
    this.#log = log
    this.#redis = newRedis(connection)
    addCommands(this.#redis)
    this.#subscriber = newRedis(connection)
    this.#watchRedis()
    this.#subscriber.subscribe(this.#keys.control).catch(ignore)
    this.#subscriber.on('message', (_channel, text) => this.#heard(text))
    this.#worker = new Worker(queue, (job) => this.#process(job), {
      connection: this.#redis,
      concurrency,
      lockDuration,
      stalledInterval: lockDuration,
      maxStalledCount: MOST_STALLED,
      skipVersionCheck: true,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    })
    this.#worker.on('error', ignore)
    this.#beat()
    this.#timers = [
      setInterval(() => this.#beat(), lockDuration / 3),
      setInterval(() => void this.#look(), LOOK_MS),
      setInterval(() => this.#tellProgress(), PROGRESS_MS),
    ]
    log(`serves ${[...served.keys()].join(', ')} on queue '${queue}'`)
  }

  /** Says what keeps it from Redis, once for each reason, and when that is over. */
  #watchRedis() {
    let said = ''
    this.#redis.on('error', ({ message }) => {
      if (message === said) return
      said = message
      this.#log(`Redis: ${message}`)
    })
    this.#redis.on('ready', () => {
      if (said !== '') this.#log('Redis: connected')
      said = ''
    })
  }

  /** Says that this worker is there. */
  #beat() {
    const { serving, worker } = this.#keys
    this.#redis.pipeline().set(worker(this.#id), '1', 'PX', this.#lock).set(serving, '1', 'PX', this.#lock).exec().catch(ignore)
  }

  // ---- A job ----

  async #process(job) {
    const { id } = job
    const { v, caller, tasks, chain: isChain = false, once, flush, lease, itemTimeout } = Object(job.data)
    const keys = keysOf(this.#queue, String(caller))
    const live = Number.isInteger(lease) && lease > 0 ? 4 * lease : 4 * LOCK_MS
    // No pipeline of ioredis: it makes a function for every script that BullMQ has defined.
    const send = (head, values = NONE) =>
      Promise.all([
        this.#redis.xadd(keys.replies, '*', 'h', serialize({ job: id, ...head }), 'b', values),
        this.#redis.pexpire(keys.replies, live),
      ])
    const refuse = (code, words) => send({ over: true, refused: `${code} ${words}` })
    if (v !== VERSION) return void (await refuse('ERR_HEDDLE_REMOTE_WIRE', `the worker speaks version ${VERSION} of the wire, the caller ${v}`))
    if (!Array.isArray(tasks) || tasks.length === 0) return void (await refuse('ERR_HEDDLE_REMOTE_WIRE', 'the job names no task'))
    const unknown = tasks.find((name) => !this.#served.has(name))
    if (unknown !== undefined) return void (await refuse('ERR_HEDDLE_REMOTE_UNSERVED', `no task '${unknown}' is served here`))
    const most = Math.floor(1.25 * this.#maxBytes) + 4096 // a batch of callers with that maxBytes
    const start = Number.isInteger(flush) && flush > 0 ? Math.min(flush, MOST_IN_BATCH) : 1
    const about = { job: id, left: leftBy(id), worker: this.#id, most, once, live, flush: start }
    const { how, bytes, payload, from, left } = await claim(this.#redis, keys, about)
    if (how === 'gone') return void (await send({ over: true }))
    if (how === 'large') return void (await refuse('ERR_HEDDLE_REMOTE_SIZE', `the batch takes ${bytes} bytes, more than the ${most} that are taken here`))
    const values = unpackValues(payload, MOST_IN_BATCH)
    if (from > 0) await send(...lostBefore(Math.min(from, values.length)))
    const gone = new Set(left)
    const name = tasks.join(', ')
    const work = values.map((given, place) => (place < from || gone.has(place) ? null : this.#memberOf(tasks, isChain, given)))
    await this.#run({ name, work, keys, about, itemTimeout, to: from + start, send })
  }

  async #run({ name, work, keys, about, itemTimeout, to, send }) {
    const { job, flush } = about
    const pending = new Set()
    const reply = (head, values) => {
      const sent = send(head, values).catch(ignore).finally(() => pending.delete(sent))
      pending.add(sent)
    }
    const advance = (next) => mark(this.#redis, keys, about, next)
    const batch = new Batch(work, { itemTimeout, maxBytes: this.#maxBytes, reply, advance })
    this.#running.set(job, { batch, claims: keys.claims, reply })
    this.#log(`${name}: ${work.length} begin`)
    try {
      await batch.run(to, flush)
      await Promise.all(pending) // results are out before the job counts as done
      this.#log(`${name}: ${work.length} done`)
    } finally {
      this.#running.delete(job)
    }
  }

  /** A Task for a member, or what stands in its way. */
  #memberOf(names, isChain, { value, error }) {
    try {
      if (error !== undefined) throw new HeddleError('ERR_HEDDLE_REMOTE_WIRE', `${names[0]}: what came cannot be read: ${error.message}`)
      if (!isChain) return this.#taskOf(names[0], value)
      return chain(names.map((name, i) => this.#stepOf(name, value[i])))
    } catch (thrown) {
      return { thrown }
    }
  }

  #taskOf(name, args) {
    if (!Array.isArray(args)) throw new HeddleError('ERR_HEDDLE_REMOTE_WIRE', `${name}: what came is no list of arguments`)
    const task = this.#served.get(name)(...args)
    if (isTask(task)) return task
    throw new HeddleError('ERR_HEDDLE_REMOTE_UNSERVED', `${name}: what is served makes no Tasks`)
  }

  /** A step of a chain, from its arguments and the positions of previous results. */
  #stepOf(name, [args, positions]) {
    for (const position of positions) if (position in args) args[position] = previous
    return this.#taskOf(name, args)
  }

  // ---- What callers take back ----

  #heard(text) {
    let message
    try {
      message = JSON.parse(text)
    } catch {
      return
    }
    const known = this.#running.get(message?.job)
    known?.batch.stop(Array.isArray(message.places) ? message.places : null, newReason())
  }

  /** A message may be lost, and a caller die: then its claim is gone. */
  async #look() {
    const running = [...this.#running]
    if (running.length === 0) return
    try {
      const commands = this.#redis.pipeline()
      for (const [id, { claims }] of running) commands.hexists(claims, id)
      const answers = await commands.exec()
      running.forEach(([, { batch }], i) => {
        const [error, there] = answers[i]
        if (error === null && there === 0) batch.stop(null, newReason())
      })
    } catch {
      // Redis is gone: the next look sees
    }
  }

  #tellProgress() {
    for (const { batch, reply } of this.#running.values()) {
      const { progress } = batch
      if (progress > 0) reply({ progress })
    }
  }

  // ---- The end ----

  /** Takes no more, and fulfils when what runs has ended; after `timeout` ms it is stopped. */
  close({ timeout = Infinity } = {}) {
    return (this.#closing ??= this.#close(timeout))
  }

  async #close(timeout) {
    this.#log('closes')
    let timer
    const isThere = this.#redis.status === 'ready'
    const closed = this.#worker.close(!isThere).catch(ignore)
    if (isThere) {
      const late = new Promise((resolve) => {
        if (timeout !== Infinity) timer = setTimeout(resolve, timeout, true)
      })
      if ((await Promise.race([closed, late])) === true) await this.#stopAll(closed)
      clearTimeout(timer)
    } else {
      for (const { batch } of this.#running.values()) batch.stop(null, newReason())
    }
    for (const one of this.#timers) clearInterval(one)
    if (isThere) await this.#redis.del(this.#keys.worker(this.#id)).catch(ignore)
    this.#subscriber.disconnect()
    this.#redis.disconnect()
    this.#log('has closed')
  }

  async #stopAll(closed) {
    for (const { batch, reply } of this.#running.values()) {
      const places = batch.work.flatMap((one, place) => (one === undefined || one === null ? [] : [place]))
      reply({ places, hows: places.map(() => How.LOST) }, packValues(places, Infinity))
      batch.stop(null, newReason())
    }
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000))])
    void this.#worker.close(true).catch(ignore)
  }
}

const newReason = () => new AbortError('the caller wants it no more')

/** Members that were started before, by a worker that is gone: they do not start twice. */
function lostBefore(to) {
  const places = Array.from({ length: to }, (_, place) => place)
  return [{ places, hows: places.map(() => How.LOST) }, packValues(places, Infinity)]
}

/** As lib/remote.js has it. */
function serve(makers, options) {
  const read = readOptions('serve', NAMES, options)
  const server = new Server(readMakers(makers, read.files), read)
  const close = (given) => server.close(given)
  return Symbol.asyncDispose === undefined ? { close } : { close, [Symbol.asyncDispose]: close }
}

module.exports = { serve }
