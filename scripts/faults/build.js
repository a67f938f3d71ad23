'use strict'
// Copies of the tree below build/faults, with an addon whose allocations can be
// made to fail.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { buildTree, copyTree } = require('../tree.js')

const root = path.join(__dirname, '..', '..')
const COUNTED = ['handle_scope', 'callback_scope'].flatMap((name) => [`open_${name}`, `close_${name}`])
const WRAPPED = [...COUNTED, 'create_reference', 'delete_reference'].map((name) => `--wrap=napi_${name}`)

/** @param {string} sanitize what gcc's -fsanitize takes, or '' @returns {string} the copy's folder */
function buildCopy(sanitize) {
  const folder = path.join(root, 'build', 'faults', sanitize === '' ? 'plain' : 'asan')
  copyTree(folder)
  const [ours, theirs] = [path.join(__dirname, 'alloc.c'), path.join(folder, 'src/engine/base/alloc.c')]
  fs.cpSync(ours, theirs, { preserveTimestamps: true })
  buildTree(folder, { sanitize, env: { LDFLAGS: `-Wl,${WRAPPED.join(',')}` } })
  return folder
}

/** A library to preload, which denies threads and room on the disk. */
function buildLimits() {
  const library = path.join(root, 'build', 'faults', 'limits.so')
  const source = path.join(__dirname, 'limits.c')
  const options = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared']
  execFileSync('gcc', [...options, source, '-o', library, '-ldl', '-pthread'])
  return library
}

module.exports = { buildCopy, buildLimits }
