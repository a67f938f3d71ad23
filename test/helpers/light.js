'use strict'
// Calls that may be light ones, and the same as full ones. No test in here.

const { tracingChannel } = require('node:diagnostics_channel')
const heddle = require('../../lib/index.js')

const { allSettled, any, map, parallel, race, sequential } = heddle

const call = (f) => (typeof f === 'function' ? f() : f)

/** By name: each takes an array or object of work, and options. */
const combinators = {
  parallel,
  allSettled,
  race,
  any,
  sequential,
  map: (work, ...rest) => map(Object.values(work), call, ...rest),
}

/** Runs a form while a subscriber listens, so that no call is light. */
function traced(form) {
  const handlers = { start() {} }
  const channel = tracingChannel('heddle:call')
  channel.subscribe(handlers)
  try {
    return form()
  } finally {
    channel.unsubscribe(handlers)
  }
}

/** Ways to make the same call; the first one is light. */
const ways = {
  light: (combine, work) => combine(work),
  'with options': (combine, work) => combine(work, {}),
  traced: (combine, work) => traced(() => combine(work)),
}

/** How a promise settles, so that it can be compared. */
const ending = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error: error?.message ?? error, errors: error?.errors?.map((one) => one?.message ?? one) }),
  )

/** Microtasks until a promise settles. */
async function microtasks(promise) {
  let isOver = false
  const over = () => (isOver = true)
  promise.then(over, over)
  let count = 0
  while (!isOver) {
    await null
    count++
  }
  return count
}

module.exports = { combinators, ending, microtasks, traced, ways }
