'use strict'

const { load } = require('heddle')

const file = require.resolve('./build/Release/primes.node')

const { primesSync } = require(file) // an ordinary addon: on this thread
const { primes } = load(file) // the same file: Tasks

module.exports = { primes, primesSync }
