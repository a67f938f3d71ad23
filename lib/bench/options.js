'use strict'
// The options of `npm run bench` and of `heddle bench`, which are the same.

const { BenchError } = require('./errors.js')

/** As util.parseArgs takes them. */
const options = {
  case: { type: 'string', multiple: true, default: [] },
  quick: { type: 'boolean', default: false },
  json: { type: 'string' },
  html: { type: 'string' },
}

const help = `  --case NAME   only the cases whose names begin with NAME; may be repeated
  --quick       few rounds of little, to see that all works; judges nothing
  --json FILE   writes all figures to FILE
  --html FILE   writes a report with charts to FILE`

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

module.exports = { help, options, select }
