'use strict'
// The folders in which cases have their files. The parent owns them, since the process
// that runs cases may be killed; what a parent leaves that was killed itself goes
// when the next one begins.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const PREFIX = 'heddle-fuzz-' // then the parent's process ID
const made = new Set()
let ready = false

const remove = (folder) => fs.rmSync(folder, { recursive: true, force: true })

function runs(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Removes the folders of processes that are gone. */
function sweep() {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const [, pid] = name.match(/^heddle-fuzz-(\d+)-/) ?? []
    if (pid !== undefined && !runs(Number(pid))) remove(path.join(os.tmpdir(), name))
  }
}

/** A new folder, for removeFolder(). */
function makeFolder() {
  if (!ready) {
    ready = true
    sweep()
    process.on('exit', () => made.forEach(remove))
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`))
  made.add(folder)
  return folder
}

/** Removes a folder of makeFolder(). */
function removeFolder(folder) {
  made.delete(folder)
  remove(folder)
}

module.exports = { PREFIX, makeFolder, removeFolder }
