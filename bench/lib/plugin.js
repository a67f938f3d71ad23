'use strict'
// The plugin that is measured, and where it is built.

const path = require('node:path')
const { load } = require('./heddle.js')

const source = path.join(__dirname, '..', 'plugin', 'bench.c')
const library = path.join(__dirname, '..', 'plugin', 'build', 'bench.heddle')

module.exports = { source, library, loadPlugin: () => load(library) }
