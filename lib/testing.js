'use strict'
// heddle/testing: tasks for tests, demonstrations and benchmarks.

const { maker } = require('./task/maker.js')

const noop = maker('noop')
const sleep = maker('sleep')
const spin = maker('spin')

module.exports = { noop, sleep, spin }
