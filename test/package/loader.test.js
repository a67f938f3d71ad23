'use strict'
// lib/load.js: which binary it takes, and what it says when there is none.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { load, libc } = require('../../lib/load.js')
const { child, root, temporaryFolder } = require('../support.js')

const linux = process.platform === 'linux'

/** The head of an ELF file that wants this loader, or none. */
function elf(loader) {
  const head = Buffer.alloc(256)
  head.write('\x7fELF', 'latin1')
  head.writeBigUInt64LE(64n, 32) // its table of segments
  head.writeUInt16LE(56, 54) // bytes of a segment's entry
  head.writeUInt16LE(loader === undefined ? 1 : 2, 56)
  head.writeUInt32LE(1, 64)
  if (loader === undefined) return head
  head.writeUInt32LE(3, 120)
  head.writeBigUInt64LE(192n, 128)
  head.writeBigUInt64LE(BigInt(loader.length), 152)
  head.write(loader, 192, 'latin1')
  return head
}

/** A copy of the package with one file as its binary for this machine. */
function copyWith(folder, contents) {
  for (const name of ['lib', 'package.json', path.join('scripts', 'build.js')]) {
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true })
  }
  const name = [process.platform, process.arch, libc()].filter(Boolean).join('-')
  if (contents === undefined) return
  fs.mkdirSync(path.join(folder, 'prebuilds', name), { recursive: true })
  fs.writeFileSync(path.join(folder, 'prebuilds', name, 'heddle.node'), contents)
}

const report = (folder) => `try { require(${JSON.stringify(folder)} + '/lib') } catch (error) {
  console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message, cause: error.cause?.code }))
}`

describe('lib/load.js', () => {
  const folder = temporaryFolder()

  it('tells the C library by the loader that the program wants', () => {
    assert.equal(libc('linux', elf('/lib/ld-musl-x86_64.so.1\0')), 'musl')
    assert.equal(libc('linux', elf('/lib64/ld-linux-x86-64.so.2\0')), 'glibc')
    assert.equal(libc('linux', elf()), 'glibc')
    assert.equal(libc('linux', Buffer.from('#!/bin/sh')), 'glibc')
    assert.equal(libc('linux', Buffer.alloc(0)), 'glibc')
    assert.equal(libc('darwin'), '')
    assert.equal(libc('win32'), '')
  })

  it('survives a head that is cut off or nonsense', () => {
    const nonsense = elf('/lib/ld-musl-x86_64.so.1\0')
    nonsense.writeBigUInt64LE(0xffff_ffff_ffffn, 32)
    assert.equal(libc('linux', nonsense), 'glibc')
    assert.equal(libc('linux', elf('/lib/ld-musl-x86_64.so.1\0').subarray(0, 70)), 'glibc')
  })

  it('says that there is no binary, for what, and how to build one', () => {
    copyWith(folder('none'))
    const { stdout } = child(report(folder('none')))
    const error = JSON.parse(stdout)
    assert.equal(error.name, 'HeddleError')
    assert.equal(error.code, 'ERR_HEDDLE_NO_BINARY')
    const library = libc() || 'of the system'
    const parts = [`platform ${process.platform}`, `architecture ${process.arch}`, `C library ${library}`]
    for (const part of parts) assert.ok(error.message.includes(part), error.message)
    assert.ok(error.message.endsWith(`with: node ${folder('none', 'scripts', 'build.js')}`), error.message)
  })

  it('quotes a path with a space in the command', () => {
    copyWith(folder('a space'))
    const { message } = JSON.parse(child(report(folder('a space'))).stdout)
    assert.ok(message.endsWith(`with: node ${JSON.stringify(folder('a space', 'scripts', 'build.js'))}`), message)
  })

  it('says that a binary cannot be loaded, and why', () => {
    copyWith(folder('broken'), 'not a library')
    const error = JSON.parse(child(report(folder('broken'))).stdout)
    assert.equal(error.code, 'ERR_HEDDLE_LOAD')
    assert.equal(error.cause, 'ERR_DLOPEN_FAILED')
    assert.match(error.message, /Build it from source with: node /)
  })

  it('says that it was bundled where it is not in its package, and names no file that is missing', () => {
    const lib = path.join(root, 'lib')
    fs.cpSync(lib, folder('bundle', 'lib'), { recursive: true })
    fs.cpSync(lib, folder('program', 'lib'), { recursive: true })
    fs.writeFileSync(folder('program', 'package.json'), '{"name":"program"}')
    fs.mkdirSync(folder('program', 'scripts'))
    fs.writeFileSync(folder('program', 'scripts', 'build.js'), '')
    for (const name of ['bundle', 'program']) {
      const { code, message } = JSON.parse(child(report(folder(name))).stdout)
      assert.equal(code, 'ERR_HEDDLE_NO_BINARY')
      assert.match(message, /Mark heddle as external there: esbuild --external:heddle; webpack externals/)
      assert.doesNotMatch(message, /build\.js/)
    }
  })

  it('names the command that unpacks an archive of Yarn', () => {
    for (const contents of [undefined, 'not a library']) {
      copyWith(folder('heddle.zip', 'heddle'), contents)
      const { message } = JSON.parse(child(report(folder('heddle.zip', 'heddle'))).stdout)
      assert.ok(message.endsWith('in an archive, where no binary can be loaded or built. Unpack it with: yarn unplug heddle'), message)
    }
  })

  it('takes a local build first, and the other binary where that is of another machine', function () {
    const built = path.join(root, 'build', 'Release', 'heddle.node')
    if (!fs.existsSync(built)) this.skip() // the tests run with a binary that came with the package
    copyWith(folder('both'), fs.readFileSync(built))
    fs.mkdirSync(folder('both', 'build', 'Release'), { recursive: true })
    const local = folder('both', 'build', 'Release', 'heddle.node')
    const which = `require(${JSON.stringify(folder('both'))} + '/lib')
      console.log(Object.keys(require.cache).filter((name) => name.endsWith('.node')).map((name) => name.includes('Release')))`
    fs.copyFileSync(built, local)
    assert.equal(child(which).stdout, '[ true ]\n')
    fs.writeFileSync(local, 'of another machine')
    assert.equal(child(which).stdout, '[ false ]\n')
  })

  for (const [name, title] of [['bun', 'Bun'], ['deno', 'Deno']]) {
    it(`refuses ${title} before it loads anything`, () => {
      const of = { platform: 'linux', arch: 'x64', versions: { ...process.versions, [name]: '9.9.9' } }
      assert.throws(() => load(of), { code: 'ERR_HEDDLE_RUNTIME', message: new RegExp(`${title} 9\\.9\\.9`) })
    })
  }

  it('knows this process', function () {
    if (!linux) this.skip()
    const report = process.report.getReport()
    assert.equal(libc(), report.header.glibcVersionRuntime === undefined ? 'musl' : 'glibc')
  })
})
