'use strict'
// heddle init-task: writes a package with a task in C, its test and a README.

const fs = require('node:fs')
const path = require('node:path')
const { Script } = require('node:vm')
const { CommandError, UsageError } = require('./errors.js')

const templates = path.join(__dirname, '..', '..', 'templates', 'task')

const summary = 'writes a folder with a task in C, its test and a README'

const help = `Usage: heddle init-task NAME

Writes a folder NAME with a package of that name:

  NAME.c         a task, to be replaced by yours
  index.js       loads the library
  index.d.ts     its types
  test.js        a test, for node --test
  package.json   npm run build compiles it, npm test tests it
  README.md      what to do next

NAME is lower-case letters, digits and dashes, as my-task; the task is then
called myTask.

  -h, --help     this text`

// npm leaves files of these names out of packages, or reads them as its own.
const renamed = { gitignore: '.gitignore', 'package.json.txt': 'package.json' }

const camelCase = (name) => name.replace(/-+(.)/g, (_, letter) => letter.toUpperCase())

/** Whether it can name a package, and a task in JavaScript. */
function isGood(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name === 'then') return false
  try {
    new Script(`const ${camelCase(name)} = 0`)
    return true
  } catch {
    return false
  }
}

/** The templates as {name: contents}, with the names filled in. */
function filesFor(name) {
  const { version } = require('../../package.json')
  const values = { name, task: camelCase(name), version }
  const files = {}
  for (const template of fs.readdirSync(templates)) {
    const text = fs.readFileSync(path.join(templates, template), 'utf8')
    const file = template.startsWith('task.') ? `${name}${path.extname(template)}` : template
    files[renamed[file] ?? file] = text.replace(/\{\{(\w+)\}\}/g, (_, key) => values[key])
  }
  return files
}

async function run({ positionals }) {
  const [name, ...others] = positionals
  if (name === undefined || others.length > 0) throw new UsageError('one NAME is wanted')
  if (!isGood(name)) {
    throw new UsageError(
      `NAME must be lower-case letters, digits and dashes, and no word of JavaScript's own, got '${name}'`,
    )
  }
  const folder = path.resolve(name)
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
    throw new CommandError(`there is something in '${name}' already; nothing was written`)
  }
  fs.mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(filesFor(name))) {
    fs.writeFileSync(path.join(folder, file), text)
    console.log(`wrote ${path.join(name, file)}`)
  }
  console.log(`\nNext:\n  cd ${name}\n  npm install\n  npm test`)
  return 0
}

module.exports = { summary, help, options: {}, run }
