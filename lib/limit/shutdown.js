'use strict'
// shutdown(): a thread's graceful end.

const { HeddleError } = require('../errors.js')
const { checkOptions } = require('../call/options.js')
const { GATE } = require('../call/permits.js')
const { now, setTimeout, Timer } = require('../task/clock.js')
const { groups } = require('../task/native.js')
const { shared, stats } = require('../thread/figures.js')

const OPTIONS = ['timeout']
const LOOK_MS = 5 // between two looks at what is under way

const limiters = new Set() // weak references
const collected = new FinalizationRegistry((reference) => limiters.delete(reference))

/** Whoever makes a limiter tells of it. */
function register(limiter) {
  const reference = new WeakRef(limiter)
  limiters.add(reference)
  collected.register(limiter, reference)
}

const present = () => [...limiters].map((reference) => reference.deref()).filter((one) => one !== undefined)

/** What has been started until now; undefined while something is under way. */
function quietAt() {
  const { queued, running, completed, failed, cancelled } = stats()
  let started = completed + failed + cancelled
  if (queued + running > 0) return undefined
  for (const limiter of present()) {
    const gate = limiter[GATE]()
    if (!gate.isIdle) return undefined
    started += gate.granted
  }
  return started
}

/** Fulfils when nothing is under way, and nothing has begun between two looks: a request may make its next call. */
async function whenQuiet(isOver) {
  for (let before; !isOver(); ) {
    const at = quietAt()
    if (at !== undefined && at === before) return
    before = at
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Stops the calls that have Tasks under way. */
function stopCalls(reason) {
  const owners = new Set([...groups.values()].map(({ owner }) => owner))
  for (const host of shared.hosts) for (const { owner } of host.groups) owners.add(owner)
  for (const owner of owners) owner.stop?.(reason)
}

async function end(ms) {
  let over = false
  const limits = present()
  const begun = now()
  const closing = limits.map((limiter) => limiter.close({ timeout: ms }))
  const timer = ms === undefined || ms === Infinity ? undefined : new Timer(() => (over = true), ms)
  const quiet = whenQuiet(() => over)
  const whole = (await Promise.all(closing)).every(Boolean)
  await quiet
  timer?.stop()
  const isWhole = whole && !over
  if (!isWhole) stopCalls(new HeddleError('ERR_HEDDLE_CLOSED', `shutdown: ${Math.round(now() - begun)} ms are over`))
  await Promise.all([...shared.hosts].map((host) => host.endIdle()))
  return isWhole
}

/** As lib/index.js has it. */
async function shutdown(options) {
  const { timeout } = checkOptions('shutdown', OPTIONS, options)
  return await end(timeout)
}

module.exports = { register, shutdown }
