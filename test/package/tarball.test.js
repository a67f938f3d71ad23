'use strict'
// What goes into the tarball, and what package.json says about it. Quick: nothing is packed.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { contents, root, succeed } = require('./helpers.js')
const manifest = require('../../package.json')
const { targets } = require('../../scripts/prebuild/targets.js')

const WHOLE = ['bench/harness', 'bench/report', 'bin', 'docs', 'examples', 'include', 'lib', 'src', 'templates', 'types']

describe('package.json', () => {
  it('has no script that runs when it is installed', () => {
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']) {
      assert.equal(manifest.scripts[name], undefined, name)
    }
    assert.equal(manifest.gypfile, false)
    assert.equal(manifest.dependencies, undefined)
  })

  it('gives types first in every export', () => {
    for (const [name, target] of Object.entries(manifest.exports)) {
      if (typeof target === 'object') assert.equal(Object.keys(target)[0], 'types', name)
    }
    assert.equal(manifest.exports['./package.json'], './package.json')
  })

  it('has types for compilers that know no exports', () => {
    for (const [name, target] of Object.entries(manifest.exports)) {
      if (typeof target === 'string' || name === '.') continue
      assert.deepEqual(manifest.typesVersions['*'][name.slice(2)], [target.types], name)
    }
  })

  it('says which Node.js it takes, as CI tests it', () => {
    assert.equal(manifest.engines.node, '>=20.13') // before, tracing channels do not tell who listens
  })
})

describe('the tarball', () => {
  let files

  before(function () {
    if (process.env.HEDDLE_SANITIZE !== undefined) this.skip() // it is npm that would be looked at
    files = new Set(contents().files.map((file) => file.path))
  })

  it('has what exports, types and bin name', () => {
    const named = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    )
    for (const name of [...named, manifest.main, manifest.types, ...Object.values(manifest.bin ?? {})]) {
      assert.ok(files.has(path.posix.normalize(name)), name)
    }
  })

  it('has every file of the folders that are whole in it', () => {
    for (const folder of WHOLE) {
      if (!fs.existsSync(path.join(root, folder))) continue
      for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const name = path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name))
        assert.ok(files.has(name.replaceAll(path.sep, '/')), name)
      }
    }
  })

  it('has what a reader and a build from source need', () => {
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'scripts/build.js', 'include/heddle.h']) {
      assert.ok(files.has(name), name)
    }
  })

  it('has no binding.gyp that package managers would build, and nothing else beside', () => {
    const allowed = /^(README|CHANGELOG|SECURITY)\.md$|^LICENSE$|^package\.json$/
    const binaries = targets.map(({ name }) => `prebuilds/${name}/heddle.node`)
    const whole = (name) => WHOLE.some((folder) => name.startsWith(`${folder}/`))
    const rest = [...files].filter((name) => !whole(name) && !allowed.test(name) && !binaries.includes(name))
    assert.deepEqual(
      rest.filter((name) => name !== 'prebuilds/source.gyp'),
      ['bench/README.md', 'scripts/build.js'],
    )
  })

  it('can be built from source, also where it was packed without binaries', () => {
    const packed = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-packed-'))
    const copy = path.join(packed, 'clone')
    for (const name of ['binding.gyp', 'package.json', 'scripts']) {
      fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
    }
    succeed('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: copy })
    assert.ok(fs.existsSync(path.join(copy, 'prebuilds', 'source.gyp')))
    fs.rmSync(packed, { recursive: true })
  })

  it('has every file and folder that its documents link to', () => {
    const isThere = (name) => files.has(name) || [...files].some((file) => file.startsWith(`${name}/`))
    const links = /\]\(([^)\s]+)\)|src="([^"]+)"/g
    const broken = [...files].filter((file) => file.endsWith('.md')).flatMap((file) => {
      const text = fs.readFileSync(path.join(root, file), 'utf8')
      return [...text.matchAll(links)]
        .map(([, link, image]) => (link ?? image).split('#')[0])
        .filter((link) => link !== '' && !/^https?:/.test(link))
        .filter((link) => !isThere(path.posix.join(path.posix.dirname(file), link).replace(/\/$/, '')))
        .map((link) => `${file}: ${link}`)
    })
    assert.deepEqual(broken, [])
  })
})
