'use strict'
// heddle: promise combinators that own their work.

const { parallel } = require('./combinators/parallel.js')
const { sequential } = require('./combinators/sequential.js')
const { race } = require('./combinators/race.js')
const { any } = require('./combinators/any.js')
const { allSettled } = require('./combinators/allSettled.js')
const { map, mapSkip } = require('./combinators/map.js')
const { stream } = require('./combinators/stream.js')
const { retry } = require('./combinators/retry.js')
const { timeout } = require('./combinators/timeout.js')
const { delay } = require('./combinators/delay.js')
const { run } = require('./combinators/run.js')
const { chain } = require('./combinators/chain.js')
const { previous } = require('./task/previous.js')
const { thread } = require('./thread/index.js')
const { transfer } = require('./thread/transfer.js')
const { configure, stats } = require('./task/settings.js')
const { load, include } = require('./plugin/load.js')
const { Task } = require('./task/task.js')
const { HeddleError, AbortError, TimeoutError } = require('./errors.js')
const { UnrecoverableError } = require('./call/retrying.js')

module.exports = {
  parallel,
  sequential,
  race,
  any,
  allSettled,
  map,
  mapSkip,
  stream,
  retry,
  timeout,
  delay,
  run,
  chain,
  previous,
  thread,
  transfer,
  configure,
  stats,
  load,
  include,
  Task,
  HeddleError,
  AbortError,
  TimeoutError,
  UnrecoverableError,
}
