'use strict'

const { checkDelay, checkOptions } = require('../call/options.js')
const { listen, reasonOf, unlisten } = require('../call/signal.js')
const { Timer } = require('../task/clock.js')

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
    if (signal === undefined) return void new Timer(() => resolve(value), ms, unref)
    if (signal.aborted) return reject(reasonOf(signal))
    let timer = null
    let over = false // perhaps before listen() has returned
    const onAbort = () => {
      over = true
      timer?.stop()
      reject(reasonOf(signal))
    }
    const listener = listen('delay', signal, onAbort)
    if (over) return
    timer = new Timer(() => {
      unlisten(listener, onAbort)
      resolve(value)
    }, ms, unref)
  })
}

module.exports = { delay }
