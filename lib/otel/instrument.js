'use strict'
// What OpenTelemetry is told, by its API alone: an SDK is the program's.

const { HeddleError, misuse, rangeError, typeError } = require('../errors.js')
const { ownOf } = require('../task/own.js')
const { versions } = require('../trace/versions.js')
const { Metrics } = require('./metrics.js')
const { Spans } = require('./spans.js')

const NAMES = ['traces', 'metrics', 'members', 'tracerProvider', 'meterProvider']

/** The API, an optional peer. */
function loadApi() {
  try {
    return require('@opentelemetry/api')
  } catch (cause) {
    throw new HeddleError(
      'ERR_HEDDLE_MISSING_PEER',
      'heddle/otel needs @opentelemetry/api, which cannot be loaded here. Install it with: npm install @opentelemetry/api',
      { cause },
    )
  }
}

function checkProvider(name, value, method) {
  if (value === undefined) return
  const is = (typeof value === 'object' || typeof value === 'function') && value !== null
  if (is && typeof value[method] === 'function') return
  throw typeError('instrument', `option "${name}"`, `an object with a method ${method}`, value)
}

function longerThanOf(members) {
  if (members === undefined) return undefined
  if (members === null || typeof members !== 'object') {
    throw typeError('instrument', 'option "members"', 'an object with longerThan', members)
  }
  const { longerThan } = ownOf(members, (key) => {
    if (key !== 'longerThan') throw misuse(`instrument: option "members" has no '${key}'; it takes longerThan`)
  })
  const what = 'option "members.longerThan"'
  if (typeof longerThan !== 'number') throw typeError('instrument', what, 'a number', longerThan)
  if (!(longerThan >= 0)) throw rangeError('instrument', what, 'at least 0 ms', longerThan)
  return longerThan
}

function read(given) {
  if (given === null || typeof given !== 'object') throw typeError('instrument', 'options', 'an object', given)
  const options = ownOf(given, (key) => {
    if (!NAMES.includes(key)) throw misuse(`instrument: there is no option '${key}'; it takes ${NAMES.join(', ')}`)
  })
  for (const name of ['traces', 'metrics']) {
    const value = (options[name] ??= true)
    if (typeof value !== 'boolean') throw typeError('instrument', `option "${name}"`, 'a boolean', value)
  }
  checkProvider('tracerProvider', options.tracerProvider, 'getTracer')
  checkProvider('meterProvider', options.meterProvider, 'getMeter')
  return { ...options, longerThan: longerThanOf(options.members) }
}

/** See lib/otel.js. */
function instrument(given = {}) {
  const { traces, metrics, longerThan, tracerProvider, meterProvider } = read(given)
  const api = loadApi()
  const { heddle } = versions()
  const parts = []
  if (traces) {
    const tracer = (tracerProvider ?? api.trace).getTracer('heddle', heddle)
    parts.push(new Spans(api, tracer, longerThan))
  }
  if (metrics) parts.push(new Metrics((meterProvider ?? api.metrics).getMeter('heddle', heddle)))
  return {
    /** Ends it. What has ended until now has been told. */
    stop() {
      for (const part of parts.splice(0)) part.stop()
    },
  }
}

module.exports = { instrument }
