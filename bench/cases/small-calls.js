'use strict'
// Calls of 1, 4 and 10 members: what a call costs whose members cost nothing.

const { goal, goalTimes, paired } = require('../lib/kit.js')
const { sidesOf, subjectOf } = require('../lib/small.js')

const times = (most) => ({ claims: () => [goalTimes(most)] })
// Of ten members the members themselves take longer.
const within = (µs) => ({ claims: (size) => (size <= 4 ? [goal(µs, 'µs/call')] : []) })

module.exports = paired({
  file: __filename,
  group: 'Overhead',
  title: 'Small calls: parallel, map, sequential',
  subjects: {
    'parallel, promises': subjectOf('parallel, promises', times(1.2)),
    'parallel, functions': subjectOf('parallel, functions', times(1.5)),
    'parallel, functions with a parameter': subjectOf('parallel, functions', { parameter: true }),
    'map, items': subjectOf('map, items', within(1.2)),
    'map, promises': subjectOf('map, promises'),
    'sequential, functions': subjectOf('sequential, functions', within(1.2)),
    'sequential, promises': subjectOf('sequential, promises'),
  },
  sides: (mode) => sidesOf(['parallel, functions', 'parallel, promises', 'map, items', 'sequential, functions'], mode),
})
