'use strict'
// What binding.gyp says about the addon: its sources, and how they are compiled.

const { execSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

/** A list of gyp's, its command expansions carried out: "<!@(command)". */
function expanded(list, root) {
  return list.flatMap((item) => {
    const command = /^<!@\((.*)\)$/s.exec(item)
    if (command === null) {
      if (/[<>]/.test(item)) throw new Error(`binding.gyp: cannot expand ${item}`)
      return [item]
    }
    return execSync(command[1], { cwd: root, encoding: 'utf8' }).trim().split(/\s+/)
  })
}

/**
 * @param {string} root the folder that binding.gyp is in
 * @returns {{sources: string[], flags: string[]}} paths are relative to it
 */
function readGyp(root) {
  // gyp's files are Python's literals; this one is JSON as well.
  const { targets } = JSON.parse(fs.readFileSync(path.join(root, 'binding.gyp'), 'utf8'))
  const target = targets.find(({ target_name: name }) => name === 'heddle')
  return {
    sources: expanded(target.sources, root),
    flags: [
      ...target.cflags,
      ...target.defines.map((define) => `-D${define}`),
      ...expanded(target.include_dirs, root).map((folder) => `-I${folder}`),
    ],
  }
}

module.exports = { readGyp }
