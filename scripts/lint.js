'use strict'
// npm run lint: clang-format and cppcheck over the C sources, eslint over the
// JavaScript. A tool that is not installed is named and fails the run.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

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

const passed = [
  run('clang-format', 'clang-format', ['--dry-run', '--Werror', ...sources('.c', '.cc', '.h', '.hpp')]),
  run('cppcheck', 'cppcheck', [
    '--quiet',
    '--std=c11',
    '--enable=warning,performance,portability',
    '--inline-suppr',
    '--suppress=missingIncludeSystem',
    '--error-exitcode=1',
    '-Iinclude',
    '-Isrc/engine/base',
    '-Isrc/engine/task',
    '-Isrc/engine/group',
    '-Isrc/engine/schedule',
    '-Isrc/tasks',
    'src',
  ]),
  run('eslint', process.execPath, [path.join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'), '.']),
]

process.exit(passed.every(Boolean) ? 0 : 1)
