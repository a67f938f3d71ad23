'use strict'
// What may come of a program: for each call a set of outcomes. A Task that nobody can
// stop has exactly one; else the reasons for which it may be stopped come in addition.
//
// An outcome set is { value?, tags }: it may fulfil with that value, if there is one
// (`fulfils`), or reject with what has one of the tags.

const { natural, linked } = require('./values.js')
const { sharedIndex } = require('./program.js')

const TIMEOUT = 'code:ERR_HEDDLE_TIMEOUT'
const ABORTED = 'code:ERR_HEDDLE_ABORTED'
const LOST = 'code:ERR_HEDDLE_THREAD_LOST'
const CLOSED = 'code:ERR_HEDDLE_CLOSED'
const DETACHED = 'code:ERR_HEDDLE_DETACHED'
const AGGREGATE = 'code:ERR_HEDDLE_AGGREGATE'
const SOURCE = 'message:source'

// A failure of one member stops no other.
const GOES_ON = [
  ...['allSettled', 'allSettledKeyed', 'any'],
  ...['run', 'then', 'timeout', 'Promise.all'],
]

const failingSource = ({ shape }) => shape?.startsWith('failing') ?? false

const onThread = (task) =>
  task.make === 'thread' ||
  (task.make === 'chain' && (onThread(task.first) || task.links.includes('echo')))
const own = (task) => task.own || (task.make === 'chain' && task.first.own)

/** Calls a function with each record in a piece of a program, however deep. */
function walk(piece, visit) {
  if (piece === null || typeof piece !== 'object') return
  visit(piece)
  for (const key in piece) walk(piece[key], visit)
}

class Model {
  constructor(program) {
    this.program = program
    this.aborted = new Set()
    this.calls = []
    const seen = { closes: false, detaches: false, kills: false }
    walk(program, (piece) => {
      if (piece.op === 'abort') this.aborted.add(piece.i)
      if (piece.op === 'close') seen.closes = true
      if (piece.op === 'detach') seen.detaches = true
      if (piece.fn === 'quit' || piece.fn === 'again' || piece.fn === 'hang') seen.kills = true
      if (piece.op === 'call') this.calls.push(piece)
    })
    this.seen = seen
    // A function that is stopped and goes on takes its thread down.
    seen.kills ||= this.calls.some((call) => this.stops(call).size > 0)
    this.shared = program.tasks.map((task) => this.alone(task))
    this.spread()
  }

  /** How a task may settle before calls that claim it are looked at. */
  alone(task) {
    const { value, tags } = natural(task)
    const outcome = { fulfils: tags === undefined, value, tags: new Set(tags) }
    if (onThread(task) && (this.seen.kills || this.seen.closes)) outcome.tags.add(LOST)
    if (own(task) && this.seen.closes) outcome.tags.add(CLOSED)
    if (this.seen.detaches && (task.buffer || task.first?.buffer)) outcome.tags.add(DETACHED)
    return outcome
  }

  /** The reasons for which a call may stop its members, whatever becomes of these. */
  stops({ how, options }) {
    const stops = new Set()
    if (this.aborted.has(options.signal)) stops.add(`abort:${options.signal}`)
    if (options.timeout !== undefined || how === 'timeout') stops.add(TIMEOUT)
    if (options.itemTimeout !== undefined) stops.add(TIMEOUT)
    if (options.progress?.throws) stops.add('message:progress')
    return stops
  }

  /** What a call gives its members as a reason. */
  reasons(call) {
    const reasons = this.stops(call)
    const { how, options } = call
    const first =
      how === 'race' || how === 'any' || options.leave !== undefined || this.ends(call)
    if (failingSource(call)) reasons.add(SOURCE)
    if (!GOES_ON.includes(how)) {
      for (const { tags } of this.members(call)) for (const tag of tags) reasons.add(tag)
    }
    if (first || reasons.size > 0) reasons.add(ABORTED)
    // Members that an early end stops are told what the call rejects with.
    if (this.ends(call) && options.stopOnError === false) reasons.add(AGGREGATE)
    return reasons
  }

  /** Whether a mapper may end the call. */
  ends({ members }) {
    return members.some(({ is }) => is === 'stop')
  }

  /** Shared Tasks may be stopped by each call that claims them, which may make others fail. */
  spread() {
    for (let before = -1, now = 0; before !== now;) {
      before = now
      for (const call of this.calls) {
        const reasons = this.reasons(call)
        for (const member of call.members) {
          if (member.i === undefined) continue
          const { tags } = this.shared[sharedIndex(this.program, member.i)]
          for (const reason of reasons) tags.add(reason)
        }
      }
      now = this.shared.reduce((sum, { tags }) => sum + tags.size, 0)
    }
  }

  /** How a shared Task may settle. */
  task(i) {
    return this.shared[sharedIndex(this.program, i)]
  }

  /** How a member may settle, without the reasons of its call. */
  member(member, retries) {
    const fulfilled = { fulfils: true, value: member.n, tags: new Set() }
    const failed = { fulfils: false, tags: new Set([`message:member ${member.n}`]) }
    switch (member.is) {
      case 'shared':
        return this.task(member.i)
      case 'task':
        return this.alone(member.task)
      case 'function':
        if (member.i !== undefined) return this.task(member.i)
        if (member.task !== undefined) return this.alone(member.task)
        return (member.fails ?? 0) > retries ? failed : fulfilled
      case 'promise':
        return member.fails ? failed : fulfilled
      case 'common':
        if (member.p > 1) return { fulfils: false, tags: new Set(['message:in common']) }
        return { fulfils: true, value: member.p, tags: new Set() }
      case 'skip':
      case 'stop':
        return { fulfils: true, skipped: true, tags: new Set() }
      case 'thenable':
        return member.how === 'throws' || member.how === 'rejects' ? failed : fulfilled
      default:
        return fulfilled
    }
  }

  /** How each member may settle, without the reasons of the call. */
  members({ how, members, options }) {
    const retries = options.retry ?? (how === 'retry' ? 2 : 0)
    const outcomes = []
    for (const member of members) {
      if (member.is !== 'previous') {
        outcomes.push(this.member(member, retries))
        continue
      }
      const { fulfils, value } = outcomes.at(-1)
      const { tags, value: next } = linked(member.link, fulfils ? { value } : { tags: [] })
      const outcome = { fulfils: tags === undefined, value: next, tags: new Set(tags) }
      if (member.link === 'echo' && (this.seen.kills || this.seen.closes)) outcome.tags.add(LOST)
      outcomes.push(outcome)
    }
    return outcomes
  }

  /** What a call may come to: { each, fulfils, tags, aggregate }. */
  call(call) {
    const stops = this.stops(call)
    const reasons = this.reasons(call)
    const natural = this.members(call)
    const each = natural.map((outcome) => ({
      ...outcome,
      tags: new Set([...outcome.tags, ...reasons]),
    }))
    const failures = natural.flatMap(({ tags }) => [...tags])
    const ends = this.ends(call)
    // An iterator that throws is a failure in any case.
    if (failingSource(call)) stops.add(SOURCE)
    const all = ends || (!failingSource(call) && each.every(({ fulfils }) => fulfils))
    const some = each.some(({ fulfils }) => fulfils)
    switch (call.how) {
      case 'allSettled':
      case 'allSettledKeyed':
        return {
          each,
          fulfils: true,
          tags: new Set(call.options.progress?.throws ? ['message:progress'] : []),
        }
      case 'any':
        if (call.options.itemTimeout !== undefined || natural.every(({ tags }) => tags.size > 0))
          stops.add(AGGREGATE)
        return { each, fulfils: some, tags: stops }
      case 'race':
        return { each, fulfils: some, tags: new Set([...stops, ...failures]) }
      case 'stream':
        return {
          each,
          ends,
          fulfils: all || call.options.leave !== undefined,
          tags: new Set([...stops, ...failures]),
        }
      default:
        if (call.options.stopOnError === false && failures.length + stops.size > 0)
          stops.add(AGGREGATE)
        return { each, ends, fulfils: all, tags: new Set([...stops, ...failures]) }
    }
  }
}

module.exports = { Model, ABORTED }
