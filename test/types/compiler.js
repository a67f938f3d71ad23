'use strict'
// The compiler, run on the types' tests. No test in here.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const settings = path.join(__dirname, 'tsconfig.json')

/** Runs a compiler in the project's folder. */
function compile(tsc, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, ...args], { cwd: root, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

/** Settings that extend those of test/types, in a folder that is gone when the test ends. */
function withSettings(more, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-types-'))
  const file = path.join(folder, 'tsconfig.json')
  const typeRoots = [path.join(root, 'node_modules', '@types')]
  const compilerOptions = { typeRoots, rootDir: root, outDir: path.join(folder, 'out'), ...more.compilerOptions }
  fs.writeFileSync(file, JSON.stringify({ ...more, extends: settings, compilerOptions }))
  try {
    return use(file, folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** The lines of a fixture that have a comment above them that says what is expected, by number from 1. */
function expectations(name) {
  const lines = fs.readFileSync(path.join(__dirname, 'fixtures', name), 'utf8').split('\n')
  const expected = new Map()
  lines.forEach((line, i) => {
    if (i > 0 && line.startsWith('// ')) expected.set(i + 2, line.slice(3))
  })
  return { expected, lines }
}

/** What a compiler says of each line. */
function saidOf(output, name) {
  const said = new Map()
  let line
  for (const text of output.split('\n')) {
    const match = /^(\S.*)\((\d+),\d+\): error /.exec(text)
    if (match !== null) line = match[1].endsWith(name) ? Number(match[2]) : undefined
    if (line !== undefined) said.set(line, `${said.get(line) ?? ''}${text}\n`)
  }
  return said
}

/**
 * Describes what holds with a compiler.
 * @param {() => string} tsc the path of its program
 * @param {{sinceMemory?: boolean}} [has] whether types say which memory an array has (TypeScript 5.7)
 */
function describeTypes(tsc, { sinceMemory = true } = {}) {
  const fixtures = (name) => [path.join(__dirname, 'fixtures', name)]

  it('are what test/types expects', () => {
    const exclude = [path.join(__dirname, 'fixtures'), ...(sinceMemory ? [] : [path.join(__dirname, 'buffers.mts')])]
    const include = ['*.mts', '*.cts'].map((pattern) => path.join(__dirname, pattern))
    const { status, output } = withSettings({ include, exclude }, (file) => compile(tsc(), ['--project', file]))
    assert.equal(status, 0, output)
  })

  it('give errors that name what is wrong', () => {
    const { expected } = expectations('messages.mts')
    const { output } = withSettings({ include: fixtures('messages.mts') }, (file) => compile(tsc(), ['--project', file]))
    const said = saidOf(output, 'messages.mts')
    for (const [line, words] of expected) {
      assert.ok(said.get(line)?.includes(words), `line ${line}: ${words}\n${said.get(line)}`)
      assert.doesNotMatch(said.get(line), /'never'/, `line ${line}`)
    }
    assert.deepEqual([...said.keys()], [...expected.keys()], output)
  })

  it('show plain objects and tuples in an editor', () => {
    const { expected, lines } = expectations('hovers.mts')
    const more = { include: fixtures('hovers.mts'), compilerOptions: { noEmit: false, declaration: true } }
    const declared = withSettings(more, (file, folder) => {
      const { status, output } = compile(tsc(), ['--project', file])
      assert.equal(status, 0, output)
      return fs.readFileSync(path.join(folder, 'out', 'test', 'types', 'fixtures', 'hovers.d.mts'), 'utf8')
    })
    const plain = declared.replace(/import\("heddle"\)\./g, '').replace(/\s+/g, ' ').replaceAll(' | undefined', '')
    for (const [line, type] of expected) {
      const [, name] = /^export const (\w+)/.exec(lines[line - 1])
      assert.ok(plain.includes(`declare const ${name}: ${type};`), `${name}: ${type}\n${plain}`)
    }
  })
}

module.exports = { compile, describeTypes, root }
