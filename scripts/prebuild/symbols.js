'use strict'
// Symbols of binaries, read by LLVM's tools, which know all three formats.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')

function lines(command, args) {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] }
  return execFileSync(command, args, options).split('\n')
}

const nm = (...args) => lines('llvm-nm', ['--format=just-symbols', ...args]).filter(Boolean)

/** Mach-O puts an underscore before every name. */
const plain = (names, format) => (format === 'macho' ? names.map((name) => name.replace(/^_/, '')) : names)

/** @returns {Set<string>} what an executable or library exports */
function exported(file, format) {
  if (format === 'pe') {
    const names = lines('llvm-readobj', ['--coff-exports', file]).map((line) => /^ *Name: (.+)$/.exec(line)?.[1])
    return new Set(names.filter((name) => name !== undefined))
  }
  const dynamic = format === 'elf' ? ['--dynamic'] : ['--extern-only']
  return new Set(plain(nm(...dynamic, '--defined-only', file).map((name) => name.split('@')[0]), format))
}

/** What an object leaves to others. */
const undefinedIn = (object) => nm('--undefined-only', object)

/**
 * What a library imports: names as in C, for ELF with "@VERSION" behind those that have one.
 * @returns {string[]}
 */
function imported(file, format) {
  if (format === 'pe') {
    const found = lines('llvm-readobj', ['--coff-imports', file])
    return found.map((line) => /^ *Symbol: (\S+)/.exec(line)?.[1]).filter((name) => name !== undefined)
  }
  return plain(nm(...(format === 'elf' ? ['--dynamic'] : []), '--undefined-only', file), format)
}

/** The libraries that the system has to bring. */
function needed(file) {
  const found = lines('llvm-readobj', ['--needed-libs', file]).map((line) => line.trim())
  const from = found.indexOf('NeededLibraries [')
  return found.slice(from + 1, found.indexOf(']', from))
}

/** Whether every symbol is looked up when it is loaded; ELF only. */
function bindsNow(file) {
  return lines('llvm-readobj', ['--dynamic-table', file]).some((line) => /FLAGS_1 .*\bNOW\b/.test(line))
}

/** The system that a Mach-O file asks for, as "11.0". */
function leastMacos(file) {
  const found = lines('llvm-readobj', ['--macho-version-min', file]).map((line) => /^ *Version: (.+)$/.exec(line)?.[1])
  return found.find((version) => version !== undefined)
}

const contains = (file, text) => fs.readFileSync(file).includes(text)

module.exports = { exported, undefinedIn, imported, needed, bindsNow, leastMacos, contains }
