'use strict'

const { checkOptions, checkDelay } = require('../call/options.js')
const { listen, unlisten } = require('../call/signal.js')

const OPTIONS = ['signal', 'unref']

/**
 * Fulfils with a value after some time, without a thread.
 * @param {number} ms
 * @param {unknown} [value]
 * @param {{signal?: AbortSignal, unref?: boolean}} [options]
 */
function delay(ms, value, options) {
  return new Promise((resolve, reject) => {
    checkDelay('delay', 'argument "ms"', ms)
    const { signal, unref } = checkOptions('delay', OPTIONS, options)
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      if (signal !== undefined) unlisten(signal, onAbort)
      resolve(value)
    }, ms)
    if (unref) timer.unref()
    if (signal !== undefined) listen(signal, onAbort)
  })
}

module.exports = { delay }
