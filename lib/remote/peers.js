'use strict'
// BullMQ and ioredis, optional peers: who uses no other machine installs neither.

const { HeddleError } = require('../errors.js')

function load(require_) {
  try {
    return require_()
  } catch (cause) {
    throw new HeddleError(
      'ERR_HEDDLE_MISSING_PEER',
      'heddle/remote needs bullmq and ioredis, which cannot be loaded here. Install them with: npm install bullmq ioredis',
      { cause },
    )
  }
}

const ignore = () => {}

/**
 * A connection of ioredis. It connects again by itself, for ever; what is asked meanwhile waits.
 * @param {object | string} connection ioredis' options, or a URL
 */
function newRedis(connection) {
  const { Redis } = load(() => require('ioredis'))
  const options = { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(1000, 50 * times) }
  const redis =
    typeof connection === 'string' ? new Redis(connection, options) : new Redis({ ...options, ...connection, maxRetriesPerRequest: null })
  redis.on('error', ignore) // it tries again; what waits too long is told so
  return redis
}

const bullmq = () => load(() => require('bullmq'))

module.exports = { bullmq, newRedis }
