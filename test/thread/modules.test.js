'use strict'
// Modules that thread() is given.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { parallel, thread } = require('../../lib/index.js')
const { rejection, root, temporaryFolder } = require('../support.js')

const here = path.basename(__filename)

describe('modules on threads', () => {
  let folder
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-modules-'))))
  after(() => fs.rmSync(folder, { recursive: true }))

  function write(name, text) {
    const file = path.join(folder, name)
    fs.writeFileSync(file, text)
    return file
  }

  const broken = {
    'missing.mjs': [undefined, 'Error', 'ERR_MODULE_NOT_FOUND'],
    'syntax.mjs': ['export default () => {\n  return )\n}\n', 'SyntaxError', undefined],
    'syntax.cjs': ['module.exports = () => {\n  return )\n}\n', 'SyntaxError', undefined],
    'imports.mjs': ['import "./gone.mjs"\nexport default () => 1', 'Error', 'ERR_MODULE_NOT_FOUND'],
    'unknown.abc': ['whatever', 'TypeError', 'ERR_UNKNOWN_FILE_EXTENSION'],
  }
  for (const [name, [text, Class, code]] of Object.entries(broken)) {
    it(`are named when they cannot be loaded, with the call and thread(): ${name}`, async () => {
      const file = text === undefined ? path.join(folder, name) : write(name, text)
      const made = thread(file)
      const error = await rejection(parallel({ key: made(1) }))
      assert.equal(error.name, Class)
      assert.equal(error.code, code)
      assert.equal(error.index, 'key')
      assert.match(error.message, new RegExp(`${name}, given to thread\\(\\) at .*${here}:\\d+:\\d+, cannot be loaded: `))
      assert.match(error.stack, new RegExp(`at .*${here}`))
      assert.doesNotMatch(error.stack, /worker eval/)
    })
  }

  it('that throw: what they throw, with the module and the call in the stack', async () => {
    const error = await rejection(thread(write('throws.mjs', 'throw new RangeError("mine")'))())
    assert.equal(error.message, 'mine')
    assert.match(error.stack, /throws\.mjs:1:7/)
    assert.match(error.stack, new RegExp(here))
  })

  it('without the function: the place of thread()', async () => {
    const error = await rejection(thread(write('none.mjs', 'export const a = 1'))())
    assert.equal(error.code, 'ERR_HEDDLE_NO_EXPORT')
    assert.match(error.message, new RegExp(`none\\.mjs, given to thread\\(\\) at .*${here}:\\d+:\\d+, has no function 'default'`))
  })

  it('are others with another query or hash', async () => {
    const url = pathToFileURL(write('count.mjs', 'let n = 0; export default () => `${import.meta.url.slice(-4)} ${++n}`'))
    for (const rest of ['?v=1', '?v=2', '#v-3']) {
      assert.equal(await thread(new URL(rest, url))(), `${rest} 1`)
      assert.match(await thread(`${url}${rest}`)(), new RegExp(`^\\${rest} [12]$`))
    }
  })

  it('may export a promise of the function', async () => {
    const later = 'new Promise((resolve) => setImmediate(resolve, (n) => n + 1))'
    assert.equal(await thread(write('later.cjs', `module.exports = ${later}`))(1), 2)
    assert.equal(await thread(write('later.mjs', `export default ${later}`))(1), 2)
    assert.equal(await thread(write('named.mjs', `export const add = ${later}`), { name: 'add' })(1), 2)
    assert.equal(await thread(write('object.cjs', 'module.exports = Promise.resolve({ add: (n) => n + 1 })'), { name: 'add' })(1), 2)
    assert.equal((await rejection(thread(write('bad.cjs', 'module.exports = Promise.reject(new Error("set-up"))'))())).message, 'set-up')
    assert.equal((await rejection(thread(write('five.cjs', 'module.exports = Promise.resolve(5)'))())).code, 'ERR_HEDDLE_NO_EXPORT')
  })

  it('may be of an extension that a hook of require() knows', async () => {
    const hook = write('hook.cjs', `require.extensions['.abc'] = (m, file) => m._compile(require('fs').readFileSync(file, 'utf8').replaceAll('ADD', '+'), file)`)
    const options = { execArgv: ['--require', hook] }
    assert.equal(await thread(write('work.abc', 'module.exports = (n) => n ADD 1'), options)(1), 2)
    const named = pathToFileURL(write('named.abc', 'exports.add = (n) => n ADD 1'))
    assert.equal(await thread(named, { ...options, name: 'add' })(1), 2)
    const interop = write('interop.abc', 'exports.__esModule = true; exports.default = (n) => n ADD 1')
    assert.equal(await thread(interop, options)(1), 2)
  })
})

describe('TypeScript on threads, whose types Node.js strips', () => {
  const at = temporaryFolder()
  const files = {
    'work.ts': `interface Pair { a: number; b: number }
export default ({ a, b }: Pair): number => a + b
export const twice = async (n: number): Promise<number> => n * 2\n`,
    'more.mts': "import type { Pair } from './types.ts'\nimport { twice } from './work.ts'\nexport default (pair: Pair): Promise<number> => twice(pair.a)\n",
    'types.ts': 'export interface Pair { a: number }\n',
    'common.cts': 'const half = (n: number): number => n / 2\nmodule.exports = half\n',
    'more-than-types.ts': 'enum Five { Value = 5 }\nexport default () => Five.Value\n',
    'main.ts': `import { createRequire } from 'node:module'
const { thread } = createRequire(import.meta.url)(process.argv[2]) as { thread: Function }
const on = (name: string, options?: { name: string }) => thread(new URL(name, import.meta.url), options)
const results: unknown[] = await Promise.all([
  on('./work.ts')({ a: 1, b: 2 }), on('./work.ts', { name: 'twice' })(4), on('./more.mts')({ a: 5 }), on('./common.cts')(12),
  thread((n: number, m: number = 1 as number): number => { const sum: number = n + m; return sum })(7),
  on('./more-than-types.ts')().catch((error: Error & { code?: string }) => \`\${error.code} \${error.message}\`),
])
console.log(JSON.stringify(results))\n`,
  }

  it('is as JavaScript, in modules and in functions that are sent', function () {
    if (!process.features.typescript) this.skip() // before 22.18
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(at(name), text)
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', at('main.ts'), root], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    const [sum, twice, more, half, sent, enumerated] = JSON.parse(stdout)
    assert.deepEqual([sum, twice, more, half, sent], [3, 8, 10, 6, 8])
    assert.match(enumerated, /^ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX .*more-than-types\.ts, given to thread\(\) at .*main\.ts:/)
  })
})

describe('functions that cannot be sent', () => {
  const sources = {
    'import.meta': '() => [1].map(() => import.meta.url)',
    'private names': '(o) => #x in o',
  }
  for (const [what, source] of Object.entries(sources)) {
    it(`say why: ${what}`, () => {
      const fn = Object.assign(() => {}, {})
      const { toString } = Function.prototype
      Function.prototype.toString = function () {
        return this === fn ? source : toString.call(this)
      }
      try {
        assert.throws(() => thread(fn), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: new RegExp(`without ${what}`) })
      } finally {
        Function.prototype.toString = toString
      }
    })
  }

  for (const helper of ['__awaiter', '_async_to_generator', '_object_without_properties', '__spreadArray', 'tslib_1']) {
    it(`name what a compiler has put there: ${helper}`, async () => {
      const error = await rejection(thread(new Function(`return ${helper}(1)`))())
      assert.equal(error.code, 'ERR_HEDDLE_CLOSURE')
      assert.match(error.message, new RegExp(`'${helper}' .*A compiler has put it into the function.*raise its target`))
    })
  }

  it('are given what counts for a coverage tool', async () => {
    const counted = new Function('n', 'cov_1a2b$().f[0]++; cov_1a2b$().b[0][1]++; return n + 1')
    assert.equal(await thread(counted)(1), 2)
  })
})
