'use strict'
// docs/remote.md says what is: its examples run, with a real Redis.

const fs = require('node:fs')
const path = require('node:path')
const { blocksOf, itRuns } = require('../helpers/blocks.js')
const { root } = require('../support.js')
const { needsRedis, TestRedis } = require('./support.js')

describe('docs/remote.md', function () {
  this.timeout(60_000)

  const redis = new TestRedis()
  before(needsRedis)
  before(() => redis.start())
  after(() => redis.stop())

  const text = fs.readFileSync(path.join(root, 'docs', 'remote.md'), 'utf8')
  itRuns(blocksOf(text), ({ line }) => `runs the example at line ${line}`, () => ({ HEDDLE_REDIS_URL: redis.path }))
})
