'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { fileOf, names } = require('../../bench/lib/cases.js')

const folder = path.join(__dirname, '..', '..', 'bench')

describe('bench/README.md', () => {
  it('tells of each case once, and of no other', () => {
    const text = fs.readFileSync(path.join(folder, 'README.md'), 'utf8')
    const [, table] = /^\| case \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(text)
    const told = table.trim().split('\n').flatMap((line) => line.split('|')[1].match(/[^\s`,]+/g))
    assert.deepEqual(told.sort(), [...names].sort())
  })
})

describe('the cases of the suite', () => {
  it('are the files of bench/cases', () => {
    const files = fs.readdirSync(path.join(folder, 'cases')).map((name) => path.join(folder, 'cases', name))
    assert.deepEqual(names.map(fileOf).sort(), files.sort())
  })
})
