'use strict'
// The style sheets, one text each.

const fs = require('node:fs')
const path = require('node:path')

const sheet = (name) => fs.readFileSync(path.join(__dirname, `${name}.css`), 'utf8')

module.exports = { sheet }
