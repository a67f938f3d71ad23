'use strict'
// The options of `npm run bench` and of `heddle bench`, which are the same.

const { BenchError } = require('./errors.js')

const LIMIT_MS = 10 * 60 * 1000
const MOST_S = 24 * 60 * 60

/** As util.parseArgs takes them. */
const options = {
  case: { type: 'string', multiple: true, default: [] },
  quick: { type: 'boolean', default: false },
  json: { type: 'string' },
  html: { type: 'string' },
  timeout: { type: 'string' },
}

const help = `  --case NAME   only the cases whose names begin with NAME; may be repeated
  --quick       few rounds of little, to see that all works; judges nothing
  --json FILE   writes all figures to FILE
  --html FILE   writes a report with charts to FILE
  --timeout S   seconds after which a process is given up (${LIMIT_MS / 1000}); a case takes one
                to compare its ways, and one more for each way`

/**
 * The limit of a process.
 * @param {string} [timeout] as --timeout was given
 * @returns {number} ms
 */
function limitOf(timeout) {
  if (timeout === undefined) return LIMIT_MS
  const seconds = Number(timeout)
  if (timeout.trim() === '' || !(seconds > 0 && seconds <= MOST_S)) {
    throw new BenchError(`--timeout must be seconds above 0, up to ${MOST_S}, got '${timeout}'`)
  }
  return seconds * 1000
}

/**
 * Those whose names begin with one of the prefixes; all when none is given.
 * @param {string[]} names
 * @param {string[]} prefixes
 */
function select(names, prefixes) {
  if (prefixes.length === 0) return names
  const unknown = prefixes.find((prefix) => !names.some((name) => name.startsWith(prefix)))
  if (unknown !== undefined) {
    throw new BenchError(`there is no case '${unknown}'; there are: ${names.join(', ')}`)
  }
  return names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
}

module.exports = { LIMIT_MS, help, limitOf, options, select }
