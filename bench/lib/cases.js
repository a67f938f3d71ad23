'use strict'
// Which cases there are, in the order of the report.

const path = require('node:path')

const names = [
  'parallel-noop',
  'promise-all-noop',
  'small-calls',
  'large-calls',
  'parallel-functions',
  'map-8',
  'limiter',
  'plugin-noop',
  'thread-fine',
  'overhead',
  'overhead-memory',
  'loading',
  'break-even',
  'million-memory',
  'million-stall',
  'sha256-64B',
  'sha256-4KiB',
  'sha256-1MiB',
  'gzip',
  'codecs',
  'pbkdf2',
  'passwords',
  'verify',
  'sort',
  'sum',
  'matmul',
  'one-task',
  'js-fib',
  'js-json',
  'js-markdown',
  'thread-coarse',
  'tutorial-io',
  'sequential-noop',
  'sequential-functions',
  'sequences',
  'small-races',
  'race-memory',
  'races',
  'race-stop',
  'cancel-10000',
  'neighbours',
  'fairness',
  'thread-shared',
  'plugin-loop',
  'scaling',
  'remote',
]

/** Where a case is: a module that harness/cases.js describes. */
const fileOf = (name) => path.join(__dirname, '..', 'cases', `${name}.js`)

module.exports = { names, fileOf }
