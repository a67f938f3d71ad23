'use strict'
// The rooms of lib/, and which of them each may require; the doors may require all.
// Nothing in lib/ requires what is outside but what is named below: no package either.

const path = require('node:path')

const root = path.join(__dirname, '..', '..')

const ROOMS = {
  'combinators/**': ['combinators', 'call', 'task', 'thread', 'errors.js'],
  'call/**': ['call', 'task', 'late.js', 'errors.js'],
  'task/!(native).js': ['task', 'late.js', 'errors.js'],
  // The only one that sees the addon.
  'task/native.js': ['errors.js', 'load.js'],
  'load.js': ['errors.js', 'external.js'],
  'external.js': [],
  // What it loads for itself.
  'late.js': ['task/intrinsics.js', 'call/stack.js'],
  'errors.js': [],
  'limit/**': [
    'limit',
    ...['options.js', 'permits.js', 'promises.js', 'scope.js', 'signal.js'].map((file) => `call/${file}`),
    'task',
    'thread/figures.js',
    'errors.js',
  ],
  'thread/**': ['thread', 'call/options.js', 'task', 'errors.js'],
  'remote/**': ['remote', 'call', 'task', 'combinators/chain.js', 'thread/encode.js', 'thread/errors.js', 'errors.js'],
  'input/**': ['input', 'task', 'errors.js'],
  'plugin/**': ['plugin', 'call/options.js', 'task', 'errors.js'],
  'trace/*.js': ['trace', 'task', 'errors.js'],
  'trace/page/**': ['trace/page'],
  'otel/**': ['otel', 'trace/hub.js', 'trace/versions.js', 'task', 'thread/figures.js', 'errors.js'],
  // `heddle build` checks what it has built, `heddle serve` what a module exports; that is no entry point's.
  'cli/**': ['cli', 'index.js', 'tasks.js', 'testing.js', 'trace.js', 'remote.js', 'plugin/load.js', 'task/makers.js'],
}

/** Files beside lib/ that a room may require. */
const OUTSIDE = {
  'cli/**': ['package.json', 'bench/harness'],
  'otel/**': ['node_modules/@opentelemetry/api'], // an optional peer, loaded when it is used
  'remote/**': ['node_modules/bullmq', 'node_modules/ioredis'], // likewise
}

const message = 'docs/architecture.md says which room may require which'

/** As import-x/no-restricted-paths takes them. */
const zones = Object.entries(ROOMS).map(([room, may]) => ({
  target: `./lib/${room}`,
  from: '.',
  except: [...may.map((name) => `lib/${name}`), ...(OUTSIDE[room] ?? [])],
  message,
}))

module.exports = { root, zones }
