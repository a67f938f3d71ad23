'use strict'

/**
 * Works with what `open` gives, and calls `close` with it however the work ends. An
 * error of the work comes before one of `close`.
 * @template T, R
 * @param {() => T | Promise<T>} open
 * @param {(opened: T) => Promise<R>} work
 * @param {(opened: T) => unknown} [close]
 * @returns {Promise<R>}
 */
async function using(open, work, close) {
  const opened = await open()
  let result
  try {
    result = await work(opened)
  } catch (error) {
    try {
      await close?.(opened)
    } catch {
      // most likely it only follows from the first
    }
    throw error
  }
  await close?.(opened)
  return result
}

module.exports = { using }
