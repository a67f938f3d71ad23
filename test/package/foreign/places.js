'use strict'
// The packed tarball where nothing may be written, and in many processes.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { consumers, emptyFolder, run, succeed, unpackInto } = require('../helpers.js')

const NOBODY = 65534

describe('places', () => {
  const made = emptyFolder()
  const write = (name, text) => fs.writeFileSync(path.join(made.folder, name), text)

  before(() => {
    unpackInto(made.folder)
    for (const [name, text] of Object.entries(consumers)) write(name, text)
  })

  it('a folder that may only be read, by a user who may write nowhere', function () {
    if (process.getuid?.() !== 0) this.skip() // only root can be somebody else
    write('nobody.cjs', `process.setgid(${NOBODY}); process.setuid(${NOBODY})
let refused = 0
for (const folder of [__dirname, process.env.HOME]) {
  try { require('node:fs').writeFileSync(folder + '/written', '') } catch { refused++ }
}
console.log(refused)
require('./use.cjs')`)
    const env = { ...made.env, TMPDIR: made.home }
    const { output } = succeed(process.execPath, ['nobody.cjs'], { cwd: made.folder, env })
    assert.equal(output, '2\nok\n')
  })

  it('processes of node:cluster', () => {
    write('cluster.cjs', `const cluster = require('node:cluster')
if (cluster.isPrimary) for (let i = 0; i < 3; i++) cluster.fork()
else {
  const { log } = console
  console.log = (text) => { log(text); process.disconnect() } // what would keep it alive
  require('./use.cjs')
}`)
    const { output, status } = run(process.execPath, ['cluster.cjs'], { cwd: made.folder, env: made.env })
    assert.deepEqual([status, output], [0, 'ok\nok\nok\n'])
  })
})
