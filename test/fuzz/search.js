'use strict'
// Searches for a program that goes wrong, and makes it small.

const fc = require('fast-check')
const { print } = require('./print.js')
const { programs } = require('./program.js')
const { reduce } = require('./reduce.js')
const { Subject } = require('./subject.js')

// What depends on timing comes up again within so many runs, or counts as a step too far.
const AGAIN = 3
const SHRINK_MS = 30_000 // for each of two ways to make a program small

/** Runs a program so often; words for what went wrong first. */
async function attempt(subject, program, times) {
  for (let i = 0; i < times; i++) {
    const found = await subject.run(program)
    if (found !== undefined) return found
  }
}

/**
 * @param options { seed, runs, path, repeat, mutant, until, shrink }; `until` in ms of
 *   performance.now(), `path` fast-check's, `shrink` the ms for making a program small
 * @returns { runs, finding }, a finding being { seed, path, program, words }
 */
async function search({
  seed,
  runs,
  path,
  repeat = 1,
  mutant,
  until = Infinity,
  shrink = SHRINK_MS,
}) {
  const subject = new Subject({ mutant })
  let count = 0
  let deadline
  let words
  const property = fc.asyncProperty(programs, async (program) => {
    if (performance.now() > (deadline ?? until)) return
    count++
    const found = await attempt(
      subject,
      program,
      deadline === undefined ? repeat : Math.max(repeat, AGAIN),
    )
    if (found === undefined) return
    deadline ??= performance.now() + shrink
    words = found
    throw new Error(found)
  })
  const details = await fc.check(property, {
    seed,
    numRuns: runs,
    path,
    endOnFailure: path !== undefined,
  })
  if (details.failed) {
    const { counterexample, counterexamplePath } = details
    const fails = async (candidate) => {
      const found = await attempt(subject, candidate, Math.max(repeat, AGAIN))
      if (found !== undefined) words = found
      return found
    }
    const program = await reduce(counterexample[0], fails, performance.now() + shrink)
    await subject.end()
    return { runs: count, finding: { seed, path: counterexamplePath, program, words } }
  }
  const end = await subject.end()
  return { runs: count, finding: end && { seed, words: end } }
}

/** Runs one program. */
async function replay(program, { repeat = 1, mutant }) {
  const subject = new Subject({ mutant })
  const words = (await attempt(subject, program, repeat)) ?? (await subject.end())
  return words && { seed: 0, program, words }
}

/** A finding in readable lines. */
function report({ seed, path, program, words }, runs) {
  const lines = [`seed ${seed}${path === undefined ? '' : `, path ${path}`}`]
  if (program !== undefined) lines.push(...print(program).map((line) => `  ${line}`))
  lines.push(...words.split('\n').map((line) => `> ${line}`))
  const again = path === undefined ? `--runs ${runs}` : `--path ${path} --repeat 20`
  lines.push(`again: npm run fuzz -- --seed ${seed} ${again}`)
  if (program !== undefined)
    lines.push(`or: npm run fuzz -- --repeat 20 --program '${JSON.stringify(program)}'`)
  return lines.join('\n')
}

module.exports = { replay, search, report }
