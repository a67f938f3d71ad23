'use strict'
// examples/cpp-addon: builds with node-gyp, passes its own tests, and works in
// several environments as the addon and the library that it is.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { noLeaks } = require('../helpers/plugin.js')
const { root, temporaryFolder } = require('../support.js')

describe('examples/cpp-addon', function () {
  this.timeout(300_000)
  const at = temporaryFolder()

  function run(args, more = {}) {
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, ...more }
    const end = spawnSync(process.execPath, args, { cwd: at('app'), env, encoding: 'utf8' })
    assert.equal(end.status, 0, end.stdout + end.stderr)
    return end.stdout
  }

  before(() => {
    const example = path.join(root, 'examples', 'cpp-addon')
    fs.cpSync(example, at('app'), {
      recursive: true,
      filter: (name) => path.basename(name) !== 'build',
    })
    fs.mkdirSync(at('app', 'node_modules'))
    const modules = fs.realpathSync(path.join(root, 'node_modules'))
    fs.symlinkSync(root, at('app', 'node_modules', 'heddle'), 'junction')
    // A copy: for a target out of the app's folder, gyp writes files out of it, too.
    const api = 'node-addon-api'
    fs.cpSync(path.join(modules, api), at('app', 'node_modules', api), { recursive: true })
    const prefix = path.join(path.dirname(fs.realpathSync(process.execPath)), '..')
    const here = fs.existsSync(path.join(prefix, 'include', 'node', 'common.gypi'))
    const gyp = path.join(modules, 'node-gyp', 'bin', 'node-gyp.js')
    run([gyp, 'rebuild', '--loglevel=error', ...(here ? [`--nodedir=${prefix}`] : [])], noLeaks)
  })

  it('passes its own tests', () => {
    assert.match(run(['--test']), /# pass 4|ℹ pass 4/)
  })

  it('works in workers too, in either order of require() and load()', () => {
    const script = `
      const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads')
      const { once } = require('node:events')
      const { load } = require('heddle')
      const file = require.resolve('./build/Release/primes.node')
      const ways = {
        require: () => [require(file), load(file)],
        load: () => [load(file), require(file)].reverse(),
      }
      const count = async (way) => {
        const [addon, tasks] = ways[way]()
        return [addon.primesSync(100).length, (await tasks.primes(1000)).length]
      }
      if (!isMainThread) count(workerData).then((counts) => parentPort.postMessage(counts))
      else (async () => {
        const worker = (way) => once(new Worker(process.argv[1], { workerData: way }), 'message')
        const results = await Promise.all(['require', 'load', 'require', 'load'].map(worker))
        results.push([await count('load')])
        console.log(JSON.stringify(results.flat()))
      })()
    `
    fs.writeFileSync(at('app', 'both.js'), script)
    const counts = JSON.parse(run([at('app', 'both.js')]))
    assert.deepEqual(counts, Array(5).fill([25, 168]))
  })
})
