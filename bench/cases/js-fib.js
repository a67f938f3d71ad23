'use strict'
// CPU and nothing else: numbers in, numbers out, tasks of 3 to 8 ms.

const { onThreads } = require('../lib/on-threads.js')

module.exports = onThreads({
  title: 'Fibonacci numbers, by recursion',
  name: 'fib',
  values: (count) => Array.from({ length: count }, (_, i) => 28 + (i % 3)),
  what: (list) => `${list.length} × fib(28 to 30)`,
})
