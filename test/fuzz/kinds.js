'use strict'
// What is fuzzed: how cases of a kind are made, printed, run, and made small where
// fast-check alone leaves too much.

const path = require('node:path')
const { inspect } = require('node:util')
const { print } = require('./print.js')
const { programs } = require('./program.js')
const { reduce } = require('./reduce.js')
const { cases } = require('./tasks/cases.js')

const kinds = {
  programs: {
    arbitrary: programs,
    child: path.join(__dirname, 'child.js'),
    print,
    reduce,
    flag: '',
  },
  tasks: {
    arbitrary: cases,
    child: path.join(__dirname, 'tasks', 'child.js'),
    print: (it) => inspect(it, { depth: Infinity, breakLength: 100 }).split('\n'),
    reduce: async (it) => it,
    flag: '--tasks ',
  },
}

module.exports = { kinds }
