'use strict'

const fs = require('node:fs')
const path = require('node:path')

/** heddle's version; in a bundle it is not known. */
function own() {
  try {
    return JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')).version
  } catch {
    return 'unknown'
  }
}

const versions = () => ({
  heddle: own(),
  node: process.version.slice(1),
  platform: `${process.platform}-${process.arch}`,
})

module.exports = { versions }
