'use strict'
// docs/platforms.md, written from scripts/platforms/results.json.

const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const RESULTS = path.join(__dirname, 'results.json')
const PAGE = path.join(root, 'docs', 'platforms.md')

const how = {
  directly: 'this machine',
  byQemu: 'qemu, user mode',
  byWine: 'wine',
  musl: 'a program of musl, by dlopen',
  nothing: '',
}

function suiteWords({ suite }) {
  if (suite === undefined) return 'not run'
  const { passed, skipped, failures } = suite
  if (failures.length === 0) return `passed (${passed} tests${skipped > 0 ? `, ${skipped} skipped` : ''})`
  return `${passed} tests passed, ${failures.length} failed`
}

const row = (result) => {
  const { binary, node, runner, loaded, date } = result
  const cells = [binary, node ?? '', how[runner], 'yes', loaded ? 'yes' : loaded === undefined ? 'not tried' : '**no**']
  return `| ${[...cells, suiteWords(result), date].join(' | ')} |`
}

/** Lists what has failed, the same failures of several versions once. */
function failureList(results) {
  const failed = results.filter(({ suite }) => suite !== undefined && suite.failures.length > 0)
  if (failed.length === 0) return []
  const lists = failed.map(({ binary, node, suite }) => [
    `${binary}, ${node}:`,
    '',
    ...suite.failures.map((title) => `- ${title}`),
    '',
  ])
  return ['## What failed', '', ...lists.flat()]
}

/** The page as it should be. */
function expected() {
  const results = JSON.parse(fs.readFileSync(RESULTS, 'utf8'))
  return [
    '# Platforms',
    '',
    'Written by `npm run test:platforms`; each line says on what day. One Node-API binary for each platform',
    'serves all versions of Node.js from 20 on. *Built* means that it was compiled, and that its symbols and',
    'the version of the system it asks for were checked. *Loaded* means that it was loaded and, where there is',
    'a Node.js, has run tasks. The full suite is every test of the addon and of `lib`; those of documents,',
    'types and the package itself do not depend on the platform. Where another machine is emulated, by qemu or',
    'wine, what tests repeat is repeated less often.',
    '',
    '| binary | Node.js | run by | built | loaded | full suite | date |',
    '|---|---|---|---|---|---|---|',
    ...results.map(row),
    '',
    'The binaries for Linux with glibc ask for glibc 2.28 or later, those for macOS for macOS 11 or later. On',
    'macOS they have never run, for want of a machine: only their symbols were compared with what Node.js',
    'for macOS exports. Elsewhere the error of the import names the command that builds from source.',
    '',
    'Bun and Deno have Node-API, but not the event loop and thread pool of libuv that heddle runs on: the',
    'import fails with `ERR_HEDDLE_RUNTIME`.',
    '',
    ...failureList(results),
  ].join('\n')
}

module.exports = { expected, PAGE, RESULTS }
