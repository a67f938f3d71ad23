'use strict'

const path = require('node:path')
const { load } = require('heddle')

const { {{task}} } = load(path.join(__dirname, 'build', '{{name}}.heddle'))

module.exports = { {{task}} }
