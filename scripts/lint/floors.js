'use strict'
// What keeps the floors of src/ apart and the compiler cannot see. Each floor is
// compiled with the folders that it may include from (binding.gyp), and nothing
// may get around that: a path in an include, a declaration of somebody else's
// function. And files must not need each other in a circle.

const path = require('node:path')

/** Headers of others, and the folders that alone may include them. */
const RESERVED = [
  [/^(js_native_api|node)\b|^node_api/, ['src/binding'], 'is for the binding'],
  [/^uv\b/, ['src/binding', 'src/engine'], 'is not for tasks'],
]

const TOKENS = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?\*\/|\/\/.*/g

/** The text without comments; what was in them is blank, so that lines stay. */
const withoutComments = (text) =>
  text.replace(TOKENS, (token) => (token.startsWith('/') ? token.replace(/[^\n]/g, ' ') : token))

/** A prototype at file scope, or in a function: one that another file defines. */
const PROTOTYPES = [
  /^(?!static\b|typedef\b)[A-Za-z_][\w\s*]*[\s*](\w+)\([^;{}]*\);/gm,
  /^[ \t]+(?!return\b|else\b|goto\b|case\b)[A-Za-z_][\w \t*]*[\s*](hd_\w+)\([^;{}()]*\);/gm,
]

const lineOf = (text, index) => text.slice(0, index).split('\n').length

/** @returns {{line: number, open: string, name: string}[]} `open` is the quote or bracket before the name */
const includesOf = (text) =>
  [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">]*)[">]/gm)].map(({ 1: open, 2: name, index }) => ({
    line: lineOf(text, index),
    open,
    name,
  }))

function problemOfInclude(file, { open, name }) {
  if (name.includes('..') || (open === '"' && /[/\\]/.test(name))) return 'names a folder: floors are kept by -I alone'
  if (open === '"' && !name.endsWith('.h')) return 'is no header'
  const reserved = RESERVED.find(([pattern]) => pattern.test(name))
  if (reserved === undefined || reserved[1].some((folder) => file.startsWith(`${folder}/`))) return undefined
  return reserved[2]
}

/**
 * What is wrong in one file of src/.
 * @param {string} file its path, with slashes
 * @param {string} source its text
 * @returns {string[]} as "FILE:LINE: words"
 */
function check(file, source) {
  const text = withoutComments(source)
  const problems = []
  const add = (line, words) => problems.push(`${file}:${line}: ${words}`)
  for (const include of includesOf(text)) {
    const words = problemOfInclude(file, include)
    if (words !== undefined) add(include.line, `${include.name} ${words}`)
  }
  if (file.endsWith('.h')) return problems
  for (const { index } of text.replace(/"(?:\\.|[^"\\\n])*"/g, (it) => ' '.repeat(it.length)).matchAll(/\bextern\b/g)) {
    add(lineOf(text, index), 'extern is for headers')
  }
  for (const pattern of PROTOTYPES) {
    for (const { 1: name, index } of text.matchAll(pattern)) {
      add(lineOf(text, index), `${name}() is declared here, and not in the header of who defines it`)
    }
  }
  return problems
}

/** A source and its header are one: "src/engine/base/fs". */
const unitOf = (file) => file.replace(/\.\w+$/, '')

/**
 * A circle in a graph, as the names on it, or undefined.
 * @param {Map<string, Iterable<string>>} graph
 * @returns {string[] | undefined} the first is the last as well
 */
function circle(graph) {
  const state = new Map() // 'open' while we are above it, then 'done'
  const visit = (name, above) => {
    if (state.get(name) === 'done') return undefined
    if (state.get(name) === 'open') return [...above.slice(above.indexOf(name)), name]
    state.set(name, 'open')
    for (const next of graph.get(name) ?? []) {
      const found = next === name ? undefined : visit(next, [...above, name])
      if (found !== undefined) return found
    }
    state.set(name, 'done')
    return undefined
  }
  for (const name of graph.keys()) {
    const found = visit(name, [])
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Which units include which.
 * @param {Map<string, string>} files texts by path
 * @returns {Map<string, Set<string>>}
 */
function includes(files) {
  const graph = new Map([...files.keys()].map((file) => [unitOf(file), new Set()]))
  for (const [file, source] of files) {
    for (const { open, name } of includesOf(withoutComments(source))) {
      if (open !== '"') continue
      const beside = path.posix.join(path.posix.dirname(file), name)
      const found = files.has(beside) ? beside : [...files.keys()].find((other) => other.endsWith(`/${name}`))
      if (found !== undefined) graph.get(unitOf(file)).add(unitOf(found))
    }
  }
  return graph
}

/**
 * Everything that is wrong.
 * @param {Map<string, string>} files the texts of src/, by path
 * @returns {string[]}
 */
function checkAll(files) {
  const problems = [...files].flatMap(([file, text]) => check(file, text))
  const found = circle(includes(files))
  if (found !== undefined) problems.push(`these include each other in a circle: ${found.join(' -> ')}`)
  return problems
}

module.exports = { check, checkAll, circle, includes, unitOf }
