'use strict'
// Real text: documents and sources of packages that bench/package-lock.json pins, so
// that it is the same on every machine.

const fs = require('node:fs')
const path = require('node:path')

const modules = path.join(__dirname, '..', 'node_modules')

const DOCUMENTS = [
  'async/CHANGELOG.md',
  'node-gyp/README.md',
  'p-map/readme.md',
  'p-queue/readme.md',
  'piscina/CHANGELOG.md',
  'piscina/README.md',
  'poolifier/README.md',
  'tinypool/README.md',
  'workerpool/HISTORY.md',
  'workerpool/README.md',
]

const SOURCES = ['async/dist/async.js', 'bluebird/js/browser/bluebird.js', 'node-gyp/CHANGELOG.md']

const read = (name) => fs.readFileSync(path.join(modules, name))

/** @returns {string[]} documents in Markdown, of 8 to 40 kB; `count` of them, taken in turns */
function documents(count) {
  const texts = DOCUMENTS.map((name) => read(name).toString())
  return Array.from({ length: count }, (_, i) => texts[i % texts.length])
}

/** @returns {Buffer[]} `count` pieces of prose and source text, taken in turns */
function pieces(count, size) {
  const text = Buffer.concat([...DOCUMENTS, ...SOURCES].map(read))
  const whole = Math.floor(text.length / size)
  const piece = (i) => Buffer.from(text.subarray(i * size, (i + 1) * size))
  return Array.from({ length: count }, (_, i) => piece(i % whole))
}

module.exports = { documents, pieces }
