'use strict'
// Compiles plugins for tests, without heddle's own command. No test in here.

const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const include = path.join(root, 'include')
const built = path.join(root, 'build', 'test-plugins')

// Under a sanitizer the host has it preloaded; the compiler must not.
const environment = { ...process.env, LD_PRELOAD: undefined }

// Where a program that runs compilers must stay under it: they leak.
const noLeaks = { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:detect_leaks=0` }

const headers = fs.readdirSync(include).map((name) => fs.readFileSync(path.join(include, name)))

/**
 * Compiles a library, unless the same was compiled before.
 * @param {string} source its text, C or C++
 * @param {{cxx?: boolean, flags?: string[]}} [options]
 * @returns {string} its path
 */
function compileText(source, { cxx = false, flags = [] } = {}) {
  const [compiler, standard] = cxx
    ? [process.env.CXX ?? 'c++', '-std=c++17']
    : [process.env.CC ?? 'cc', '-std=c11']
  const all = [
    standard,
    '-O2',
    '-Wall',
    '-Wextra',
    '-Wpedantic',
    '-Werror',
    '-fPIC',
    '-shared',
    ...flags,
  ]
  const hash = createHash('sha256').update(JSON.stringify([compiler, all, source]))
  for (const header of headers) hash.update(header)
  const name = path.join(built, hash.digest('hex').slice(0, 24))
  const library = `${name}.heddle`
  if (fs.existsSync(library)) return library
  fs.mkdirSync(built, { recursive: true })
  const [file, made] = [`${name}.${process.pid}.${cxx ? 'cc' : 'c'}`, `${name}.${process.pid}`]
  fs.writeFileSync(file, source)
  const args = [...all, '-I', include, file, '-o', made, '-lm', '-pthread']
  execFileSync(compiler, args, { env: environment, stdio: ['ignore', 'inherit', 'inherit'] })
  fs.renameSync(made, library) // at once: another process may look for it
  fs.rmSync(file)
  return library
}

/** The same of a file. */
function compileFile(file, options) {
  const cxx = /\.(cc|cpp)$/.test(file)
  return compileText(fs.readFileSync(file, 'utf8'), { cxx, ...options })
}

/** A library of tasks: their functions, and their rows in the table. */
function compileTasks(functions, rows, options) {
  return compileText(
    `#include "heddle.h"
#include <string.h>
${functions}
static const heddle_task tasks[] = {${rows}};
HEDDLE_MODULE("fixture", tasks)
`,
    options,
  )
}

module.exports = { compileFile, compileTasks, compileText, noLeaks }
