'use strict'

const { rangeError } = require('../errors.js')
const { FirstCall } = require('../call/first.js')
const { keep } = require('../task/keep.js')
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

/** As lib/index.js has it: (work, options, caller). */
const race = Race.start.bind(Race, Race, BOUNDED)

module.exports = { race }
