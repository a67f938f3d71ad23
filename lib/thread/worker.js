'use strict'
// The thread's end. It is sent as source, so that a bundle needs no file beside
// it: the function below may use nothing but its parameters and globals, and no
// syntax that a bundler replaces by a helper (no async, no class fields).

const { PROGRESS_DONE, Word } = require('./protocol.js')
const { DEPTH, ERRORS, encoder } = require('./encode.js')
const { TRANSFER, mark } = require('./transfer.js')

const SLICE_MS = 2 // after which results are sent, between two members
const TRIALS = 16 // calls after which a function is taken not to reuse its results

/* The messages that come: {define}, {chunk}, {abort} and {end}; those that go:
 * see ThreadWorker in lib/thread/thread.js. */
function bootstrap(load, importModule, settings, newEncoder) {
  const { parentPort } = load('node:worker_threads')
  const { performance } = load('node:perf_hooks')
  const clock = performance.now.bind(performance) // functions may replace the global's
  const encode = newEncoder(load('node:util').types.isNativeError, settings)
  const { READY, LOADING, ABORT, PROGRESS } = settings.words
  const functions = new Map()
  const queue = []
  let port
  let board
  let current = null // chunk
  let context = null // of the running member

  parentPort.once('message', (message) => {
    port = message.port
    board = message.board
    Atomics.store(board, READY, 1)
    port.on('message', receive)
    port.on('messageerror', (error) => port.postMessage({ unreadable: error.message }))
  })

  function receive(message) {
    Object.setPrototypeOf(message, null) // no more in it than was sent
    if (message.define !== undefined) define(message.define)
    else if (message.abort !== undefined) abort(message.abort)
    else if (message.end) port.close()
    else if (message.chunk !== undefined) {
      queue.push(newChunk(message.chunk))
      if (current === null) work()
    }
  }

  // ---- Functions -----------------------------------------------------------

  function define(spec) {
    const made = {
      spec,
      call: undefined,
      error: undefined,
      loading: null,
      trials: settings.trials,
      last: undefined, // result, while there are trials left
      reuses: false, // it returns one object again and again: each is sent at once
    }
    functions.set(spec.id, made)
    Object.setPrototypeOf(spec, null)
    try {
      if (spec.source !== undefined) {
        // The other two are what esbuild leaves in the source of functions.
        const body = `return ${spec.source}\n//# sourceURL=${spec.url}`
        made.call = new Function('require', '__require', '__name', body)(load, load, (value) => value)
        return
      }
      Atomics.add(board, LOADING, 1)
      made.loading = importModule(spec.module).then(
        (namespace) => loaded(made, pick(spec, namespace)),
        (error) => loaded(made, undefined, error),
      )
    } catch (error) {
      made.error = error
    }
  }

  function loaded(made, found, error) {
    Atomics.sub(board, LOADING, 1)
    made.loading = null
    made.call = found
    if (error !== undefined) made.error = error
    else if (typeof found !== 'function') made.error = { missing: true }
    port.postMessage({ loaded: made.spec.id })
  }

  function pick(spec, namespace) {
    if (Object.hasOwn(namespace, spec.export) && spec.export !== 'default') return namespace[spec.export]
    const main = namespace.default // of CommonJS: module.exports
    if (typeof main === 'function' && spec.export === 'default') return main
    const isHolder = (typeof main === 'object' && main !== null) || typeof main === 'function'
    return isHolder && Object.hasOwn(main, spec.export) ? main[spec.export] : undefined
  }

  // ---- Chunks --------------------------------------------------------------

  function newChunk(message) {
    return {
      seq: message.seq,
      slot: message.slot,
      fns: message.fns.map((id) => functions.get(id)),
      of: message.of, // the function of each member; undefined when there is but one
      args: message.args,
      unary: message.unary,
      previous: message.previous, // positions of the previous result, by member
      ordered: message.ordered, // the first failure ends it
      singly: message.singly, // each result is sent at once
      last: undefined, // the last result
      first: 0, // member of which values[0] is the result
      values: [],
      errors: undefined, // places in values
      transfers: undefined, // by place in values
      plain: true, // all values are undefined
      spent: 0, // ms, of the members in values
      longest: 0,
      flushed: 0, // when
      stopped: false,
    }
  }

  /** Works chunks off until one has to wait. */
  function work() {
    while (current !== null || queue.length > 0) {
      if (current === null) {
        current = queue.shift()
        current.flushed = clock()
      }
      const loading = current.fns.find((made) => made.loading !== null)
      if (loading !== undefined) {
        loading.loading.then(work)
        return
      }
      if (!runMembers(current)) return
      flush(current, true)
      current = null
    }
  }

  function claim(slot) {
    let word = Atomics.load(board, slot)
    for (;;) {
      const next = word & 0xffff
      if (next >= word >>> 16) return -1
      const seen = Atomics.compareExchange(board, slot, word, word + 1)
      if (seen === word) return next
      word = seen
    }
  }

  /** False when a member's promise is waited for; it goes on by itself then. */
  function runMembers(chunk) {
    let began = clock()
    while (!chunk.stopped) {
      const index = claim(chunk.slot)
      if (index < 0) break
      const made = chunk.fns[chunk.of === undefined ? 0 : chunk.of[index]]
      let value
      try {
        value = call(chunk, made, index)
        if (typeof value === 'object' && value !== null && typeof value.then === 'function') {
          waitFor(chunk, made, index, value, began)
          return false
        }
        succeed(chunk, made, value)
      } catch (error) {
        fail(chunk, made, error)
      }
      const now = clock()
      ended(chunk, now, now - began)
      began = now
    }
    return true
  }

  function call(chunk, made, index) {
    if (made.call === undefined || made.error !== undefined) throw made
    const args = chunk.unary ? [chunk.args[index]] : chunk.args[index]
    const places = chunk.previous === undefined ? undefined : chunk.previous[index]
    if (places !== undefined && places !== null) for (const place of places) args[place] = chunk.last
    if (made.spec.context) {
      context = newContext(((chunk.seq & 0xffff) << 15) | index)
      args.push(context.given)
    }
    // A function of one argument is most of what comes here.
    return args.length === 1 ? (0, made.call)(args[0]) : (0, made.call)(...args)
  }

  function waitFor(chunk, made, index, promise, began) {
    const goOn = () => {
      const now = clock()
      ended(chunk, now, now - began)
      work()
    }
    Promise.resolve(promise).then(
      (value) => {
        succeed(chunk, made, value)
        goOn()
      },
      (error) => {
        fail(chunk, made, error)
        goOn()
      },
    )
  }

  function succeed(chunk, made, value) {
    let result = value
    if (made.trials > 0) tryReuse(made, value)
    if (made.reuses) chunk.singly = true
    if (typeof value === 'object' && value !== null && settings.transfer in value) {
      result = value.value
      // What the next step gets must not be gone.
      if (chunk.previous === undefined) {
        chunk.transfers = chunk.transfers || new Map()
        chunk.transfers.set(chunk.values.length, value[settings.transfer])
      }
    }
    if (chunk.ordered) chunk.last = result
    if (result !== undefined) chunk.plain = false
    chunk.values.push(result)
  }

  function tryReuse(made, value) {
    if (typeof value === 'object' && value !== null && value === made.last) made.reuses = true
    made.last = --made.trials > 0 ? value : undefined
  }

  function fail(chunk, made, error) {
    chunk.plain = false
    chunk.errors = chunk.errors || []
    chunk.errors.push(chunk.values.length)
    chunk.values.push(error === made ? loadError(made) : encode(error, made.spec))
    if (chunk.ordered) chunk.stopped = true
  }

  function ended(chunk, now, took) {
    if (context !== null) Atomics.store(board, PROGRESS, 0)
    context = null
    chunk.spent += took
    if (took > chunk.longest) chunk.longest = took
    const word = Atomics.load(board, chunk.slot)
    if ((word & 0xffff) >= word >>> 16) return // the last results go with the chunk's end
    if (chunk.singly || chunk.errors !== undefined || now - chunk.flushed >= settings.slice) {
      flush(chunk, false)
      chunk.flushed = now
    }
  }

  // ---- Results -------------------------------------------------------------

  function flush(chunk, done) {
    const count = chunk.values.length
    if (count === 0 && !done) return
    const message = {
      seq: chunk.seq,
      count,
      values: chunk.plain ? undefined : chunk.values,
      errors: chunk.errors,
      spent: chunk.spent,
      longest: chunk.longest,
      done,
    }
    const lists = chunk.transfers === undefined ? [] : [...chunk.transfers.values()]
    try {
      port.postMessage(message, lists.flat())
    } catch {
      for (let i = 0; i < count; i++) flushOne(chunk, i)
      port.postMessage({ seq: chunk.seq, count: 0, spent: chunk.spent, longest: chunk.longest, done })
    }
    chunk.first += count
    chunk.values = []
    chunk.errors = chunk.transfers = undefined
    chunk.plain = true
    chunk.spent = chunk.longest = 0
  }

  /** Finds out whose result it is that cannot be sent. */
  function flushOne(chunk, i) {
    const failed = chunk.errors !== undefined && chunk.errors.includes(i)
    const message = { seq: chunk.seq, count: 1, values: [chunk.values[i]], spent: 0, longest: 0 }
    if (failed) message.errors = [0]
    const list = chunk.transfers === undefined ? undefined : chunk.transfers.get(i)
    try {
      port.postMessage(message, list || [])
    } catch (error) {
      message.errors = [0]
      message.values = [{ unsent: String(error && error.message) }]
      port.postMessage(message)
    }
  }

  // ---- Errors --------------------------------------------------------------

  function loadError(made) {
    if (made.error.missing) return { missing: true }
    return encode(made.error, made.spec)
  }

  // ---- The context that a function gets ------------------------------------

  function newContext(token) {
    const made = { token, controller: null, given: null }
    made.given = {
      get signal() {
        if (made.controller === null) made.controller = newController(token)
        return made.controller.signal
      },
      progress(fraction) {
        const part = Math.min(1, Math.max(0, Number(fraction)))
        if (context === made) Atomics.store(board, PROGRESS, Math.round(part * settings.done) | 0)
      },
      transfer: (value, list) => settings.mark(value, list, settings.transfer),
    }
    return made
  }

  /** Its signal also sees an abort while the function keeps the thread busy. */
  function newController(token) {
    const controller = new AbortController()
    const { signal } = controller
    const own = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted').get
    Object.defineProperty(signal, 'aborted', {
      __proto__: null,
      configurable: true,
      get() {
        if (!own.call(signal) && Atomics.load(board, ABORT) === token) controller.abort()
        return own.call(signal)
      },
    })
    void signal.aborted // it may be so already
    Object.defineProperty(signal, 'throwIfAborted', {
      __proto__: null,
      configurable: true,
      value: () => {
        if (signal.aborted) throw signal.reason
      },
    })
    return controller
  }

  function abort(token) {
    if (context !== null && context.token === token && context.controller !== null) {
      context.controller.abort()
    }
  }
}

const settings = {
  words: Word,
  done: PROGRESS_DONE,
  slice: SLICE_MS,
  depth: DEPTH,
  trials: TRIALS,
  errors: ERRORS,
}

// In a worker that runs as an ES module (--input-type) there is no require.
const SOURCE = `
const __name = (value) => value
const settings = ${JSON.stringify(settings)}
settings.transfer = Symbol.for(${JSON.stringify(TRANSFER)})
settings.mark = ${mark}
const begin = (load) => (${bootstrap})(load, (url) => import(url), settings, ${encoder})
if (typeof require === 'function') begin(require)
else import('node:module').then((module) => begin(module.createRequire(process.cwd() + '/')))
`

module.exports = { SOURCE }
