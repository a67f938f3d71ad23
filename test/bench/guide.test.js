'use strict'
// docs/bench.md: its example runs as it stands, in a folder that has heddle.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { help, options } = require('../../lib/cli/bench.js')
const { INSTALL } = require('../../bench/report/libraries.js')
const { run } = require('../helpers/child.js')
const { root, temporaryFolder } = require('../support.js')

const text = fs.readFileSync(path.join(root, 'docs', 'bench.md'), 'utf8')

describe('docs/bench.md', function () {
  this.timeout(100_000)
  const at = temporaryFolder()

  it('has an example that runs, and leaves nothing behind', async () => {
    const examples = [...text.matchAll(/^Save this as `([^`]+)`:\n\n```js\n(.*?)^```$/gms)]
    assert.equal(examples.length, 1)
    const [[, name, code]] = examples
    assert.ok(text.includes(`npx heddle bench ${name} --quick`))
    fs.mkdirSync(at('node_modules'))
    fs.mkdirSync(at('tmp'))
    fs.symlinkSync(root, at('node_modules', 'heddle'), 'junction')
    fs.writeFileSync(at(name), code)
    const { code: exit, stdout, stderr } = await run(at('node_modules', 'heddle', 'bin', 'heddle.js'), {
      args: ['bench', at(name), '--quick', '--json', at('figures.json')],
      env: { TMPDIR: at('tmp'), TEMP: at('tmp') },
    })
    assert.deepEqual([exit, stderr], [0, ''], stdout)
    const { results } = JSON.parse(fs.readFileSync(at('figures.json'), 'utf8'))
    const names = [...code.matchAll(/^export const (\w+) = /gm)].map((match) => match[1])
    assert.deepEqual(results.map((result) => result.name).sort(), names.sort())
    assert.ok(results.every(({ crash }) => crash === undefined))
    assert.deepEqual(fs.readdirSync(at('tmp')), [], 'teardown() was called')
  })

  it('says what a report takes', () => assert.ok(text.includes(`\`${INSTALL}\``)))

  it('has every option, and --help, too', () => {
    for (const option of Object.keys(options)) {
      assert.match(text, new RegExp(`^\\| \`--${option}[ \`]`, 'm'))
      assert.match(help, new RegExp(`^  --${option} `, 'm'))
    }
  })
})
