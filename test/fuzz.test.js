'use strict'
// Random programs and cases of committed seeds; and that the fuzzers find what is broken.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { PREFIX } = require('./fuzz/folder.js')
const { kinds } = require('./fuzz/kinds.js')
const { SLOW } = require('./fuzz/rest.js')
const { report, search } = require('./fuzz/search.js')
const seeds = require('./fuzz/seeds.json')

const PROGRAMS = 5
const CASES = 120
const SHRINK_MS = 6000 * SLOW
const LINES = 8 // of a program that has been made small
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

  describe('leaves no folder', () => {
    const fuzz = path.join(__dirname, 'fuzz', 'main.js')
    let folder

    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-test-'))))
    afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

    const run = (...args) => {
      const env = { ...process.env, TMPDIR: folder, TEMP: folder }
      const { status, stderr } = spawnSync(process.execPath, [fuzz, ...args], { env })
      return { status, stderr: stderr.toString(), left: fs.readdirSync(folder) }
    }
    const race = { op: 'call', how: 'race', members: [{ is: 'value', n: 0 }], options: {} }
    const crash = { threads: 1, tasks: [{ make: 'noop' }], steps: [race] }

    it('of a process that crashes', () => {
      const { left, status, stderr } = run('--mutant', 'crashes', '--program', JSON.stringify(crash))
      assert.deepEqual({ left, status }, { left: [], status: 1 }, stderr)
    })

    it('of one that was killed, when the next begins', () => {
      const gone = spawnSync(process.execPath, ['--version']).pid
      fs.mkdirSync(path.join(folder, `${PREFIX}${gone}-left`))
      fs.mkdirSync(path.join(folder, `${PREFIX}${process.pid}-used`))
      const { left, status, stderr } = run('--program', JSON.stringify({ ...crash, steps: [] }))
      const wanted = { left: [`${PREFIX}${process.pid}-used`], status: 0 }
      assert.deepEqual({ left, status }, wanted, stderr)
    })
  })
})
