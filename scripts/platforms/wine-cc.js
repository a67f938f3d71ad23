'use strict'
// The other half of wine-cc.c: calls a compiler of this machine with what came
// from wine. Arguments: wine's folder, the compiler, the file for the answer, and
// then the compiler's own.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const [, , prefix, compiler, ...rest] = process.argv

/** A path of Windows in an argument as this machine has it. */
function ofLinux(argument) {
  const slashes = argument.replaceAll('\\', '/')
  const drives = { Z: '/', C: `${path.join(prefix, 'drive_c')}/` }
  return slashes.replace(/^(-I)?([CZ]):\//i, (all, option = '', drive) => option + drives[drive.toUpperCase()])
}

const [answer, ...args] = rest.map(ofLinux)
// Nothing of the compiler's own libraries is found under wine.
const { status, error, stdout, stderr } = spawnSync(compiler, [...args, '-static'], { encoding: 'utf8' })
const words = error === undefined ? stdout + stderr : `${error.message}\n`
fs.writeFileSync(`${answer}.part`, `${status ?? 1}\n${words}`)
fs.renameSync(`${answer}.part`, answer) // what is there is whole
