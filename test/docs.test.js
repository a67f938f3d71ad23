'use strict'
// The documentation says what is: its examples run and print what they say, and
// every public name and every error code is in it.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const heddle = require('heddle')
const tasks = require('heddle/tasks')
const testing = require('heddle/testing')

const root = path.join(__dirname, '..')
const api = fs.readFileSync(path.join(root, 'docs', 'api.md'), 'utf8')
const architecture = fs.readFileSync(path.join(root, 'docs', 'architecture.md'), 'utf8')

/** The js blocks of a page: {line, code, expected}. */
function blocksOf(text) {
  return [...text.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    code: match[1],
    expected: [...match[1].matchAll(/\/\/ → (.*)$/gm)].map((comment) => comment[1]),
  }))
}

// Runs in the child: imports the blocks one by one and prints, as JSON, what
// each has printed, or why it failed.
const driver = `
  import { format } from 'node:util'
  const printed = []
  for (const block of process.argv.slice(2)) {
    const lines = []
    console.log = (...values) => lines.push(format(...values))
    const error = await import(block).then(() => null, (reason) => String(reason?.stack ?? reason))
    printed.push({ lines, error })
  }
  process.stdout.write(JSON.stringify(printed))
`

/** Runs blocks as modules of a program that has heddle among its dependencies. */
function runBlocks(blocks, folder) {
  fs.mkdirSync(path.join(folder, 'node_modules'))
  fs.symlinkSync(root, path.join(folder, 'node_modules', 'heddle'), 'junction')
  fs.writeFileSync(path.join(folder, 'a.txt'), 'hello')
  fs.writeFileSync(path.join(folder, 'b.txt'), 'world')
  fs.writeFileSync(path.join(folder, 'big.log'), Buffer.alloc(1 << 20))
  fs.writeFileSync(path.join(folder, 'driver.mjs'), driver)
  const names = blocks.map(({ line }) => `./line-${line}.mjs`)
  blocks.forEach(({ code }, i) => fs.writeFileSync(path.join(folder, names[i]), code))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['driver.mjs', ...names], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 50_000, // something keeps it alive that should not
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

/** All .js, .c and .h files below a folder of the package. */
function sources(folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => /\.([jch]s?|hpp)$/.test(name))
    .map((name) => path.join(root, folder, name))
}

describe('docs/api.md', () => {
  const blocks = blocksOf(api)
  let folder
  let printed

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-docs-')))
    printed = runBlocks(blocks, folder)
  })

  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  blocks.forEach(({ line, expected }, i) => {
    it(`runs the example at line ${line}`, () => {
      assert.equal(printed[i].error, null)
      assert.deepEqual(printed[i].lines, expected)
    })
  })

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

describe('docs/architecture.md', () => {
  it('names files that exist', () => {
    const names = [...architecture.matchAll(/`((?:lib|src|include|test|types|scripts|docs|examples)\/[^`\s]*)`/g)]
    assert.ok(names.length > 20)
    for (const [, name] of names) assert.ok(fs.existsSync(path.join(root, name)), name)
  })
})
