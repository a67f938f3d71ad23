'use strict'
// One product of large matrices, against three loops in the order that caches like.

const assert = require('node:assert')
const { tasks, run } = require('../lib/heddle.js')
const { comparison, faster } = require('../lib/kit.js')

function loops({ a, b, size }) {
  const c = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < size; l++) {
      const factor = a[i * size + l]
      for (let j = 0; j < size; j++) c[i * size + j] += factor * b[l * size + j]
    }
  }
  return c
}

/** Whole numbers, and so small that no order of additions rounds. */
const matrix = (size) =>
  Float64Array.from({ length: size * size }, () => Math.floor(Math.random() * 200) - 100)

module.exports = comparison({
  group: 'CPU in C',
  title: 'Multiplying matrices of doubles',
  setup: ({ quick }) => {
    const size = quick ? 200 : 1_000
    return { a: matrix(size), b: matrix(size), size }
  },
  what: ({ size }) => `${size} × ${size}`,
  sides: () => ({
    heddle: ({ a, b, size }) => run(tasks.matmul(a, b, size, size, size)),
    'three loops': loops,
  }),
  rounds: ({ quick }) => (quick ? 2 : 11),
  check: ({ heddle, ...others }) => assert.deepStrictEqual(heddle, others['three loops']),
  claims: { 'three loops': [faster(4)] },
})
