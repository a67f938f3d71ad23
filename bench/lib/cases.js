'use strict'
// Which cases there are, in the order of the table.

const path = require('node:path')

const names = [
  'parallel-noop',
  'promise-all-noop',
  'sequential-noop',
  'sha256-64B',
  'sha256-1MiB',
  'one-task',
  'sort',
  'fairness',
  'neighbours',
  'million-memory',
  'million-stall',
  'race-stop',
  'parallel-functions',
  'map-8',
  'sequential-functions',
  'plugin-noop',
  'plugin-loop',
  'thread-fine',
  'thread-coarse',
  'thread-shared',
]

/** Names that begin with one of the given; all when none is given. */
function select(prefixes) {
  if (prefixes.length === 0) return names
  const unknown = prefixes.find((prefix) => !names.some((name) => name.startsWith(prefix)))
  if (unknown !== undefined) {
    throw new Error(`there is no case '${unknown}'; there are: ${names.join(', ')}`)
  }
  return names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
}

/** A case: {run({quick}): Promise<row[]>, timed?: boolean}. */
const load = (name) => require(path.join(__dirname, '..', 'cases', `${name}.js`))

module.exports = { names, select, load }
