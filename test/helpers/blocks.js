'use strict'
// Examples of the documentation: they run, and print what they say. No test in here.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')

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
function runBlocks(blocks, folder, env) {
  fs.mkdirSync(path.join(folder, 'node_modules'))
  fs.symlinkSync(root, path.join(folder, 'node_modules', 'heddle'), 'junction')
  for (const name of ['prom-client', 'bullmq', 'ioredis']) {
    fs.symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name), 'junction')
  }
  fs.writeFileSync(path.join(folder, 'a.txt'), 'hello')
  fs.writeFileSync(path.join(folder, 'b.txt'), 'world')
  fs.writeFileSync(path.join(folder, 'big.log'), Buffer.alloc(1 << 20))
  fs.writeFileSync(path.join(folder, 'work.mjs'), 'export default (n) => n * 10\nexport const twice = (n) => n * 2\n')
  fs.writeFileSync(path.join(folder, 'driver.mjs'), driver)
  const names = blocks.map(({ line }, i) => `./${i}-line-${line}.mjs`)
  blocks.forEach(({ code }, i) => fs.writeFileSync(path.join(folder, names[i]), code))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['driver.mjs', ...names], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 50_000, // something keeps it alive that should not
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

/**
 * Tests of blocks: what they print.
 * @param {() => object} [env] what is added to their environment
 */
function itRuns(blocks, title, env) {
  let folder
  let printed

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-docs-')))
    printed = runBlocks(blocks, folder, env?.())
  })

  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  blocks.forEach((block, i) => {
    it(title(block), () => {
      assert.equal(printed[i].error, null)
      assert.deepEqual(printed[i].lines, block.expected)
    })
  })
}

module.exports = { blocksOf, itRuns }
