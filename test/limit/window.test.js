'use strict'

const assert = require('node:assert/strict')
const fc = require('fast-check')
const { Window } = require('../../lib/limit/window.js')

describe('a sliding window', () => {
  it('never lets more through in any interval, and nobody wait for longer than that takes', () => {
    const asks = fc.array(fc.record({ after: fc.nat(12), weight: fc.integer({ min: 1, max: 3 }) }), { maxLength: 300 })
    const property = fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 3, max: 9 }), asks, (ms, most, list) => {
      const window = new Window(ms, most)
      const starts = []
      const sumAt = (time) => starts.reduce((sum, one) => sum + (one.time + ms > time ? one.weight : 0), 0)
      let time = 0
      for (const { after, weight } of list) {
        time += after
        assert.equal(window.room(time), most - sumAt(time))
        if (!window.fits(weight, time)) {
          const at = window.nextAt(weight)
          assert(sumAt(at) + weight <= most && sumAt(at - 1) + weight > most)
          time = at
          assert(window.fits(weight, time))
        }
        window.add(weight, time)
        starts.push({ time, weight })
        assert(sumAt(time) <= most)
      }
    })
    fc.assert(property, { numRuns: 300 })
  })
})
