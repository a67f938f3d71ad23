'use strict'
// One large sum: heddle's is compensated, and shared out; the loop adds plainly.

const assert = require('node:assert')
const { tasks, run } = require('../lib/heddle.js')
const { comparison, faster } = require('../lib/kit.js')

function loop(numbers) {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i]
  return total
}

module.exports = comparison({
  group: 'CPU in C',
  title: 'Summing doubles',
  setup: ({ quick }) =>
    Float64Array.from({ length: quick ? 500_000 : 5_000_000 }, () => Math.random() - 0.5),
  what: (numbers) => `${numbers.length.toLocaleString('en')} doubles`,
  sides: () => ({
    heddle: (numbers) => run(tasks.sum(numbers)),
    'a loop': loop,
  }),
  rounds: ({ quick }) => (quick ? 2 : 21),
  check: ({ heddle, ...others }) => assert.ok(Math.abs(heddle - others['a loop']) < 1e-6),
  claims: { 'a loop': [faster(1)] },
})
