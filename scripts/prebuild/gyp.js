'use strict'
// What binding.gyp says about the addon: the parts that it is linked of, and how
// each is compiled.

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
 * @typedef {object} Part
 * @property {string} name
 * @property {string[]} sources relative to the folder of binding.gyp, as the flags' folders are
 * @property {string[]} flags
 */

/**
 * @param {string} root the folder that binding.gyp is in
 * @returns {Part[]} the addon, and before it all that it depends on
 */
function readGyp(root) {
  // gyp's files are Python's literals; this one is JSON as well.
  const { target_defaults: defaults, targets } = JSON.parse(fs.readFileSync(path.join(root, 'binding.gyp'), 'utf8'))
  const parts = new Map()
  const visit = (wanted) => {
    if (parts.has(wanted)) return
    const target = targets.find(({ target_name: name }) => name === wanted)
    if (target === undefined) throw new Error(`binding.gyp: there is no target ${wanted}`)
    for (const name of target.dependencies ?? []) visit(name)
    const folders = expanded(target.include_dirs, root).map((folder) => `-I${folder}`)
    const defines = target.defines.map((define) => `-D${define}`)
    const flags = [...defaults.cflags, ...defines, ...folders]
    parts.set(wanted, { name: wanted, sources: expanded(target.sources, root), flags })
  }
  visit('heddle')
  return [...parts.values()]
}

module.exports = { readGyp }
