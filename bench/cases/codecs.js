'use strict'
// Brotli, at a level for answers that are made on the fly, and zstd at its default, where Node has it.

const zlib = require('node:zlib')
const { codecCase } = require('../lib/codecs.js')
const { series } = require('../lib/kit.js')

const { BROTLI_PARAM_QUALITY } = zlib.constants

const cases = [
  codecCase({
    name: 'brotliCompress',
    expand: zlib.brotliDecompressSync,
    options: { params: { [BROTLI_PARAM_QUALITY]: 5 } },
    count: 80,
  }),
]
if (zlib.zstdCompress !== undefined) {
  cases.push(codecCase({ name: 'zstdCompress', expand: zlib.zstdDecompressSync, options: {}, count: 400 }))
}

module.exports = series({ group: 'CPU in C', title: 'Brotli and zstd of text in pieces of 64 KiB', cases })
