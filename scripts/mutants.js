'use strict'
// Breaks heddle on purpose, in one place at a time, and runs the tests that could see
// it: node scripts/mutants.js [--count 300] [--seed N] [--seconds N] [--near]
// [--jobs 1] [FILE...].
// FILEs of src/ and lib/ are those that are broken. Prints who was not caught, and what
// share was. --near runs only the tests of the file's area, which takes a fraction of
// the time and catches less. Works in copies of the tree below build/mutants; Linux only.

const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { generator } = require('./faults/common.js')
const { mutantsOf } = require('./mutants/rules.js')
const { buildTree, copyTree } = require('./tree.js')

const root = path.join(__dirname, '..')
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')
const SLOWER = 4 // than without a mutant, and some seconds: it hangs
const MOST_KB = 6e6 // of memory

// It writes files, or is compiled elsewhere.
const LEFT_OUT = /^(lib\/cli|src\/windows|src\/engine\/base\/alloc\.c)/

// They look at the repository, at benchmarks, or at packages.
const ELSEWHERE = [
  '{bench,cli}/**',
  'package/{platforms,release,tarball}.test.js',
  '{examples,floors,fuzz,readme,rooms,types}.test.js',
]
const IGNORED = ELSEWHERE.flatMap((name) => ['--ignore', `test/${name}`])

const OPTIONS = ['--no-config', '--timeout', '60000', '--bail', '--exit', '--reporter', 'dot']
const ENGINE = ['make', '--silent', '-C', 'test/engine', 'run-plain']

const PLAIN = ['test/*.test.js', 'test/options/**/*.test.js', 'test/work/**/*.test.js']
const AREAS = [
  ['lib/thread/', ['test/thread/**/*.test.js']],
  ['lib/plugin/', ['test/plugins/**/*.test.js']],
  ['lib/load.js', ['test/package/loader.test.js']],
  ['lib/', PLAIN],
  ['src/tasks/', ['test/tasks/**/*.test.js']],
  ['src/binding/', ['test/{tasks,memory,plugins}/**/*.test.js', ...PLAIN]],
  ['src/', PLAIN],
]
const areaOf = (name) => AREAS.find(([prefix]) => name.startsWith(prefix))[1]

const children = new Set() // that run

/** Ends a process and those that it has started. */
function kill(child) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Memory of a process group, in KB. */
function memoryOf(group) {
  const { stdout } = spawnSync('ps', ['-eo', 'pgid=,rss='], { encoding: 'utf8' })
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return rows.reduce((sum, [pgid, rss]) => (pgid === group ? sum + rss : sum), 0)
}

/** Runs a command; gives whether it passed, what it said and how it ended. */
function runs(folder, command, ms) {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const options = { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }
    const child = spawn(command[0], command.slice(1), options)
    children.add(child)
    let said = ''
    let why = 'fails'
    for (const pipe of [child.stdout, child.stderr]) {
      pipe.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-20_000)))
    }
    const stop = (words) => {
      why = words
      kill(child)
    }
    const killer = setTimeout(stop, ms, 'hangs')
    const watch = setInterval(() => memoryOf(child.pid) > MOST_KB && stop('takes all memory'), 2000)
    child.on('error', reject)
    child.on('exit', () => {
      clearTimeout(killer)
      clearInterval(watch)
      kill(child) // whoever is left
      children.delete(child)
    })
    child.on('close', (code, signal) => {
      if (signal !== null && why === 'fails') why = signal
      resolve({ passed: code === 0, why, said, ms: performance.now() - began })
    })
  })
}

/** A copy of the tree, and how it is tested. */
class Tree {
  #times = new Map() // of a stage, without a mutant

  constructor(number) {
    this.folder = path.join(root, 'build', 'mutants', `${number}`)
    fs.rmSync(this.folder, { recursive: true, force: true }) // a mutant may have been built there
    copyTree(this.folder)
    buildTree(this.folder)
  }

  /** Stages of tests, the nearest first: [name, command]. */
  #stages(name, near) {
    const always = [process.execPath, '--expose-gc', mocha, ...OPTIONS, ...IGNORED]
    const test = (files) => [...always, ...files]
    const stages = []
    if (name.startsWith('src/engine/')) stages.push(['engine', ENGINE])
    stages.push([areaOf(name).join(), test(areaOf(name))])
    if (!near) stages.push(['all', test(['test/**/*.test.js'])])
    return stages
  }

  async #timeOf(stage, command) {
    if (!this.#times.has(stage)) {
      const { passed, said, ms } = await runs(this.folder, command, 1_200_000)
      if (!passed) throw new Error(`the tests fail without a mutant: ${command.join(' ')}\n${said}`)
      this.#times.set(stage, ms)
    }
    return this.#times.get(stage)
  }

  /** Who catches a mutant: {stage, why}, 'nobody', or 'invalid' when it does not compile. */
  async try({ name, at, length, instead }, near) {
    const stages = this.#stages(name, near)
    for (const [stage, command] of stages) await this.#timeOf(stage, command)
    const file = path.join(this.folder, name)
    const text = fs.readFileSync(file, 'utf8')
    fs.writeFileSync(file, text.slice(0, at) + instead + text.slice(at + length))
    try {
      if (!(await this.#builds(name))) return 'invalid'
      for (const [stage, command] of stages) {
        const ms = SLOWER * this.#times.get(stage) + 20_000
        const { passed, why } = await runs(this.folder, command, ms)
        if (!passed) return { stage, why }
      }
      return 'nobody'
    } finally {
      fs.writeFileSync(file, text)
      await this.#builds(name)
    }
  }

  async #builds(name) {
    const compile = name.endsWith('.c')
      ? ['make', '--silent', '-C', 'build', 'BUILDTYPE=Release']
      : [process.execPath, '--check', name]
    return (await runs(this.folder, compile, 300_000)).passed
  }
}

/** All mutants there are, with the line as it was and as it is. */
function all(names) {
  return names.flatMap((name) => {
    const text = fs.readFileSync(path.join(root, name), 'utf8')
    return mutantsOf(text, name.endsWith('.c') ? 'c' : 'js').map((mutant) => {
      const { at, length, instead } = mutant
      const line = text.slice(0, at).split('\n').length
      const begin = text.lastIndexOf('\n', at - 1) + 1
      const end = text.indexOf('\n', at + length)
      const broken = text.slice(begin, at) + instead + text.slice(at + length, end)
      const was = text.slice(begin, end).trim()
      const place = `${name}:${line} (${mutant.rule})`
      return { ...mutant, name, place, change: `  - ${was}\n  + ${broken.trim()}` }
    })
  })
}

function filesBelow(folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((name) => /\.(c|js)$/.test(name) && !LEFT_OUT.test(name))
    .sort()
}

/** A sample, as many of C as of JavaScript. */
function sample(mutants, count, below) {
  for (let i = mutants.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[mutants[i], mutants[j]] = [mutants[j], mutants[i]]
  }
  const c = mutants.filter(({ name }) => name.endsWith('.c'))
  const js = mutants.filter(({ name }) => name.endsWith('.js'))
  const chosen = []
  for (let i = 0; chosen.length < count && i < mutants.length; i++) {
    chosen.push(...[c[i], js[i]].filter(Boolean))
  }
  return chosen.slice(0, count)
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      seconds: { type: 'string', default: 'Infinity' },
      near: { type: 'boolean', default: false },
    },
  })
  const [count, seed, jobs] = [values.count, values.seed, values.jobs].map(Number)
  if (![count, seed, jobs].every(Number.isSafeInteger)) {
    throw new Error('--count, --seed and --jobs take integers')
  }
  const names = positionals.length > 0 ? positionals : [...filesBelow('src'), ...filesBelow('lib')]
  const every = all(names)
  const chosen = sample([...every], count, generator(seed))
  console.log(`${chosen.length} of ${every.length} mutants, seed ${seed}`)
  const none = { caught: 0, missed: 0, invalid: 0 }
  const figures = { c: { ...none }, js: { ...none } }
  const until = performance.now() + Number(values.seconds) * 1000
  let next = 0
  const lane = async (number) => {
    const tree = new Tree(number)
    while (next < chosen.length && performance.now() < until) {
      const mutant = chosen[next++]
      const end = await tree.try(mutant, values.near)
      const kind = end === 'nobody' ? 'missed' : end === 'invalid' ? 'invalid' : 'caught'
      figures[mutant.name.endsWith('.c') ? 'c' : 'js'][kind]++
      console.log(`${kind}: ${mutant.place} ${end.why ?? ''}`.trim())
      if (kind === 'missed') console.log(mutant.change)
    }
  }
  await Promise.all(Array.from({ length: jobs }, (_, number) => lane(number)))
  for (const [language, { caught, missed, invalid }] of Object.entries(figures)) {
    const share = Math.round((100 * caught) / Math.max(1, caught + missed))
    const words = `${caught} of ${caught + missed} caught (${share} %)`
    console.log(`${language}: ${words}; ${invalid} did not compile`)
  }
}

for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => {
    children.forEach(kill)
    process.exit(1)
  })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
