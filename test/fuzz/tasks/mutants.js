'use strict'
// Ways to break tasks, to see that the fuzzer finds each.

const mutants = {
  /** gunzip stops after the first member. */
  stops(tasks) {
    const { gunzip } = tasks
    tasks.gunzip = (data, options) => {
      if (!ArrayBuffer.isView(data)) return gunzip(data, options)
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      const next = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]), 3)
      return gunzip(next > 0 ? bytes.subarray(0, next) : bytes, options)
    }
  },

  /** crc32 forgets where it began. */
  forgets(tasks) {
    const { crc32 } = tasks
    tasks.crc32 = (data) => crc32(data)
  },

  /** hash takes strings for latin1. */
  narrows(tasks) {
    const { hash } = tasks
    const narrow = (data) => (typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
    tasks.hash = (name, data, ...rest) => hash(name, narrow(data), ...rest)
  },
}

module.exports = { mutants }
