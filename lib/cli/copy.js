'use strict'

const Module = require('node:module')

/**
 * A door of heddle as a program sees it, if it does: another copy knows nothing of its work.
 * @param {string} program its file
 * @param {string} [door] 'trace' or so; the main one by default
 */
function copyFor(program, door) {
  try {
    return Module.createRequire(program)(door === undefined ? 'heddle' : `heddle/${door}`)
  } catch {
    return require(`../${door ?? 'index'}.js`)
  }
}

module.exports = { copyFor }
