'use strict'
// heddle: promise combinators that own their work.

const { parallel } = require('./combinators/parallel.js')
const { sequential } = require('./combinators/sequential.js')
const { race } = require('./combinators/race.js')
const { run } = require('./combinators/run.js')
const { chain } = require('./combinators/chain.js')
const { previous } = require('./previous.js')
const { configure, stats } = require('./settings.js')
const { Task } = require('./task.js')
const { HeddleError, AbortError, TimeoutError } = require('./errors.js')

module.exports = {
  parallel,
  sequential,
  race,
  run,
  chain,
  previous,
  configure,
  stats,
  Task,
  HeddleError,
  AbortError,
  TimeoutError,
}
