'use strict'
// npm run lint: clang-format, cppcheck and the rules of the floors over the C
// sources, eslint over the JavaScript. A tool that is not installed is named and
// fails the run.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { checkAll } = require('./lint/floors.js')
const { readGyp } = require('./prebuild/gyp.js')

const root = path.join(__dirname, '..')

function sources(...endings) {
  const folders = ['include', 'src', 'test/engine', 'test/plugins', 'examples', 'scripts']
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true })
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .map((name) => path.join(folder, name)),
  )
}

function run(title, command, args) {
  console.log(`lint: ${title}`)
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (result.error) console.error(`${command} cannot be run: ${result.error.message}`)
  return result.status === 0
}

/** Each part of the addon with the folders that it may include from. */
function cppcheck() {
  const options = ['--quiet', '--std=c11', '--enable=warning,performance,portability', '--inline-suppr']
  options.push('--suppress=missingIncludeSystem', '--error-exitcode=1')
  const parts = [...readGyp(root), { name: 'windows', sources: ['src/windows'], flags: [] }]
  const runs = parts.map((part) => {
    const folders = part.flags.filter((flag) => flag.startsWith('-I'))
    return run(`cppcheck, ${part.name}`, 'cppcheck', [...options, ...folders, ...part.sources])
  })
  return runs.every(Boolean)
}

function floors() {
  console.log('lint: floors')
  const names = sources('.c', '.h').map((name) => name.split(path.sep).join('/'))
  const ours = names.filter((name) => name.startsWith('src/'))
  const problems = checkAll(new Map(ours.map((name) => [name, fs.readFileSync(path.join(root, name), 'utf8')])))
  for (const problem of problems) console.error(problem)
  return problems.length === 0
}

const passed = [
  run('clang-format', 'clang-format', ['--dry-run', '--Werror', ...sources('.c', '.cc', '.h', '.hpp')]),
  cppcheck(),
  floors(),
  run('eslint', process.execPath, [path.join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'), '.']),
]

process.exit(passed.every(Boolean) ? 0 : 1)
