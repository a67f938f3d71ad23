'use strict'
// Writes a Trace: beside, and renamed when it is whole. All at once: it is called
// when processes end.

const fs = require('node:fs')
const path = require('node:path')
const { HeddleError, misuse, typeError } = require('../errors.js')
const { ownOf } = require('../task/own.js')
const { events } = require('./events.js')
const { page } = require('./page/index.js')

const FORMS = { '.html': page, '.json': events }

const CHUNK = 1 << 20 // characters that are written at once

function writeAll(file, chunks) {
  let buffer = ''
  for (const chunk of chunks) {
    buffer += chunk
    if (buffer.length < CHUNK) continue
    fs.writeSync(file, buffer)
    buffer = ''
  }
  fs.writeSync(file, buffer)
}

/** What is beside takes the file's name. */
function putInPlace(beside, file, force) {
  if (force) return fs.renameSync(beside, file)
  try {
    fs.linkSync(beside, file) // unlike a rename it replaces nothing
  } catch (error) {
    if (error.code === 'EEXIST') throw existing(file)
    // There are file systems without links.
    if (fs.existsSync(file)) throw existing(file)
    return fs.renameSync(beside, file)
  }
  fs.unlinkSync(beside)
}

const existing = (file) =>
  new HeddleError('ERR_HEDDLE_EXISTS', `${file} is there already; option 'force' replaces it`)

/** What writes a file of that name. */
function formOf(file) {
  const ending = path.extname(file).toLowerCase()
  if (Object.hasOwn(FORMS, ending)) return FORMS[ending]
  throw misuse(`write: argument "file" must end with ${Object.keys(FORMS).join(' or ')}, got '${file}'`)
}

/**
 * @param {() => Trace} trace called once all that was given has been checked
 * @param {string} file
 * @param {{force?: boolean}} [options]
 * @returns {string} its absolute path
 */
function writeTrace(trace, file, options = {}) {
  if (typeof file !== 'string') throw typeError('write', 'argument "file"', 'a string', file)
  if (options === null || typeof options !== 'object') throw typeError('write', 'options', 'an object', options)
  const { force = false } = ownOf(options, (key) => {
    if (key !== 'force') throw misuse(`write: there is no option '${key}'; it takes force`)
  })
  if (typeof force !== 'boolean') throw typeError('write', 'option "force"', 'a boolean', force)
  const form = formOf(file)
  const whole = path.resolve(file)
  if (!force && fs.existsSync(whole)) throw existing(whole)
  const beside = `${whole}.${process.pid}.tmp`
  try {
    const descriptor = fs.openSync(beside, 'wx')
    try {
      writeAll(descriptor, form(trace()))
    } finally {
      fs.closeSync(descriptor)
    }
    putInPlace(beside, whole, force)
  } catch (error) {
    fs.rmSync(beside, { force: true })
    throw error
  }
  return whole
}

module.exports = { formOf, writeTrace }
