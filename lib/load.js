'use strict'
// Finds the addon: the build in this folder.

const path = require('node:path')

module.exports = require(path.join(__dirname, '..', 'build', 'Release', 'heddle.node'))
