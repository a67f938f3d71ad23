'use strict'
// Runs the tests with the addon built under sanitizers, or under valgrind, in
// copies of the tree below build/sanitize: node scripts/sanitize.js KIND [FILE...],
// KIND is asan, tsan, valgrind or all, FILEs are test files. Only Linux and gcc.
// Node itself is the ordinary one, so that reports are judged by their stacks:
// those that lead into the addon are findings, and any finding or failing test
// makes the exit code 1.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { buildTree, copyTree, libraryOf } = require('./tree.js')

const root = path.join(__dirname, '..')
const OURS = /heddle\.node|\/src\/(binding|engine|tasks)\//
// What a sanitizer puts on top of a stack.
const ITS_OWN = /lib[at]san\.so|libsanitizer|vgpreload/
// Node's own: what V8 keeps, a thread's list of errors, which OpenSSL keeps, and what a
// promise needs that is open when its environment ends (test/deferred.test.js counts them).
const KNOWN = /\bv8::|\bnapi_create_promise\b|\bERR_\w+ (at|\()|\bossl_err_get_state_int|\bossl_init_thread_start/
// A leak may be of memory that OpenSSL, zlib or Node-API allocates for the
// addon; but JavaScript that the addon calls is not its own.
const NEAR = 6 // frames

// They look at the repository, or at JavaScript alone.
const ELSEWHERE = 'test/{bench/**,package/**,remote/**,floors.test.js,readme.test.js,rooms.test.js,types.test.js}'

const kinds = {
  asan: {
    sanitize: 'address,undefined',
    library: 'libasan.so',
    files: ['test/**/*.test.js'],
    environment: (logs) => ({
      // Leaks are judged below; whatever else is found ends the process.
      ASAN_OPTIONS: `detect_leaks=1:symbolize=0:malloc_context_size=16:exitcode=0:abort_on_error=1:allocator_may_return_null=1:log_path=${logs}/asan`,
      LSAN_OPTIONS: 'exitcode=0:print_suppressions=0',
      UBSAN_OPTIONS: `print_stacktrace=1:log_path=${logs}/ubsan`,
    }),
  },
  tsan: {
    sanitize: 'thread',
    library: 'libtsan.so',
    files: ['test/claims.test.js', 'test/parallel.test.js', 'test/sequential.test.js', 'test/lifecycle/*.test.js'],
    environment: (logs) => ({
      TSAN_OPTIONS: `exitcode=0:history_size=4:second_deadlock_stack=1:log_path=${logs}/tsan`,
    }),
  },
  valgrind: {
    sanitize: '',
    fixtures: [
      ['lifecycle/fixtures/natural.js'],
      ['lifecycle/fixtures/errors.js'],
      ['lifecycle/fixtures/alone.js', 'end'],
      ['lifecycle/fixtures/terminate-running.js', 'a sequence that hands data on'],
    ],
  },
}

/** A copy of the tree for one kind, with its own build. */
function prepare(kind) {
  const folder = path.join(root, 'build', 'sanitize', kind)
  copyTree(folder)
  buildTree(folder, { sanitize: kinds[kind].sanitize })
  const logs = path.join(folder, 'logs')
  fs.rmSync(logs, { recursive: true, force: true })
  fs.mkdirSync(logs)
  return { folder, logs }
}

/** Whether one of the first frames is in the addon, or in one that was unloaded. */
function leadsToUs(stack, near) {
  const lines = stack.split('\n').filter((line) => /^\s*(#\d+|at|by) /.test(line))
  const frames = lines.filter((line) => !ITS_OWN.test(line)).slice(0, near)
  return frames.some((frame) => OURS.test(frame)) || frames[0]?.includes('<unknown module>')
}

/** Puts names into stacks that have only (file+offset). */
function symbolized(text) {
  return text.replace(/\((\/[^()]+)\+(0x[0-9a-f]+)\)/g, (all, file, offset) => {
    const run = spawnSync('addr2line', ['-fCpse', file, offset], { encoding: 'utf8' })
    return run.status === 0 ? `in ${run.stdout.trim()} ${all}` : all
  })
}

/** The reports in a log that are about the addon. */
function findings(kind, text) {
  if (kind === 'tsan') {
    const reports = text.split('==================').filter((part) => part.includes('WARNING'))
    return reports.filter((report) => {
      return report.split(/\n\s*\n/).some((stack) => leadsToUs(stack, 1))
    })
  }
  if (kind === 'valgrind') {
    const reports = text.replace(/^==\d+== ?/gm, '').split(/\n\s*\n/)
    return reports.filter((report) => leadsToUs(report, NEAR))
  }
  const leaks = text.split(/(?=^(?:Direct|Indirect) leak of )/m)
  const rest = leaks.shift()
  const found = leaks.map((leak) => leak.split(/\n\s*\n/)[0]).filter((leak) => leadsToUs(leak, NEAR))
  if (/ERROR: AddressSanitizer|runtime error:/.test(rest)) found.unshift(rest)
  return found
}

function judge(kind, logs) {
  const found = new Map()
  let reports = 0
  for (const name of fs.readdirSync(logs)) {
    const text = fs.readFileSync(path.join(logs, name), 'utf8')
    if (text.trim() !== '') reports++
    // The same finding comes from many processes: numbers do not count.
    for (const finding of findings(kind, text)) found.set(finding.replace(/[(\s]?\d+\S*/g, ''), finding)
  }
  const named = [...found.values()].map(symbolized)
  return { found: named.filter((finding) => kind === 'tsan' || !KNOWN.test(finding)), reports }
}

/** Runs mocha over the copy; true when all tests have passed. */
function runTests(kind, { folder, logs }) {
  const { environment, library: name } = kinds[kind]
  const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')
  const args = ['--expose-gc', mocha, '--no-config', '--timeout', '0', '--reporter', 'dot']
  args.push(...(chosen.length > 0 ? chosen : ['--ignore', ELSEWHERE, ...kinds[kind].files]))
  // Fixed addresses: gcc's libtsan does not know all layouts that kernels use.
  const run = spawnSync('setarch', ['-R', process.execPath, ...args], {
    cwd: folder,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...environment(logs),
      LD_PRELOAD: libraryOf(name),
      HEDDLE_SANITIZE: kind,
      HEDDLE_TEST_KILL_MS: '240000',
    },
  })
  return run.status === 0
}

/** Runs fixtures under valgrind; true when all have ended well. */
function runFixtures(kind, { folder, logs }) {
  const options = ['--leak-check=full', '--show-leak-kinds=definite', '--quiet']
  options.push(`--log-file=${logs}/valgrind.%p`)
  return kinds[kind].fixtures.every(([name, ...args]) => {
    const file = path.join(folder, 'test', name)
    const command = [...options, process.execPath, file, ...args]
    const run = spawnSync('valgrind', command, { cwd: folder, stdio: 'inherit' })
    if (run.status !== 0) console.log(`${name} has ended with ${run.status ?? run.signal}`)
    return run.status === 0
  })
}

function check(kind) {
  const began = Date.now()
  const tree = prepare(kind)
  const passed = kinds[kind].fixtures === undefined ? runTests(kind, tree) : runFixtures(kind, tree)
  const { found, reports } = judge(kind, tree.logs)
  for (const finding of found) console.log(`\n${kind}: ${finding.trim()}\n`)
  const seconds = Math.round((Date.now() - began) / 1000)
  const words = `tests ${passed ? 'passed' : 'FAILED'}, ${found.length} findings, ${reports} logs`
  return { good: passed && found.length === 0, summary: `${kind}: ${words}, ${seconds} s` }
}

const [wanted, ...chosen] = process.argv.slice(2)
if (wanted !== 'all' && !Object.hasOwn(kinds, wanted ?? '')) {
  console.error(`usage: node scripts/sanitize.js ${[...Object.keys(kinds), 'all'].join('|')}`)
  process.exit(2)
}
const results = (wanted === 'all' ? Object.keys(kinds) : [wanted]).map(check)
for (const { summary } of results) console.log(summary)
process.exitCode = results.every(({ good }) => good) ? 0 : 1
