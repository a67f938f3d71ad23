'use strict'
// The thread's end. It is sent as source, so that a bundle needs no file beside
// it: the function below may use nothing but its parameters and globals, and no
// syntax that a bundler replaces by a helper (no async, no class fields).

const { CPU, End: ENDS, HEAP, MOST_MEMBERS, PROGRESS_DONE, Word } = require('./protocol.js')
const { MOST_OBJECTS, ERRORS, encoder } = require('./encode.js')
const { giveWay } = require('./nice.js')
const { AHEAD, speak } = require('./output.js')
const { preloadsIn } = require('./preloads.js')
const { timekeeper } = require('./times.js')
const { TRANSFER, isGone, mark } = require('./transfer.js')

const SLICE_MS = 2 // after which results are sent, between two members

/* The messages that come: {define}, {chunk}, {abort} and {end}; those that go:
 * see ThreadWorker in lib/thread/thread.js. */
function bootstrap(load, importModule, settings, newEncoder) {
  const { parentPort } = load('node:worker_threads')
  const { types } = load('node:util')
  const { performance } = load('node:perf_hooks')
  const clock = performance.now.bind(performance) // functions may replace the global's
  const vm = load('node:vm')
  const { isProxy } = types
  const encode = newEncoder(types, settings)
  const times = settings.timekeeper(load, clock, settings)
  const { READY, LOADING, ABORT, PROGRESS, SLOT } = settings.words
  const End = settings.ends
  const functions = new Map()
  const queue = []
  const MISSING = {} // export
  let port
  let tray
  let board
  let kinds // how members have ended, and the numbers of those that did with one
  let numbers
  let speaker
  let current = null // chunk
  let context = null // of the running member

  parentPort.once('message', (message) => {
    port = message.port
    tray = message.tray
    board = message.board
    kinds = message.ends.kinds
    numbers = message.ends.numbers
    settings.giveWay(load, message.priority)
    Atomics.store(board, READY, 1)
    whenSaid(() => {
      port.on('message', receive)
      port.on('messageerror', (error) => port.postMessage({ unreadable: error.message }))
    })
    speaker = settings.speak(message.output, board, settings)
  })

  /** Calls back when what preloads have printed is on its way, which is mostly at once. */
  function whenSaid(done) {
    const waiting = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0)
    let left = waiting.length
    if (left === 0) done()
    for (const stream of waiting) stream.write('', () => --left === 0 && done())
  }

  function receive(message) {
    Object.setPrototypeOf(message, null) // no more in it than was sent
    if (message.times !== undefined) times.begin(message.times)
    else if (message.define !== undefined) define(message.define)
    else if (message.abort !== undefined) abort(message.abort)
    else if (message.forget !== undefined) functions.delete(message.forget)
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
      broken: false, // `error` is what keeps it from being called
      error: undefined,
      loading: null,
    }
    functions.set(spec.id, made)
    Object.setPrototypeOf(spec, null)
    try {
      if (spec.source !== undefined) {
        made.call = compile(spec)
        if (typeof made.call !== 'function') throw new TypeError('the source gives no function')
        return
      }
      Atomics.add(board, LOADING, 1)
      made.loading = loadModule(spec.module).then(
        async (namespace) => {
          made.call = await pick(spec, namespace)
          if (typeof made.call !== 'function') refuse(made, MISSING)
        },
      ).catch((error) => refuse(made, error)).then(() => loaded(made))
    } catch (error) {
      refuse(made, error)
    }
  }

  function compile(spec) {
    const body = `${spec.sloppy ? '' : "'use strict'; "}return ${spec.source}`
    // The other two are what esbuild leaves in the source of functions.
    const counters = spec.source.match(/\bcov_[\w$]+(?=\(\))/) // that a coverage tool counts by
    const names = ['require', '__require', '__name', counters === null ? '__coverage__' : counters[0]]
    const around = spec.byString
      ? compileByString(names, body, spec.url)
      : vm.compileFunction(body, names, { filename: spec.url })
    return around(load, load, (value) => value, sink())
  }

  /** Takes what is counted. */
  function sink() {
    const all = new Proxy(() => all, {
      get: (_target, key) => (key === Symbol.toPrimitive ? () => 0 : all),
      set: () => true,
    })
    return all
  }

  function compileByString(names, body, filename) {
    try {
      return new Function(...names, `${body}\n//# sourceURL=${filename}`)
    } catch (error) {
      // Node's --disallow-code-generation-from-strings; vm compiles all the same.
      if (!(error instanceof EvalError)) throw error
      const options = { filename }
      if (/\bimport\b/.test(body)) { // otherwise Node would warn for nothing
        options.importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
      }
      return vm.compileFunction(`\n\n${body}`, names, options) // lines as Function() counts them
    }
  }

  function refuse(made, error) {
    made.broken = true
    made.error = error
  }

  function loaded(made) {
    Atomics.sub(board, LOADING, 1)
    made.loading = null
    port.postMessage({ loaded: made.spec.id })
  }

  /** What import() does not know, a hook of require() may. */
  async function loadModule(url) {
    try {
      return await importModule(url)
    } catch (error) {
      const isUnknown = /_(UNKNOWN_FILE_EXTENSION|UNSUPPORTED_TYPESCRIPT_SYNTAX)$/.test(error && error.code)
      const file = isUnknown ? load('node:url').fileURLToPath(url) : ''
      if (!isUnknown || !Object.hasOwn(load.extensions, load('node:path').extname(file))) throw error
      return { __proto__: null, default: load(file) }
    }
  }

  /** The export, which may be a promise of the function, or one of what has it. */
  async function pick(spec, namespace) {
    if (Object.hasOwn(namespace, spec.export) && spec.export !== 'default') return namespace[spec.export]
    const main = await namespace.default // of CommonJS: module.exports
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
      timed: message.timed, // when members start and end is put down
      last: undefined, // the last result
      place: (message.slot - SLOT) * settings.most, // of its first member's end
      ended: 0, // members of which no message has told
      failed: false, // one of them
      spent: 0, // ms, of these
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
      if (chunk.timed) times.started(chunk.place + index, began)
      try {
        const value = call(chunk, made, index)
        if (typeof value === 'object' && value !== null && typeof value.then === 'function') {
          waitFor(chunk, made, index, value, began)
          return false
        }
        succeed(chunk, index, value)
      } catch (error) {
        fail(chunk, made, index, error)
      }
      const now = clock()
      ended(chunk, index, now, now - began)
      began = now
    }
    return true
  }

  function call(chunk, made, index) {
    if (made.broken) throw made
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
      ended(chunk, index, now, now - began)
      work()
    }
    Promise.resolve(promise).then(
      (value) => {
        try {
          succeed(chunk, index, value)
        } catch (error) {
          fail(chunk, made, index, error)
        }
        goOn()
      },
      (error) => {
        fail(chunk, made, index, error)
        goOn()
      },
    )
  }

  // ---- Results: each is put down at once, where it outlives this thread --------

  function succeed(chunk, index, value) {
    const place = chunk.place + index
    let result = value
    if (speaker.held) speaker.release()
    if (value === undefined) Atomics.store(kinds, place, End.UNDEFINED)
    else if (typeof value === 'number') {
      numbers[place] = value
      Atomics.store(kinds, place, End.NUMBER)
    } else if (value === null) Atomics.store(kinds, place, End.NULL)
    else if (typeof value === 'boolean') Atomics.store(kinds, place, value ? End.TRUE : End.FALSE)
    else result = putDown(chunk, place, value)
    if (chunk.ordered) chunk.last = result
  }

  /** Throws nothing: what cannot be sent is an error of that member. */
  function putDown(chunk, place, value) {
    let result = value
    let kind = End.VALUE
    try {
      // A proxy is never a mark, and its traps are not for us.
      const isMark = typeof value === 'object' && !isProxy(value) && settings.transfer in value
      if (isMark) result = value.value
      // What the next step gets must not be gone.
      if (isMark && value[settings.transfer].some(settings.isGone)) throw new Error('it is detached from its memory')
      if (isMark && chunk.previous === undefined) tray.postMessage(result, value[settings.transfer])
      else tray.postMessage(result)
    } catch (error) {
      kind = End.ERROR
      tray.postMessage({ unsent: wordsOf(error) })
      chunk.failed = true
      if (chunk.ordered) chunk.stopped = true
    }
    Atomics.store(kinds, place, kind)
    return result
  }

  function fail(chunk, made, index, error) {
    chunk.failed = true
    if (speaker.held) speaker.release()
    if (chunk.ordered) chunk.stopped = true
    try {
      tray.postMessage(error === made ? loadError(made) : encode(error, made.spec))
    } catch (problem) {
      tray.postMessage({ unsent: wordsOf(problem) })
    }
    Atomics.store(kinds, chunk.place + index, End.ERROR)
  }

  function wordsOf(error) {
    try {
      return String(error.message)
    } catch {
      return 'an error that has no words'
    }
  }

  function ended(chunk, index, now, took) {
    if (chunk.timed) times.ended(chunk.place + index, now)
    if (context !== null) Atomics.store(board, PROGRESS, 0)
    context = null
    chunk.ended++
    chunk.spent += took
    if (took > chunk.longest) chunk.longest = took
    const word = Atomics.load(board, chunk.slot)
    if ((word & 0xffff) >= word >>> 16) return // the last results go with the chunk's end
    if (chunk.singly || chunk.failed || now - chunk.flushed >= settings.slice) {
      flush(chunk, false)
      chunk.flushed = now
    }
  }

  /** Tells how many have ended. */
  function flush(chunk, done) {
    if (chunk.ended === 0 && !done) return
    const { seq, spent, longest } = chunk
    if (chunk.timed) times.use()
    port.postMessage({ seq, ended: chunk.ended, spent, longest, done })
    chunk.failed = false
    chunk.ended = chunk.spent = chunk.longest = 0
  }

  // ---- Errors --------------------------------------------------------------

  function loadError(made) {
    if (made.error === MISSING) return { missing: true }
    const encoded = encode(made.error, made.spec)
    encoded.loading = made.spec.module !== undefined
    return encoded
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
  ends: ENDS,
  most: MOST_MEMBERS,
  heap: HEAP,
  cpu: CPU,
  done: PROGRESS_DONE,
  slice: SLICE_MS,
  mostObjects: MOST_OBJECTS,
  errors: ERRORS,
  ahead: AHEAD,
}

// In a worker that runs as an ES module (--input-type) there is no require.
const SOURCE = `
const __name = (value) => value
const settings = ${JSON.stringify(settings)}
settings.transfer = Symbol.for(${JSON.stringify(TRANSFER)})
settings.mark = ${mark}
settings.isGone = ${isGone}
settings.speak = ${speak}
settings.timekeeper = ${timekeeper}
settings.giveWay = ${giveWay}
const begin = (load) => (${bootstrap})(load, (url) => import(url), settings, ${encoder})
const start = () => {
  if (typeof require === 'function') begin(require)
  else import('node:module').then((module) => begin(module.createRequire(process.cwd() + '/')))
}
const preloads = (${preloadsIn})(process.execArgv, process.env.NODE_OPTIONS)
if (preloads.length === 0) start()
else (async () => {
  for (const specifier of preloads) await import(specifier)
})().then(start)
`

module.exports = { SOURCE }
