'use strict'
// The option `params` of Brotli and zstd: an object, as node:zlib takes it, goes down
// as pairs of a parameter and its value.

const { rangeError, typeError } = require('../errors.js')
const { ownOf } = require('./own.js')

const ZSTD_WORKERS = 400

const kinds = {
  brotliCompress: { Pairs: Uint32Array, least: 0, most: 2 ** 32 - 1, names: [0, 8], words: 'BROTLI_PARAM_' },
  brotliDecompress: { Pairs: Uint32Array, least: 0, most: 2 ** 32 - 1, names: [0, 1], words: 'BROTLI_DECODER_PARAM_' },
  zstdCompress: { Pairs: Int32Array, least: -(2 ** 31), most: 2 ** 31 - 1, names: [100, 499], words: 'ZSTD_c_' },
  zstdDecompress: { Pairs: Int32Array, least: -(2 ** 31), most: 2 ** 31 - 1, names: [100, 100], words: 'ZSTD_d_' },
}

function checkValue(where, { least, most }, key, value) {
  const label = `option "params[${key}]"`
  if (typeof value === 'boolean') return Number(value)
  const expected = 'a number or a boolean'
  if (typeof value !== 'number') throw typeError(where, label, expected, value)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw rangeError(where, label, `an integer from ${least} to ${most}`, value)
  }
  if (where === 'zstdCompress' && key === `${ZSTD_WORKERS}` && value !== 0) {
    throw rangeError(where, label, "0: the threads are heddle's", value)
  }
  return value
}

function pairsOf(where, params) {
  const kind = kinds[where]
  const expected = `an object whose keys are values of zlib.constants.${kind.words}...`
  if (params === null || typeof params !== 'object' || ArrayBuffer.isView(params) || Array.isArray(params)) {
    throw typeError(where, 'option "params"', expected, params)
  }
  const own = ownOf(params, (key) => {
    const [first, last] = kind.names
    if (!/^\d+$/.test(key) || Number(key) < first || Number(key) > last) {
      throw typeError(where, 'option "params"', expected, key)
    }
  })
  const pairs = Object.entries(own).map(([key, value]) => [Number(key), checkValue(where, kind, key, value)])
  return kind.Pairs.from(pairs.flat())
}

/** The options with `params` as they go down; what are none is left to the task's own check. */
function withParams(where, options) {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) return options
  const given = ownOf(options, () => {})
  if (given.params !== undefined) given.params = pairsOf(where, given.params)
  return given
}

module.exports = { withParams }
