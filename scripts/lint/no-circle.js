'use strict'
// A rule for eslint: no file requires itself, directly or by others. (That of
// import-x follows import statements, and not require().)

const fs = require('node:fs')
const path = require('node:path')

const REQUIRE = /\brequire\((['"])(\.[^'"]*)\1\)/g

/** The files that a text requires by relative paths. */
const requiredBy = (text, file) =>
  [...text.matchAll(REQUIRE)].map(([, , name]) => path.resolve(path.dirname(file), name))

/** The shortest way from a file to another, by what they require; undefined if there is none. */
function wayTo(goal, start) {
  const ways = new Map([[start, [start]]])
  for (const [file, way] of ways) {
    if (file === goal) return way
    if (!file.endsWith('.js') || !fs.existsSync(file)) continue
    for (const next of requiredBy(fs.readFileSync(file, 'utf8'), file)) {
      if (!ways.has(next)) ways.set(next, [...way, next])
    }
  }
  return undefined
}

function create(context) {
  const { filename } = context
  return {
    'CallExpression[callee.name="require"] > Literal'(node) {
      if (typeof node.value !== 'string' || !node.value.startsWith('.')) return
      const way = wayTo(filename, path.resolve(path.dirname(filename), node.value))
      if (way === undefined) return
      const names = [filename, ...way].map((file) => path.relative(context.cwd, file))
      context.report({ node, message: `a circle: ${names.join(' -> ')}` })
    },
  }
}

module.exports = { meta: { type: 'problem', schema: [] }, create }
