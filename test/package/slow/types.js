'use strict'
// The types with the compilers that users may have: the oldest that is served and the last of each kind.
// Today's own is in test/types.test.js.

const path = require('node:path')
const fs = require('node:fs')
const { fetched } = require('../../../scripts/packages.js')
const { describeTypes } = require('../../types/compiler.js')
const { emptyFolder, inModules, succeed, unpackInto } = require('../helpers.js')

const tsc = (version) => path.join(fetched(`typescript-${version}`), 'bin', 'tsc')

for (const [version, has] of Object.entries({ 5.4: { sinceMemory: false }, 5.6: { sinceMemory: false }, 5.9: {}, 6: {} })) {
  describe(`types with TypeScript ${version}`, () => {
    before(() => void fetched(`typescript-${version}`))
    describeTypes(() => tsc(version), has)
  })
}

describe('types with the resolution of old', () => {
  const made = emptyFolder()

  it('are found for every entry point', () => {
    unpackInto(made.folder)
    for (const name of ['@types/node', 'undici-types']) {
      fs.cpSync(inModules(name), path.join(made.folder, 'node_modules', name), { recursive: true })
    }
    const source = `import { parallel, type Task } from 'heddle'
import { hash } from 'heddle/tasks'
import { noop } from 'heddle/testing'
const task: Task<string> = hash('sha256', 'a')
parallel([task, noop()]).then(([digest]) => console.log(digest.startsWith('ca978112') ? 'ok' : 'wrong'))
`
    fs.writeFileSync(path.join(made.folder, 'main.ts'), source)
    const settings = ['--module', 'commonjs', '--moduleResolution', 'node10', '--target', 'es2022', '--strict']
    const there = { cwd: made.folder, env: made.env }
    succeed(process.execPath, [tsc('5.9'), ...settings, '--types', 'node', 'main.ts'], there)
    const { output } = succeed(process.execPath, ['main.js'], there)
    if (output !== 'ok\n') throw new Error(output)
  })
})
