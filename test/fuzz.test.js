'use strict'
// Random programs of committed seeds; and that the fuzzer finds what is broken.

const assert = require('node:assert/strict')
const { print } = require('./fuzz/print.js')
const { report, search } = require('./fuzz/search.js')
const seeds = require('./fuzz/seeds.json')

const RUNS = 5
const SHRINK_MS = 4000
const LINES = 6 // of a program that has been made small

describe('random programs', () => {
  for (const seed of seeds) {
    it(`do what the model allows, seed ${seed}`, async () => {
      const { finding } = await search({ seed, runs: RUNS })
      assert.ok(finding === undefined, finding && report(finding, RUNS))
    })
  }
})

describe('the fuzzer', () => {
  for (const mutant of ['drops', 'crashes']) {
    it(`finds a heddle that ${mutant}, and makes the program small`, async () => {
      const { finding } = await search({ seed: 1, runs: 300, mutant, shrink: SHRINK_MS })
      assert.ok(finding?.program)
      const lines = print(finding.program)
      assert.ok(lines.length <= LINES, report(finding, 300))
    })
  }
})
