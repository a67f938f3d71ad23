'use strict'
// heddle/remote: the same Tasks on other machines, by BullMQ on Redis.

const { lately } = require('./late.js')

const { loaded, use } = lately(module, {
  connect: () => require('./remote/connect.js').connect,
  serve: () => require('./remote/serve.js').serve,
})

/**
 * Runs the named makers of Tasks for those who connect to the queue. See types/remote.d.ts.
 * @param {Record<string, Function>} makers
 * @param {{queue: string, connection: object | string, concurrency?: number, lockDuration?: number,
 *   maxBytes?: number, files?: string, log?: (line: string) => void}} options
 */
function serve(makers, options) {
  return (loaded.serve ?? use('serve'))(makers, options)
}

/**
 * Gives makers of Tasks that run on machines which serve the queue. See types/remote.d.ts.
 * @param {{queue: string, connection: object | string, batch?: number | 'auto', window?: number,
 *   maxBytes?: number, waitTimeout?: number, lease?: number}} options
 */
function connect(options) {
  return (loaded.connect ?? use('connect'))(options)
}

module.exports = { connect, serve }
