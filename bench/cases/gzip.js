'use strict'
// Compressing real text, in pieces of 64 KiB, at zlib's default level.

const assert = require('node:assert')
const { promisify } = require('node:util')
const zlib = require('node:zlib')
const { fasterByCores, noSlower } = require('../lib/claims.js')
const { tasks } = require('../lib/heddle.js')
const { all, loop, nativeSides, LIMITED } = require('../lib/native.js')
const { pieces } = require('../lib/texts.js')
const { comparison } = require('../lib/kit.js')

const options = { level: 6 }
const gzip = promisify(zlib.gzip)

module.exports = comparison({
  group: 'CPU in C',
  title: 'gzip of text in pieces of 64 KiB',
  setup: ({ quick }) => pieces(quick ? 10 : 80, 64 * 1024),
  what: (list) => `${list.length} × 64 KiB`,
  sides: () =>
    nativeSides({
      task: (piece) => tasks.gzip(piece, options),
      async: ['zlib.gzip', (piece) => gzip(piece, options)],
      sync: ['gzipSync', (piece) => zlib.gzipSync(piece, options)],
    }),
  check(results, list) {
    for (const packed of Object.values(results)) {
      assert.ok(packed.every((bytes, i) => zlib.gunzipSync(bytes).equals(list[i])))
    }
  },
  claims: {
    [all('zlib.gzip')]: [noSlower],
    [LIMITED]: [noSlower],
    [loop('gzipSync')]: fasterByCores(),
  },
})
