'use strict'
// heddle/testing: tasks for tests, demonstrations and benchmarks.

require('./external.js') // first: it says what is wrong in a bundle
const { maker } = require('./task/maker.js')

const noop = maker('noop')
const sleep = maker('sleep')
const spin = maker('spin')

module.exports = { noop, sleep, spin }
