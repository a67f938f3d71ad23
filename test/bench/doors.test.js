'use strict'
// The frame of the benchmarks is a user of heddle: it knows what is public, and the words of errors.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const DOORS = ['lib/index.js', 'lib/tasks.js', 'lib/errors.js', 'package.json']
const ROOMS = ['bench/harness', 'bench/report']

/** What a file requires of the package, as paths from its root. */
function required(file) {
  const names = fs.readFileSync(file, 'utf8').matchAll(/\brequire\('(\.[^']*)'\)/g)
  return [...names].map(([, name]) => path.relative(root, path.resolve(path.dirname(file), name)).replaceAll(path.sep, '/'))
}

describe('the frame of the benchmarks', () => {
  it('is in its rooms, and comes to heddle by the doors', () => {
    const files = ROOMS.flatMap((room) =>
      fs
        .readdirSync(path.join(root, room), { recursive: true })
        .filter((name) => name.endsWith('.js'))
        .map((name) => path.join(root, room, name)),
    )
    const found = new Set(files.flatMap(required))
    assert.ok(found.has('lib/index.js'), 'requires are read')
    const outside = [...found].filter((name) => !ROOMS.some((room) => name.startsWith(`${room}/`)))
    assert.deepEqual(outside.filter((name) => !DOORS.includes(name)), [])
  })
})
