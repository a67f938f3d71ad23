'use strict'
// heddle/otel: spans and metrics of what runs, for OpenTelemetry.

const { lately } = require('./late.js')

const { loaded, use } = lately(module, {
  instrument: () => require('./otel/instrument.js').instrument,
})

/**
 * Makes spans of calls, and metrics, by @opentelemetry/api. See types/otel.d.ts.
 * @param {{traces?: boolean, metrics?: boolean, members?: {longerThan: number},
 *   tracerProvider?: object, meterProvider?: object}} [options]
 * @returns {{stop: () => void}}
 */
function instrument(options) {
  return (loaded.instrument ?? use('instrument'))(options)
}

module.exports = { instrument }
