'use strict'
// A span for each call of a combinator, and for members that take long.

const { clearInterval, setInterval } = require('../task/clock.js')
const { hub } = require('../trace/hub.js')

const MEMBERS = 100_000 // that may wait to be taken
const TAKE_MS = 1000

class Spans {
  room
  #api
  #tracer
  #longerThan // ms; undefined: no members
  #spans = new Map() // {span, context} by CallRecord, while it has not ended
  #ended = new WeakMap() // contexts of calls that have: members may be told of later
  #timer

  constructor(api, tracer, longerThan) {
    this.#api = api
    this.#tracer = tracer
    this.#longerThan = longerThan
    this.room = longerThan === undefined ? 0 : MEMBERS
    hub.add(this)
    if (longerThan === undefined) return
    this.#timer = setInterval(() => hub.take(), TAKE_MS)
    this.#timer.unref()
  }

  /** Calls of functions are its children: they run in its context. */
  call(record, start) {
    const { context, trace } = this.#api
    const parent = context.active()
    const options = { startTime: record.began, attributes: { 'heddle.call': record.name } }
    const { place } = record
    if (place !== null) options.attributes['heddle.place'] = place
    const span = this.#tracer.startSpan(`heddle.${record.name}`, options, parent)
    const own = trace.setSpan(parent, span)
    this.#spans.set(record, { span, own })
    return context.with(own, start)
  }

  callEnded(record, error) {
    const known = this.#spans.get(record)
    if (known === undefined) return // it had begun before
    const { span, own } = known
    this.#spans.delete(record)
    if (this.#longerThan !== undefined) this.#ended.set(record, own)
    if (record.total !== null && record.total !== undefined) span.setAttribute('heddle.members', record.total)
    if (record.state === 'rejected') {
      span.recordException(record.error, record.ended)
      span.setAttribute('error.type', nameOf(error))
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: record.error })
    }
    span.end(record.ended)
  }

  member({ call, key, task, thread, queued, started, ended, state }) {
    if (this.#longerThan === undefined || ended - started < this.#longerThan) return
    const { ROOT_CONTEXT, SpanStatusCode } = this.#api
    const parent = this.#spans.get(call)?.own ?? (call === null ? undefined : this.#ended.get(call)) ?? ROOT_CONTEXT
    const attributes = {
      'heddle.task': task,
      'heddle.state': state,
      'heddle.thread': thread,
      'heddle.wait': started - queued, // ms
    }
    if (key !== null) attributes['heddle.index'] = typeof key === 'number' ? key : String(key)
    const span = this.#tracer.startSpan(`heddle.task ${task}`, { startTime: started, attributes }, parent)
    if (state !== 'fulfilled') span.setStatus({ code: SpanStatusCode.ERROR, message: state })
    span.end(ended)
  }

  batch(batch) {
    if (this.#longerThan === undefined) return
    for (const member of batch) this.member(member)
  }

  missed() {}

  threadStarted() {}

  threadEnded() {}

  lent() {}

  /** Spans of calls that go on end with them no more: they end now. */
  stop() {
    clearInterval(this.#timer)
    hub.delete(this)
    for (const { span } of this.#spans.values()) span.end()
    this.#spans.clear()
  }
}

/** A code or class, as OpenTelemetry's conventions have it. Runs users' code, and does not throw. */
function nameOf(error) {
  try {
    return String(error?.code ?? error?.name ?? typeof error)
  } catch {
    return 'unknown'
  }
}

module.exports = { Spans }
