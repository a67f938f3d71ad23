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

/** As lib/index.js has it. */
function race(work, options, caller) {
  if (!mayBeLight(options)) return full(work, options, caller)
  return lightly('race', work, caller, full, light)
}

const light = (items, keys, _kinds, caller) =>
  new LightRace(items, keys).run((begun) => full(begun, undefined, caller))

const full = (work, options, caller) => Race.start(Race, BOUNDED, work, options, caller)

module.exports = { race }
