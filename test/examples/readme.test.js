'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { folder } = require('../helpers/example.js')

describe('examples/README.md', () => {
  it('lists every example once, and no other', () => {
    const readme = fs.readFileSync(path.join(folder, 'README.md'), 'utf8')
    const rows = [...readme.matchAll(/^\| \[([^\]]*)\]\(([^)]*)\) \|/gm)]
    const listed = rows.map(([, name, link]) => {
      assert.equal(link, name)
      return name
    })
    const files = fs.readdirSync(folder).filter((name) => /\.m?js$/.test(name))
    assert.deepEqual(listed.sort(), files.sort())
  })

  it('lists those that have tests', () => {
    const tested = fs.readdirSync(__dirname).map((name) => name.replace('.test.js', '.mjs'))
    const programs = fs.readdirSync(folder).filter((name) => name.endsWith('.mjs'))
    assert.deepEqual(tested.filter((name) => name !== 'readme.mjs').sort(), programs.sort())
  })
})
