'use strict'
// Searches for a program that goes wrong, and makes it small.

const fc = require('fast-check')
const { kinds } = require('./kinds.js')
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
 * @param options { kind, seed, runs, path, repeat, mutant, until, shrink }; `kind` of kinds.js,
 *   `until` in ms of performance.now(), `path` fast-check's, `shrink` the ms for making a
 *   program small
 * @returns { runs, finding }, a finding being { seed, path, program, words }
 */
async function search({
  kind = kinds.programs,
  seed,
  runs,
  path,
  repeat = 1,
  mutant,
  until = Infinity,
  shrink = SHRINK_MS,
}) {
  const subject = new Subject({ child: kind.child, mutant })
  let count = 0
  let deadline
  let words
  const property = fc.asyncProperty(kind.arbitrary, async (program) => {
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
    const program = await kind.reduce(counterexample[0], fails, performance.now() + shrink)
    await subject.end()
    return { runs: count, finding: { seed, path: counterexamplePath, program, words } }
  }
  const end = await subject.end()
  return { runs: count, finding: end && { seed, words: end } }
}

/** Runs one program. */
async function replay(program, { kind = kinds.programs, repeat = 1, mutant }) {
  const subject = new Subject({ child: kind.child, mutant })
  const words = (await attempt(subject, program, repeat)) ?? (await subject.end())
  return words && { seed: 0, program, words }
}

/** A finding in readable lines. */
function report({ seed, path, program, words }, runs, kind = kinds.programs) {
  const lines = [`seed ${seed}${path === undefined ? '' : `, path ${path}`}`]
  if (program !== undefined) lines.push(...kind.print(program).map((line) => `  ${line}`))
  lines.push(...words.split('\n').map((line) => `> ${line}`))
  const again = path === undefined ? `--runs ${runs}` : `--path ${path} --repeat 20`
  lines.push(`again: npm run fuzz -- ${kind.flag}--seed ${seed} ${again}`)
  if (program !== undefined)
    lines.push(`or: npm run fuzz -- ${kind.flag}--repeat 20 --program '${JSON.stringify(program)}'`)
  return lines.join('\n')
}

module.exports = { replay, search, report }
