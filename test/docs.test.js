'use strict'
// The documentation says what is: its examples run and print what they say, and
// every public name and every error code is in it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const heddle = require('heddle')
const tasks = require('heddle/tasks')
const testing = require('heddle/testing')
const { blocksOf, itRuns } = require('./helpers/blocks.js')

const root = path.join(__dirname, '..')
const api = fs.readFileSync(path.join(root, 'docs', 'api.md'), 'utf8')
const migration = fs.readFileSync(path.join(root, 'docs', 'migration.md'), 'utf8')
const architecture = fs.readFileSync(path.join(root, 'docs', 'architecture.md'), 'utf8')

/** All .js, .c and .h files below a folder of the package. */
function sources(folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => /\.([jch]s?|hpp)$/.test(name))
    .map((name) => path.join(root, folder, name))
}

/**
 * The expressions in the column `heddle` of the tables, as blocks: what they give is awaited,
 * read or called. They follow the page's first block, which has the names that they use.
 */
function expressionsOf(text) {
  const [{ code: names }] = blocksOf(text)
  return text.split('\n').flatMap((row, i) => {
    const cells = row.split(' | ')
    if (!row.startsWith('| ') || cells.length < 3) return []
    return [...cells[1].matchAll(/`([^`]+)`/g)].map(([, expression]) => ({
      line: i + 1,
      expression,
      code: `${names}
        const given = await (${expression})
        if (typeof given === 'function') await given(1)
        if (given?.[Symbol.asyncIterator] !== undefined) for await (const result of given);`,
      expected: [],
    }))
  })
}

const runsExample = ({ line }) => `runs the example at line ${line}`

describe('docs/api.md', () => {
  itRuns(blocksOf(api), runsExample)

  for (const name of [heddle, tasks, testing].flatMap(Object.keys)) {
    it(`has ${name}`, () => assert.ok(new RegExp(`\`${name}[(\`]`).test(api)))
  }

  it('has every error code, and no other', () => {
    const inSources = new Set()
    for (const file of ['lib', 'src', 'include'].flatMap(sources)) {
      for (const [, code] of fs.readFileSync(file, 'utf8').matchAll(/['"](ERR_[A-Z_]+)['"]/g)) {
        inSources.add(code)
      }
    }
    const inTable = [...api.matchAll(/^\| `(ERR_[A-Z_]+)` \|/gm)].map((match) => match[1])
    assert.deepEqual(inTable.sort(), [...inSources].sort())
  })
})

describe('docs/trace.md', () => {
  itRuns(blocksOf(fs.readFileSync(path.join(root, 'docs', 'trace.md'), 'utf8')), runsExample)
})

describe('docs/migration.md', () => {
  itRuns(blocksOf(migration), runsExample)

  const expressions = expressionsOf(migration)
  itRuns(expressions, ({ line, expression }) => `runs ${expression}, at line ${line}`)

  it('has a table for each library, with forms that are run', () => {
    const sections = migration.split(/^## /m).slice(1)
    const names = ['p-map', 'p-limit', 'p-queue', 'p-throttle', 'bottleneck', 'p-retry', 'p-timeout', 'async', 'bluebird', 'piscina', 'tinypool', 'workerpool', 'jsonwebtoken', 'jose', 'bcrypt', 'argon2']
    assert.deepEqual(sections.map((section) => section.split('\n')[0]), names)
    sections.forEach((section, i) => {
      assert.ok(section.includes(`\n| ${names[i]} | heddle | differences |`), names[i])
    })
    assert.ok(expressions.length > 50, `${expressions.length} forms`)
  })
})

describe('docs/architecture.md', () => {
  it('names files that exist', () => {
    const names = [...architecture.matchAll(/`((?:lib|src|include|test|types|scripts|docs|examples|bench)\/[^`\s]*)`/g)]
    assert.ok(names.length > 20)
    for (const [, name] of names) assert.ok(fs.existsSync(path.join(root, name)), name)
  })
})
