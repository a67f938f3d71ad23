'use strict'

const { rangeError } = require('../errors.js')
const { FirstCall } = require('../call/first.js')
const { keep } = require('../task/keep.js')
const { lightly, mayBeLight } = require('../call/light.js')
const { LightFirst } = require('../call/light-first.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')

class Race extends FirstCall {
  name = 'race'
  policy = Policy.RACE

  prepare() {
    super.prepare()
    if (this.work.length === 0) {
      throw rangeError('race', 'the work', 'at least one member, or it would never settle', [])
    }
  }

  member(_position, fulfilled, value) {
    this.end(fulfilled, value)
  }
}

keep(new Race())

class LightRace extends LightFirst {
  name = 'race'

  threw(_position, error) {
    this.end(false, error)
  }

  member(position, fulfilled, value) {
    this.end(fulfilled, value, position)
  }
}

/**
 * Runs the work and settles as the first member to settle; the others are
 * stopped. CPU work races among the members that have a thread.
 */
function race(work, options) {
  return mayBeLight(options) ? lightly('race', work, full, light) : full(work, options)
}

const light = (items, keys) => new LightRace(items, keys).run(full)

const full = (work, options) => Race.start(Race, BOUNDED, work, options, race)

module.exports = { race }
