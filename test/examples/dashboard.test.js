'use strict'

const assert = require('node:assert/strict')
const { atOnce, example } = require('../helpers/example.js')

const parts = ['profile', 'notifications', 'activity']
const ends = ['profile', 'activity', 'notifications']
const shown = `dashboard: ${JSON.stringify({
  profile: { name: 'Ada' },
  notifications: ['Welcome'],
  activity: [{ at: '09:00', what: 'login' }],
})}`

describe('examples/dashboard.mjs', () => {
  const section = example('dashboard.mjs')

  for (const title of ['Promise.all', 'heddle: parallel, an object']) {
    it(`loads its parts at once: ${title}`, () => {
      assert.deepEqual(section(title), [...atOnce(parts, ends, 'server: '), shown])
    })
  }
})
