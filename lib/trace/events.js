'use strict'
// A Trace in the trace event format that Perfetto and chrome://tracing read:
// "Trace Event Format" of the Chromium project.

const PID = 1
const LOOP = 1_000_001 // rows that are no thread's
const COLLECTIONS = 1_000_002
const LEAST_MS = 0.1 // between two values of what waits

const us = (ms) => Math.round(ms * 1000 * 1000) / 1000

const named = (tid, name, order) => [
  { ph: 'M', name: 'thread_name', pid: PID, tid, args: { name } },
  { ph: 'M', name: 'thread_sort_index', pid: PID, tid, args: { sort_index: order } },
]

function* rows(trace) {
  yield { ph: 'M', name: 'process_name', pid: PID, args: { name: `heddle ${trace.heddle}` } }
  yield* named(LOOP, 'event loop: stalls', 0)
  yield* named(COLLECTIONS, 'event loop: garbage collections', 1)
  for (const { id, name } of trace.threads) yield* named(id, name, id + 1)
}

function* memberEvents(trace) {
  const names = new Map(trace.calls.map(({ id, name }) => [id, name]))
  for (const { call, key, task, thread, queued, started, ended, state } of trace.members) {
    if (started === null) continue
    yield {
      ph: 'X',
      cat: 'member',
      name: task,
      pid: PID,
      tid: thread,
      ts: us(started),
      dur: us(ended - started),
      args: { call: call === null ? null : `${names.get(call)} ${call}`, key, state, waited_ms: started - queued },
    }
  }
}

function* callEvents({ calls, duration }) {
  for (const { id, name, place, began, ended, state, error, total } of calls) {
    const common = { cat: 'call', name, id, pid: PID, tid: LOOP }
    yield { ph: 'b', ...common, ts: us(began), args: { place, total } }
    yield { ph: 'e', ...common, ts: us(ended ?? duration), args: { state, error } }
  }
}

const counter = (name, time, value) => ({ ph: 'C', name, pid: PID, ts: us(time), args: { [name]: value } })

/** How many members wait, as it changes. */
function* waiting(trace) {
  const { members } = trace
  const changes = new Float64Array(2 * members.length)
  let count = 0
  for (const { queued, started, ended } of members) {
    changes[count++] = queued
    changes[count++] = -(started ?? ended)
  }
  changes.sort((a, b) => Math.abs(a) - Math.abs(b))
  let value = 0
  let said = -Infinity
  for (let i = 0; i < count; i++) {
    const time = Math.abs(changes[i])
    value += changes[i] < 0 || Object.is(changes[i], -0) ? -1 : 1
    const isLast = i + 1 === count
    if (!isLast && (Math.abs(changes[i + 1]) === time || time - said < LEAST_MS)) continue
    said = time
    yield counter('waiting', time, value)
  }
}

function* loop({ stalls, collections, lent }) {
  for (const { start, duration } of stalls) {
    yield { ph: 'X', cat: 'loop', name: 'stall', pid: PID, tid: LOOP, ts: us(start), dur: us(duration) }
  }
  for (const { kind, start, duration } of collections) {
    yield { ph: 'X', cat: 'gc', name: kind, pid: PID, tid: COLLECTIONS, ts: us(start), dur: us(duration) }
  }
  for (const { time, count } of lent) yield counter('threads lent', time, count)
}

/** What else there is to know. */
function about({ began, missing, missingCalls, node, platform, settings }) {
  return { began: new Date(began).toISOString(), missing, missingCalls, node, platform, ...settings }
}

/** The file, in pieces. */
function* events(trace) {
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about(trace))},"traceEvents":[\n`
  let between = ''
  for (const part of [rows, memberEvents, callEvents, waiting, loop]) {
    for (const event of part(trace)) {
      yield between + JSON.stringify(event)
      between = ',\n'
    }
  }
  yield '\n]}\n'
}

module.exports = { events }
