'use strict'
// Finds the addon: a build in this folder, else the binary that came with the
// package for this platform, architecture and C library. It is in no room: in a
// bundle __dirname is the bundle's folder, or is not there at all.

const fs = require('node:fs')
const path = require('node:path')
const { HeddleError } = require('./errors.js')
const { WORDS } = require('./external.js')

const here = typeof __dirname === 'string' ? __dirname : path.dirname(process.argv[1] ?? '.')
const root = path.join(here, '..')
const script = path.join(root, 'scripts', 'build.js')

const EXTERNAL = `Its own files are not beside it, as when a bundler has put it into another file. ${WORDS}`
const EXECUTABLE =
  'In a single executable, keep the folder node_modules/heddle beside the program, and require it by: ' +
  "require('node:module').createRequire(process.execPath)('heddle'). docs/deploying.md of heddle has more"

/** Whether this is a package of heddle, and no bundle. */
function isPackage() {
  try {
    const { name } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
    return name === 'heddle' && fs.existsSync(script)
  } catch {
    return false
  }
}

/** The path in an ELF file's head of the loader that it wants; '' if there is none. */
function interpreter(head) {
  const ELF64 = 0x464c457f // "\x7fELF" as a little-endian number
  const PT_INTERP = 3
  if (head.length < 64 || head.readUInt32LE(0) !== ELF64) return ''
  const table = Number(head.readBigUInt64LE(32))
  const size = head.readUInt16LE(54)
  for (let i = 0; i < head.readUInt16LE(56); i++) {
    const at = table + i * size
    if (at + 40 > head.length) return ''
    if (head.readUInt32LE(at) !== PT_INTERP) continue
    const start = Number(head.readBigUInt64LE(at + 8))
    return head.toString('latin1', start, start + Number(head.readBigUInt64LE(at + 32)))
  }
  return ''
}

/** The first bytes of the program that runs. */
function ownHead() {
  const head = Buffer.alloc(4096)
  for (const file of ['/proc/self/exe', process.execPath]) {
    try {
      const descriptor = fs.openSync(file, 'r')
      try {
        return head.subarray(0, fs.readSync(descriptor, head, 0, head.length, 0))
      } finally {
        fs.closeSync(descriptor)
      }
    } catch {
      // there is no /proc everywhere
    }
  }
  return head.subarray(0, 0)
}

/** The C library: 'glibc' or 'musl' on Linux; elsewhere there is but one, and it is ''. */
function libc(platform = process.platform, head = platform === 'linux' ? ownHead() : null) {
  if (platform !== 'linux') return ''
  // Slow, but for a program that may not be read.
  if (head.length === 0) return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
  return interpreter(head).includes('ld-musl') ? 'musl' : 'glibc'
}

/** The folder in prebuilds/ for this process. */
function prebuildName({ platform, arch }, library) {
  return library === '' ? `${platform}-${arch}` : `${platform}-${arch}-${library}`
}

/** Whether the program that runs has its JavaScript in itself. */
function isExecutable() {
  try {
    return require('node:sea').isSea()
  } catch {
    return false // Node.js without it
  }
}

/** How to get a binary here. */
function advice() {
  if (/\.zip[\\/]/.test(root)) {
    return 'The package is in an archive, where no binary can be loaded or built. Unpack it with: yarn unplug heddle'
  }
  if (!isPackage()) return isExecutable() ? EXECUTABLE : EXTERNAL
  return `Build it from source with: node ${/\s/.test(script) ? JSON.stringify(script) : script}`
}

/** Which flags keep all addons out, in words; '' for what keeps out this one. */
function forbidden({ code }) {
  if (!/_DLOPEN_DISABLED$/.test(code)) return ''
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)]
  const { permission } = process
  const unallowed =
    Object.hasOwn(process, 'permission') && !permission.has('addon') && !flags.includes('--allow-addons')
  const remedies = []
  if (unallowed) remedies.push("Node's permission model does not allow them: start Node with --allow-addons")
  if (flags.includes('--no-addons') || !unallowed) remedies.push('--no-addons forbids them: start Node without it')
  return remedies.join('; ')
}

/** Runtimes that have Node-API, but no event loop of libuv's. */
function foreign({ versions }) {
  for (const name of ['bun', 'deno']) {
    if (versions[name] !== undefined) return `${name[0].toUpperCase()}${name.slice(1)} ${versions[name]}`
  }
  return ''
}

/**
 * Loads the addon.
 * @param {{platform: string, arch: string, versions: object}} [of] the process
 * @param {string} [library] its C library
 * @throws {HeddleError} ERR_HEDDLE_RUNTIME, ERR_HEDDLE_NO_BINARY or ERR_HEDDLE_LOAD
 */
function load(of = process, library = libc()) {
  const runtime = foreign(of)
  if (runtime !== '') {
    const words = `heddle needs Node.js: it uses libuv's event loop and thread pool, which ${runtime} does not have`
    throw new HeddleError('ERR_HEDDLE_RUNTIME', words)
  }
  const files = [
    path.join(root, 'build', 'Release', 'heddle.node'),
    path.join(root, 'prebuilds', prebuildName(of, library), 'heddle.node'),
  ].filter((file) => fs.existsSync(file))
  const where = `platform ${of.platform}, architecture ${of.arch}, C library ${library || 'of the system'}`
  const failures = []
  for (const file of files) {
    try {
      return require(file)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 0) {
    throw new HeddleError('ERR_HEDDLE_NO_BINARY', `heddle has no binary for ${where}. ${advice()}`)
  }
  const cause = failures.at(-1)
  const flags = forbidden(cause)
  const words =
    flags === ''
      ? `heddle's binary cannot be loaded (${where}): ${cause.message}. ${advice()}`
      : `heddle needs native addons. ${flags}`
  throw new HeddleError('ERR_HEDDLE_LOAD', words, { cause })
}

module.exports = { load, libc }
