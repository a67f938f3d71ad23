'use strict'

const fs = require('node:fs')

/**
 * The largest resident set of this process so far, in bytes. On Linux maxRSS would
 * not do: it begins with that of the process which started this one.
 */
function peakMemory() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]
  return Number(kib) * 1024
}

module.exports = { peakMemory }
