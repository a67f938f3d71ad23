'use strict'
// Compressing real text in pieces of 64 KiB, by one of the newer codecs.

const assert = require('node:assert')
const { promisify } = require('node:util')
const zlib = require('node:zlib')
const { fasterByCores, noSlower } = require('./claims.js')
const { tasks } = require('./heddle.js')
const { comparison } = require('./kit.js')
const { all, loop, nativeSides, LIMITED } = require('./native.js')
const { pieces } = require('./texts.js')

/**
 * @param {object} spec
 * @param {string} spec.name of the function of node:zlib, which is that of the task
 * @param {(packed: Buffer) => Buffer} spec.expand
 * @param {object} spec.options
 * @param {number} spec.count of pieces
 */
function codecCase({ name, expand, options, count }) {
  const compress = promisify(zlib[name])
  const sync = `${name}Sync`
  return comparison({
    group: 'CPU in C',
    title: name,
    setup: ({ quick }) => pieces(quick ? 4 : count, 64 * 1024),
    what: (list) => `${name}, ${list.length} × 64 KiB`,
    sides: () =>
      nativeSides({
        task: (piece) => tasks[name](piece, options),
        async: [`zlib.${name}`, (piece) => compress(piece, options)],
        sync: [sync, (piece) => zlib[sync](piece, options)],
      }),
    check(results, list) {
      for (const packed of Object.values(results)) {
        assert.ok(packed.every((bytes, i) => expand(bytes).equals(list[i])))
      }
    },
    claims: {
      [all(`zlib.${name}`)]: [noSlower],
      [LIMITED]: [noSlower],
      [loop(sync)]: fasterByCores(0.9),
    },
  })
}

module.exports = { codecCase }
