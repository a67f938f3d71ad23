'use strict'
// Races of 1, 4 and 10 members that cost nothing.

const { goal, paired } = require('../lib/kit.js')
const { sidesOf, subjectOf } = require('../lib/small.js')

const within = (µs) => ({ claims: (size) => (size <= 4 ? [goal(µs, 'µs/call')] : []) })

module.exports = paired({
  file: __filename,
  group: 'Sequences and races',
  title: 'Small calls: race, any',
  subjects: {
    'race, promises': subjectOf('race, promises', within(3)),
    'race, functions': subjectOf('race, functions'),
    'any, promises': subjectOf('any, promises', within(3)),
    'any, functions': subjectOf('any, functions'),
  },
  sides: (mode) => sidesOf(['race, promises', 'race, functions', 'any, promises', 'any, functions'], mode),
})
