'use strict'
// The examples run, and say what they should; times are not tested.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const zlib = require('node:zlib')
const ways = require('../examples/lib/ways.js')

const script = path.join(__dirname, '..', 'examples', 'folder.js')
const NAMES = ['one-by-one', 'promise-all', 'heddle']

/** Runs the example; its output without colours. */
function example(...args) {
  const options = { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options)
  return { status, stdout, stderr }
}

describe('examples/folder.js', () => {
  let folder

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-example-')))
    fs.mkdirSync(path.join(folder, 'deep', 'er'), { recursive: true })
    fs.mkdirSync(path.join(folder, 'no files'))
    fs.writeFileSync(path.join(folder, 'empty'), '')
    fs.writeFileSync(path.join(folder, 'large'), Buffer.alloc(3e5, 'heddle'))
    fs.writeFileSync(path.join(folder, 'deep', 'ä b'), 'words')
    fs.writeFileSync(path.join(folder, 'deep', 'er', 'last'), Buffer.alloc(70_000, 1))
    fs.symlinkSync(folder, path.join(folder, 'deep', 'loop'), 'junction')
  })

  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('measures three ways, which agree', () => {
    const { status, stdout, stderr } = example(folder)
    assert.equal(stderr, '')
    assert.equal(status, 0)
    const lines = stdout.split('\n')
    assert.equal(lines[0], `4 files, 0.4 MB, below ${folder}`)
    assert.deepEqual(
      lines.slice(1, 5),
      [...NAMES.map((name) => `${name}: 4 files`), 'all 3 ways agree'],
    )
    const table = lines.slice(5).filter((line) => line.includes('│'))
    assert.match(table[0], /wall time, s.*CPU time, s.*longest stall, ms.*peak memory, MiB/)
    for (const [i, name] of NAMES.entries()) {
      const [, first, ...figures] = table[i + 1].split('│').map((cell) => cell.trim())
      assert.equal(first, name)
      assert.ok(figures.slice(0, 4).every((figure) => Number(figure) >= 0 && figure !== ''))
    }
  })

  it('takes one way only, and fewer files', () => {
    const { status, stdout } = example('--mode', 'heddle', '--limit', '2', folder)
    assert.equal(status, 0)
    assert.match(stdout, /^2 files, .*\nheddle: 2 files\n/)
    assert.doesNotMatch(stdout, /agree|promise-all/)
  })

  for (const name of NAMES) {
    it(`gives both digests of every file: ${name}`, async () => {
      const paths = ['empty', 'large'].map((file) => path.join(folder, file))
      const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
      const expected = paths.map((file) => {
        const contents = fs.readFileSync(file)
        return [sha256(contents), sha256(zlib.gzipSync(contents))]
      })
      let done
      assert.deepEqual(await ways[name](paths, (count) => (done = count)), expected)
      assert.equal(done, 2)
    })
  }

  it('explains itself', () => {
    const { status, stdout } = example('--help')
    assert.equal(status, 0)
    assert.match(stdout, /^Usage: npm start -- /)
  })

  const mistakes = {
    'an unknown option': ['--folder'],
    'an unknown mode': ['--mode', 'fast'],
    'a limit of 0': ['--limit', '0'],
    'two folders': ['.', '.'],
    'a folder that is not there': ['not there'],
  }
  for (const [what, args] of Object.entries(mistakes)) {
    it(`refuses ${what}`, () => {
      const { status, stdout, stderr } = example(...args)
      assert.equal(status, 1)
      assert.equal(stdout, '')
      assert.match(stderr, /--help says how to use this\)\n$/)
    })
  }

  it('refuses a folder without files', () => {
    const { status, stderr } = example(path.join(folder, 'no files'))
    assert.equal(status, 1)
    assert.match(stderr, /^there is no file below /)
  })
})
