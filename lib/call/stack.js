'use strict'

const FRAMES = 2000 // several times what must not be interrupted takes

function descend(frames) {
  return frames === 0 ? 0 : 1 + descend(frames - 1)
}

/**
 * Runs a function in an asynchronous context. Node.js ends the process when the
 * stack does so in there: where it is nearly used up, the RangeError is thrown here.
 */
function inScope(resource, callback, thisArg, ...args) {
  descend(FRAMES)
  return resource.runInAsyncScope(callback, thisArg, ...args)
}

module.exports = { inScope }
