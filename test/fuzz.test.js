'use strict'
// Random programs and cases of committed seeds; and that the fuzzers find what is broken.

const assert = require('node:assert/strict')
const { kinds } = require('./fuzz/kinds.js')
const { report, search } = require('./fuzz/search.js')
const seeds = require('./fuzz/seeds.json')

const PROGRAMS = 5
const CASES = 120
const SHRINK_MS = 4000
const LINES = 6 // of a program that has been made small
const FEW = 400 // characters of a case that has been made small

async function check(kind, seed, runs) {
  const { finding } = await search({ kind, seed, runs })
  assert.ok(finding === undefined, finding && report(finding, runs, kind))
}

describe('random programs', () => {
  for (const seed of seeds.programs) {
    it(`do what the model allows, seed ${seed}`, () => check(kinds.programs, seed, PROGRAMS))
  }
})

describe('random cases of the built-in tasks', () => {
  for (const seed of seeds.tasks) {
    it(`give what Node.js gives, seed ${seed}`, () => check(kinds.tasks, seed, CASES))
  }
})

describe('the fuzzer', () => {
  const broken = async (kind, mutant, runs) => {
    const { finding } = await search({ kind, seed: 1, runs, mutant, shrink: SHRINK_MS })
    assert.ok(finding?.program)
    return finding
  }

  for (const mutant of ['drops', 'crashes']) {
    it(`finds a heddle that ${mutant}, and makes the program small`, async () => {
      const finding = await broken(kinds.programs, mutant, 300)
      const lines = kinds.programs.print(finding.program)
      assert.ok(lines.length <= LINES, report(finding, 300))
    })
  }

  it('finds tasks of which one takes strings for latin1, and makes the case small', async () => {
    const finding = await broken(kinds.tasks, 'narrows', 1500)
    assert.ok(JSON.stringify(finding.program).length <= FEW, report(finding, 1500, kinds.tasks))
  })
})
