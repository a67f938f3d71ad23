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

const count = (number, what) => (number === 1 ? `1 ${what}` : `${number} ${what}s`)

/** Whether all tests have passed that can run there. */
const isGood = ({ failures, unfinished }) => failures.length + unfinished.length === 0

function suiteWords({ suite }) {
  if (suite === undefined) return 'not run'
  const { passed, skipped, failures, unfinished, left } = suite
  const words = isGood(suite)
    ? [`passed (${count(passed, 'test')})`]
    : [`${count(passed, 'test')} passed`, `${failures.length} failed`]
  if (unfinished.length > 0) words.push(`${count(unfinished.length, 'file')} not finished`)
  if (skipped.length > 0) words.push(`${skipped.length} skipped`)
  const files = Object.keys(left).length
  if (files > 0) words.push(`${count(files, 'file')} left out`)
  return words.join(', ')
}

const row = (result) => {
  const { binary, node, runner, loaded, date } = result
  const cells = [binary, node ?? '', how[runner], 'yes', loaded ? 'yes' : loaded === undefined ? 'not tried' : '**no**']
  return `| ${[...cells, suiteWords(result), date].join(' | ')} |`
}

/**
 * A section with a list for each platform that has one; the same list of several
 * versions once.
 */
function section(title, results, listOf) {
  const lists = new Map()
  for (const { binary, node, suite } of results) {
    const list = suite === undefined ? [] : listOf(suite)
    if (list.length === 0) continue
    const text = list.map((line) => `- ${line}`).join('\n')
    const key = `${binary}\n${text}`
    const versions = lists.get(key)?.versions ?? []
    lists.set(key, { binary, versions: [...versions, node], text })
  }
  if (lists.size === 0) return []
  const parts = [...lists.values()].map(({ binary, versions, text }) => [`${binary}, ${versions.join(', ')}:`, '', text, ''])
  return [`## ${title}`, '', ...parts.flat()]
}

const failed = ({ failures, unfinished }) => [
  ...failures,
  ...unfinished.map((file) => `\`${file}\` was not finished within its time`),
]

const left = ({ skipped, left: files, notes }) => [
  ...Object.entries(files).map(([file, why]) => `\`${file}\`: ${why}`),
  ...notes,
  ...skipped.map((title) => `${title} (the test leaves this system out)`),
]

/** The page as it should be. */
function expected() {
  const results = JSON.parse(fs.readFileSync(RESULTS, 'utf8'))
  return [
    '# Platforms',
    '',
    'Written by `npm run test:platforms`; each line says on what day. One Node-API binary for each platform',
    'serves all versions of Node.js from 20.13 on. *Built* means that it was compiled, and that its symbols and',
    'the version of the system it asks for were checked. *Loaded* means that it was loaded and, where there is',
    'a Node.js, has run tasks. The full suite is every test of the addon and of `lib`; those of documents,',
    'types and the package itself do not depend on the platform. Where another machine is emulated, by qemu or',
    'wine, what tests repeat is repeated less often; compilers for it, of the machine that emulates, make the',
    'plugins. qemu shows whether the instructions are right; on an x64 machine it does not reorder memory as',
    'an arm64 processor may, and it is ThreadSanitizer that looks for that.',
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
    ...section('What failed', results, failed),
    ...section('What was left out', results, left),
  ].join('\n')
}

module.exports = { expected, isGood, suiteWords, PAGE, RESULTS }
