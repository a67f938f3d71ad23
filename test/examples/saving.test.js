'use strict'

const assert = require('node:assert/strict')
const { atOnce, example, oneByOne } = require('../helpers/example.js')

const items = ['1', '2', '3', '4', '5']
const allSaved = 'all saved'

/** The most items that are under way at a time. */
function mostAtOnce(lines) {
  let open = 0
  let most = 0
  for (const line of lines) {
    if (line.startsWith('server: start')) most = Math.max(most, ++open)
    else if (line.startsWith('server: end')) open--
  }
  return most
}

describe('examples/saving.mjs', () => {
  const section = example('saving.mjs')

  it('has not saved anything when forEach is over', () => {
    const expected = ['forEach is over: 0 saved', ...atOnce(items, items, 'server: ')]
    assert.deepEqual(section('forEach with an async function'), expected)
  })

  for (const title of ['for...of and await', 'heddle: sequential']) {
    it(`saves one after the other: ${title}`, () => {
      assert.deepEqual(section(title), [...oneByOne(items, 'server: '), allSaved])
    })
  }

  for (const title of ['Promise.all', 'heddle: parallel']) {
    it(`saves all at once: ${title}`, () => {
      assert.deepEqual(section(title), [...atOnce(items, items, 'server: '), allSaved])
    })
  }

  for (const title of ['two loops that share a list', 'heddle: map with concurrency']) {
    it(`saves two at a time: ${title}`, () => {
      const lines = section(title)
      assert.equal(mostAtOnce(lines), 2)
      const starts = lines.filter((line) => line.startsWith('server: start'))
      assert.deepEqual(starts, items.map((item) => `server: start ${item}`))
      const ends = lines.filter((line) => line.startsWith('server: end'))
      assert.deepEqual(ends.sort(), items.map((item) => `server: end ${item}`))
      assert.equal(lines.at(-1), allSaved)
    })
  }
})
