'use strict'
// There is no Node.js for musl among the npm packages. A program stands in for
// it, that has functions of the right names: what loads there has all its
// symbols and no other C library, and nothing more is known of it.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { imported } = require('../prebuild/symbols.js')

/** What a binary wants of Node. */
const functionsOfNode = (file) => imported(file, 'elf').filter((name) => /^(napi|node_api|uv)_/.test(name))

/** Compiles the program with these functions into a folder; its path. */
function muslHost(folder, functions) {
  const source = path.join(folder, 'host.c')
  const program = path.join(folder, 'host')
  const stubs = functions.map((name) => `void ${name}(void) { abort(); }\n`)
  fs.writeFileSync(source, fs.readFileSync(path.join(__dirname, 'musl-host.c'), 'utf8') + stubs.join(''))
  execFileSync('musl-gcc', ['-rdynamic', source, '-o', program], { stdio: ['ignore', 'ignore', 'inherit'] })
  return program
}

module.exports = { functionsOfNode, muslHost }
