'use strict'

const { Call } = require('../call.js')
const { keep } = require('../keep.js')
const { Policy } = require('../native.js')
const { rangeError } = require('../errors.js')

const OPTIONS = ['concurrency', 'signal', 'timeout', 'itemTimeout', 'join', 'priority', 'onProgress']

class Race extends Call {
  name = 'race'
  policy = Policy.RACE

  prepare() {
    if (this.tasks.length === 0) {
      throw rangeError('race', 'the work', 'at least one member, or it would never settle', [])
    }
  }

  member(_position, fulfilled, value) {
    this.end(fulfilled, value)
  }
}

keep(new Race())

/**
 * Runs the work and settles as the first member to settle; the others are
 * stopped. CPU work races among the members that have a thread.
 */
function race(work, options) {
  return Call.start(Race, OPTIONS, work, options, race)
}

module.exports = { race }
