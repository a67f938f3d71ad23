'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { expected, PAGE } = require('../../scripts/platforms/page.js')
const { targets } = require('../../scripts/prebuild/targets.js')

describe('docs/platforms.md', () => {
  it('is what was written of the results', () => {
    assert.equal(fs.readFileSync(PAGE, 'utf8'), expected())
  })

  it('has every binary', () => {
    const page = fs.readFileSync(PAGE, 'utf8')
    for (const { name } of targets) assert.ok(page.includes(`| ${name} |`), name)
  })
})
