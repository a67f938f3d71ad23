'use strict'
// What bundles are told, and the one file that each door requires first: in an ES
// bundle of esbuild's no require() works, and that is to be said before any is called.

const WORDS =
  'Mark heddle as external there: ' +
  'esbuild --external:heddle; ' +
  "webpack externals: { heddle: 'commonjs heddle', 'heddle/tasks': 'commonjs heddle/tasks' }; " +
  'rollup external: [/^heddle/]; ' +
  "Vite ssr: { external: ['heddle'] }; " +
  "Next.js serverExternalPackages: ['heddle']. " +
  'Then it is installed beside the bundle. docs/deploying.md of heddle has more'

try {
  require('node:path')
} catch (cause) {
  const message = `heddle cannot require Node's modules here, as when a bundler has put it into an ES module. ${WORDS}`
  throw Object.assign(new Error(message, { cause }), { code: 'ERR_HEDDLE_NO_BINARY' })
}

module.exports = { WORDS }
