'use strict'
// Where threads have to work: workers, permissions.

const assert = require('node:assert/strict')
const path = require('node:path')
const { both, repetitions } = require('../helpers/child.js')
const { child } = require('../support.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('thread: in a worker', () => {
  both('works, and lets it end', { file: fixture('in-worker.js') }, (said) => {
    assert.deepEqual(said, { code: 0, said: [1, 4, 9] })
  })

  both(
    'that is terminated meanwhile',
    { file: fixture('terminated.js'), args: [String(repetitions(10))] },
    (said) => assert.deepEqual(said, { all: true }),
  )
})

describe('thread: under the permission model', () => {
  const major = Number(process.versions.node.split('.')[0])
  const permission = major >= 23 ? '--permission' : '--experimental-permission'
  const flags = [permission, '--allow-fs-read=*', '--allow-addons', '--no-warnings']
  const script = `
    const { thread } = require('heddle')
    thread((n) => n + 1)(1).then(console.log, ({ name, code, message }) => console.log(name, code, message))
  `

  it('says that workers are not allowed', () => {
    const { stdout, stderr } = child(script, { flags })
    assert.equal(stderr, '')
    assert.match(stdout, /^HeddleError ERR_HEDDLE_NO_WORKERS .*--allow-worker/)
  })

  it('works where they are', () => {
    const { stdout, stderr } = child(script, { flags: [...flags, '--allow-worker'] })
    assert.deepEqual([stdout, stderr], ['2\n', ''])
  })
})
