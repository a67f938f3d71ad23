'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { run } = require('../helpers/child.js')

const folder = path.join(__dirname, '..', '..', 'examples')

describe('examples/login.mjs', () => {
  it('serves the next client, whichever way', async () => {
    const { code, stdout, stderr } = await run(path.join(folder, 'login.mjs'), { args: ['--clients', '3'] })
    assert.deepEqual([code, stderr], [0, ''], stdout)
    for (const way of ['plain Node', 'heddle']) assert.match(stdout, new RegExp(`^${way}$`, 'm'))
    assert.equal(stdout.match(/3 clients have left; the next one was told 'welcome'/g).length, 2)
  })

  it('has the figures in README that were measured', () => {
    const { clients, cores, seconds } = JSON.parse(fs.readFileSync(path.join(folder, 'login.json'), 'utf8'))
    const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1].toFixed(1)
    const words = `${clients} clients ask a server for a login and leave; on ${cores} cores the next one is served after ${median(seconds.heddle)} s with heddle, after ${median(seconds['plain Node'])} s with plain Node`
    const readme = fs.readFileSync(path.join(folder, '..', 'README.md'), 'utf8')
    assert.ok(readme.replace(/\s+/g, ' ').replaceAll('**', '').includes(words), words)
  })
})
