'use strict'
// Memory does not grow over 100 rounds. What is compared are medians of late
// and early rounds, 50 apart: 64 bytes a task would be 32 MB for 10,000 tasks.

const assert = require('node:assert/strict')
const path = require('node:path')
const { run } = require('../helpers/child.js')
const { kinds, MOST } = require('./fixtures/rounds.js')

// Newer versions of V8 let the place for young objects grow for a long time.
const STEADY = '--max-semi-space-size=1' // MiB

describe('memory does not grow', () => {
  for (const kind of kinds) {
    it(`with ${kind}`, async function () {
      this.timeout(0) // the child is killed when it hangs
      const file = path.join(__dirname, 'fixtures', 'rounds.js')
      const end = await run(file, { args: [kind], node: ['--expose-gc', STEADY] })
      assert.deepEqual([end.code, end.signal, end.stderr], [0, null, ''])
      const grown = JSON.parse(end.stdout)
      if (process.env.HEDDLE_SANITIZE !== undefined) return // it has run a few rounds only
      for (const [key, most] of Object.entries(MOST)) {
        if (key === 'rss' && process.env.HEDDLE_TEST_NO_RSS !== undefined) continue
        assert.ok(grown[key] < most, end.stdout)
      }
    })
  }
})
