'use strict'
// Runs cases, shows what they give as it comes, and writes it to files.

const fs = require('node:fs')
const { map } = require('../../lib/index.js')
const { BenchError } = require('./errors.js')
const { head, headLines } = require('./head.js')
const { limitOf } = require('./options.js')
const { listFile, runCase, runSide } = require('./spawn.js')
const { broken, disturbed, format } = require('./table.js')
const { styles } = require('./terminal.js')

const style = styles(process.stdout)

/**
 * @typedef {object} Source where a case is
 * @property {string} name as --case takes it, and as it is shown
 * @property {string} file
 * @property {string} [export] of a user's file; without it the module is the case
 */

const QUICK_SIDES = 2

/** Rejects never: a case that cannot be run must not end the others. */
async function runSource({ name, file, export: exported }, mode) {
  const source = { file, name: exported }
  try {
    const { sides, ...result } = await runCase(source, mode)
    if (mode.quick) result.others = 0 // cases run side by side: others' part is not known
    const usage = []
    const shown = mode.quick ? sides.slice(0, QUICK_SIDES) : sides
    for (const side of shown) usage.push(await runSide(source, side, mode))
    return { name, ...result, usage }
  } catch (error) {
    return { name, crash: error.message }
  }
}

function progress(text) {
  const { stderr } = process
  if (!stderr.isTTY) return
  stderr.cursorTo(0)
  stderr.clearLine(1)
  stderr.write(text)
}

/** One after the other; only when nothing is judged, as many at once as there are cores. */
async function runAll(sources, mode, cores) {
  const { quick } = mode
  let done = 0
  return map(
    sources,
    async (source) => {
      progress(`[${done + 1}/${sources.length}] ${source.name} ...`)
      const result = await runSource(source, mode)
      done++
      progress('')
      console.log(format(result, !quick))
      return result
    },
    { concurrency: quick ? cores : 1 },
  )
}

/** Says it again at the end: what does not hold must not be overlooked. */
function conclude(results, quick) {
  const busy = disturbed(results)
  if (busy.length > 0) {
    console.log(`disturbed by other processes, which took a part of all cores: ${busy.join(', ')}`)
  }
  const claims = results.flatMap(({ rows = [] }) => rows.flatMap((row) => row.claims))
  if (claims.length > 0) {
    const lines = broken(results)
    if (quick) console.log('quick: too few rounds to judge the claims by')
    else if (lines.length === 0) console.log(`every claim holds (${claims.length})`)
    else {
      console.log(style('red', `${lines.length} of ${claims.length} claims do not hold:`))
      for (const line of lines) console.log(style('red', `  ${line}`))
    }
  }
  const crashed = results.filter(({ crash }) => crash !== undefined)
  if (crashed.length > 0) {
    const names = crashed.map(({ name }) => name).join(', ')
    console.error(styles(process.stderr)('red', `could not be run: ${names} (see above)`))
  }
  return crashed.length === 0
}

/** Before a run that takes minutes: a file that cannot be written is an error now. */
function checkWritable(file) {
  try {
    fs.closeSync(fs.openSync(file, 'a'))
  } catch (error) {
    throw new BenchError(`cannot write ${file}: ${error.message}`, { cause: error })
  }
}

/**
 * @param {Source[]} sources
 * @param {{quick: boolean, json?: string, html?: string, timeout?: string}} options
 *   as the command line gives them
 * @returns {Promise<boolean>} whether all cases could be run
 */
async function runSuite(sources, { quick, json, html, timeout }) {
  const mode = { quick, limit: limitOf(timeout) }
  for (const file of [json, html]) if (file !== undefined) checkWritable(file)
  const report = html === undefined ? undefined : require('../report/index.js')
  await report?.ready().catch((error) => {
    throw new BenchError(error.message, { cause: error }) // a library is missing
  })
  const circumstances = head()
  console.log(`${headLines(circumstances).join('\n')}\n`)
  const results = await runAll(sources, mode, circumstances.cores)
  const complete = conclude(results, quick)
  const all = { head: circumstances, quick, results }
  if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`)
  if (html !== undefined) fs.writeFileSync(html, await report.page(all))
  return complete
}

/**
 * The cases of a user's file.
 * @param {string} file absolute
 * @param {{timeout?: string}} options
 * @returns {Promise<Source[]>}
 */
async function sourcesOf(file, { timeout }) {
  const limit = limitOf(timeout)
  try {
    return (await listFile(file, { limit })).map((name) => ({ name, file, export: name }))
  } catch (error) {
    throw new BenchError(error.message, { cause: error })
  }
}

module.exports = { runSuite, sourcesOf }
