'use strict'
// Listens to AbortSignals: one listener a signal, whatever the number of calls
// that wait for it, and none when no call does.

/** Callbacks by signal. */
const waiting = new WeakMap()

function onAbort(event) {
  const callbacks = waiting.get(event.target)
  waiting.delete(event.target)
  for (const callback of callbacks ?? []) callback()
}

function listen(signal, callback) {
  let callbacks = waiting.get(signal)
  if (callbacks === undefined) {
    callbacks = new Set()
    waiting.set(signal, callbacks)
    signal.addEventListener('abort', onAbort, { __proto__: null, once: true })
  }
  callbacks.add(callback)
}

function unlisten(signal, callback) {
  const callbacks = waiting.get(signal)
  if (callbacks === undefined) return
  callbacks.delete(callback)
  if (callbacks.size > 0) return
  waiting.delete(signal)
  signal.removeEventListener('abort', onAbort)
}

module.exports = { listen, unlisten }
