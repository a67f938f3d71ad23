'use strict'
// Interprets a program against heddle: run() gives words for what has gone wrong, or
// undefined.

const { getEventListeners } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const { start } = require('./calls.js')
const { Counters } = require('./counters.js')
const { functions } = require('./functions.js')
const { Judge } = require('./judge.js')
const { MemberMaker, TaskMaker, commonPromises } = require('./make.js')
const { Model } = require('./model.js')
const { CONTROLLERS, sharedIndex } = require('./program.js')
const { settle, idle, closed } = require('./rest.js')
const { Tracing } = require('./tracing.js')
const { text } = require('./values.js')
const { comeAndGo } = require('./environment.js')

const CALLS = 60 // most of one program, hooks included

class World {
  constructor(program, setting) {
    Object.assign(this, setting)
    this.program = program
    this.model = new Model(program)
    this.controllers = Array.from({ length: CONTROLLERS }, () => new AbortController())
    this.judge = new Judge(this.controllers)
    this.counters = new Counters()
    this.maker = new TaskMaker(this)
    this.members = new MemberMaker(this)
    this.promises = commonPromises(this.heddle)
    this.tracing = new Tracing()
    this.sources = 0 // that are open
    this.pending = new Set()
    this.found = []
    this.calls = 0
    this.ending = false
    this.made = program.tasks.map((task) => this.maker.make(task))
  }

  /** The functions that this program may close. */
  own() {
    this.closable ??= functions(this.heddle.thread, { workerData: 'own' })
    return this.closable
  }

  /** A shared Task. */
  task(i) {
    return this.made[sharedIndex(this.program, i)]
  }

  /** A file with the text of a number. */
  file(n) {
    const name = path.join(this.folder, `${n}`)
    if (!fs.existsSync(name)) fs.writeFileSync(name, text(n))
    return name
  }

  get missing() {
    return path.join(this.folder, 'missing')
  }

  /** A function that takes a hook's steps, once. */
  hook(steps) {
    let left = steps ?? []
    return () => {
      const now = left
      left = []
      if (this.ending) return
      for (const step of now) this.step(step)
    }
  }

  /** Follows a promise; `check(outcome)` gives words when it is not as it should be. */
  track(label, promise, check) {
    const entry = { label }
    this.pending.add(entry)
    const end = (outcome) => {
      if (!this.pending.delete(entry)) this.found.push(`${label} has settled twice`)
      const words = check(outcome)
      if (words !== undefined) this.found.push(`${label} ${words}`)
    }
    promise.then(
      (value) => end({ status: 'fulfilled', value }),
      (reason) => end({ status: 'rejected', reason }),
    )
  }

  call(call) {
    if (this.calls++ >= CALLS) return
    const allowed = this.model.call(call)
    const retries = call.options.retry ?? (call.how === 'retry' ? 2 : 0)
    const runs = call.members.map(() => this.counters.runs(call.how, retries + 1))
    const kept = new Map()
    const member = (i) => {
      if (!kept.has(i)) kept.set(i, this.members.make(call.members[i], runs[i]))
      return kept.get(i)
    }
    let promise
    try {
      promise = start(this, call, member)
    } catch (error) {
      this.found.push(`${call.how} threw ${error?.stack ?? error}`)
      return
    }
    this.track(call.how, promise, (outcome) => this.judge.call(call, outcome, allowed))
  }

  abort({ i, reason }) {
    const reasons = { error: new Error('enough'), null: null, symbol: Symbol('enough') }
    this.controllers[i].abort(reasons[reason])
  }

  close({ now }) {
    if (this.closable === undefined) return
    for (const fn of Object.values(this.closable)) {
      this.track(
        'close',
        now ? fn.terminate() : fn.close(),
        ({ reason }) => reason && `rejected with ${reason}`,
      )
    }
  }

  /** One step; pauses give a promise. */
  step(step) {
    switch (step.op) {
      case 'call':
        for (let i = step.twice ? 2 : 1; i > 0; i--) this.call(step)
        return
      case 'abort':
        return this.abort(step)
      case 'threads':
        this.heddle.configure({ threads: step.n })
        return
      case 'close':
        return this.close(step)
      case 'trace':
        return this.tracing.set(step, this.hook(step.hook))
      case 'detach':
        return this.maker.detach(this.program.tasks[sharedIndex(this.program, step.i)])
      case 'worker':
        return this.track('a worker', comeAndGo(step), ({ value, reason }) => value ?? reason)
      default:
        return pause(step.ms)
    }
  }

  /** Asks for all shared Tasks: whoever was dropped runs now. */
  last() {
    for (const [i, task] of this.made.entries()) {
      if (typeof task === 'function') continue
      this.track(
        `task${i}`,
        task.then((value) => value),
        (outcome) => this.judge.settled(outcome, this.model.task(i)),
      )
    }
  }

  /** What is left that should not be. */
  async left() {
    const listening = this.controllers.findIndex(
      ({ signal }) => getEventListeners(signal, 'abort').length > 0,
    )
    if (listening >= 0) return `a listener is left on signal ${listening}`
    if (!(await closed(this))) return `${this.sources} sources are left open`
    return this.counters.excess() ?? (await idle(this.heddle, this.baseline))
  }
}

function pause(ms) {
  if (ms === -2) return
  return new Promise((resolve) => (ms < 0 ? setImmediate(resolve) : setTimeout(resolve, ms)))
}

/**
 * @param setting { heddle, tasks, testing, functions, folder, baseline }
 */
async function run(program, setting) {
  setting.heddle.configure({ threads: program.threads })
  const world = new World(program, setting)
  for (const step of program.steps) await world.step(step)
  await settle(world)
  world.ending = true
  world.tracing.end()
  world.last()
  await settle(world)
  if (world.closable) world.close({ now: true })
  await settle(world)
  if (world.found.length === 0) {
    const left = await world.left()
    if (left) world.found.push(left)
  }
  return world.found.length > 0 ? world.found.join('\n') : undefined
}

module.exports = { run }
