'use strict'
// What must be true of each binary before it is published.

const path = require('node:path')
const { fetched } = require('../packages.js')
const { bindsNow, contains, exported, imported, leastMacos, needed } = require('./symbols.js')
const { GLIBC } = require('./targets.js')

// By these Node finds the addon. The rest are the linkers' own.
const ENTRIES = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']
// By this copies of the addon find each other: see src/engine/schedule/slots.h.
const SHARED = ['heddle_slots_1']
const LINKERS = ['__dso_handle', '_mh_dylib_header', '_init', '_fini']

const LIBRARIES = {
  elf: /^(lib(c|m|dl|pthread)\.so\.\d|ld-linux-[\w-]+\.so\.\d|libc\.so)$/,
  macho: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  pe: /^(KERNEL32\.dll|msvcrt\.dll|node\.exe)$/i,
}

const OF_NODE = /^(napi|node_api|uv)_/

const newer = (version, than) => {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  return a[0] !== b[0] ? a[0] > b[0] : (a[1] ?? 0) > (b[1] ?? 0)
}

const executable = { elf: 'node', macho: 'node', pe: 'node.exe' }

const known = new Map() // by the package's name: what its executable exports, which takes a second to read

function exportsOf(host, format) {
  if (!known.has(host)) known.set(host, exported(path.join(fetched(host), 'bin', executable[format]), format))
  return known.get(host)
}

function versions({ format, name }, file, symbols) {
  if (format === 'macho') {
    const least = leastMacos(file)
    return newer(least, '11.0') ? [`asks for macOS ${least}`] : []
  }
  const asked = symbols.map((symbol) => /@GLIBC_([\d.]+)$/.exec(symbol)).filter((match) => match !== null)
  const late = asked.filter((match) => name.endsWith('-musl') || newer(match[1], GLIBC))
  return late.map((match) => `asks for ${match.input}`)
}

/**
 * @param {import('./targets.js').Target} target
 * @param {string} file
 * @returns {string[]} what is wrong with it, in words
 */
function check(target, file) {
  const { format } = target
  const symbols = imported(file, format)
  const problems = versions(target, file, symbols)
  const exports = exported(file, format)
  for (const name of ENTRIES) if (!exports.has(name)) problems.push(`does not export ${name}`)
  for (const name of exports) {
    if (![...ENTRIES, ...SHARED, ...LINKERS].includes(name)) problems.push(`exports ${name}`)
  }
  for (const library of needed(file)) {
    if (!LIBRARIES[format].test(library) && !library.endsWith('heddle.node')) problems.push(`needs ${library}`)
  }
  const host = exportsOf(target.host, format)
  for (const symbol of symbols) {
    if (OF_NODE.test(symbol) && !host.has(symbol)) problems.push(`imports ${symbol}, which ${target.host} has not`)
  }
  // Delayed imports are in no table of a PE file. What is not in node.exe does not link there.
  if (format !== 'pe' && !symbols.some((symbol) => OF_NODE.test(symbol))) problems.push('imports nothing of Node')
  if (format === 'elf' && !bindsNow(file)) problems.push('looks its symbols up late: it was linked without -z now')
  if (contains(file, path.join(__dirname, '..', '..'))) problems.push('has a path of this machine in it')
  return problems
}

module.exports = { check }
