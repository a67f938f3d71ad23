'use strict'
// What kind of file a shared library is, by its first bytes: so that a wrong one
// is refused with clear words, and a damaged one before the system maps it.

const HEAD = 65536 // bytes that are looked at

// By the numbers of each format; names as Node's process.arch.
const elfMachines = {
  3: 'ia32',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}
const machTypes = { 0x07: 'ia32', 0x01000007: 'x64', 0x0c: 'arm', 0x0100000c: 'arm64' }
const peMachines = { 0x14c: 'ia32', 0x8664: 'x64', 0x1c4: 'arm', 0xaa64: 'arm64' }

/** Whether the parts that an ELF file says are to be mapped are in it. */
function elfIsWhole(head, size, wide, little) {
  const u16 = (at) => (little ? head.readUInt16LE(at) : head.readUInt16BE(at))
  const u32 = (at) => (little ? head.readUInt32LE(at) : head.readUInt32BE(at))
  const u64 = (at) => Number(little ? head.readBigUInt64LE(at) : head.readBigUInt64BE(at))
  const word = wide ? u64 : u32
  const table = wide ? u64(32) : u32(28)
  const [entry, count] = wide ? [u16(54), u16(56)] : [u16(42), u16(44)]
  if (count === 0 || table + count * entry > size) return false
  if (table + count * entry > head.length) return true // some tools move it to the end
  for (let i = 0; i < count; i++) {
    const at = table + i * entry
    const offset = word(at + (wide ? 8 : 4))
    const bytes = word(at + (wide ? 32 : 16))
    if (u32(at) === 1 && offset + bytes > size) return false // PT_LOAD
  }
  return true
}

function elf(head, size) {
  const wide = head[4] === 2
  const little = head[5] === 1
  const machine = little ? head.readUInt16LE(18) : head.readUInt16BE(18)
  const type = little ? head.readUInt16LE(16) : head.readUInt16BE(16)
  const arch = elfMachines[machine] === 'mips' && little ? 'mipsel' : elfMachines[machine]
  const whole = type === 3 && elfIsWhole(head, size, wide, little) // ET_DYN
  return { system: 'ELF', archs: [arch ?? `machine ${machine}`], whole }
}

function machO(head) {
  const magic = head.readUInt32LE(0)
  if (magic === 0xfeedfacf || magic === 0xfeedface) {
    const type = head.readUInt32LE(4)
    return { system: 'Mach-O', archs: [machTypes[type] ?? `type ${type}`], whole: true }
  }
  const archs = [] // of a universal library
  for (let i = 0; i < head.readUInt32BE(4) && i < 16; i++) {
    archs.push(machTypes[head.readUInt32BE(8 + 20 * i)] ?? 'unknown')
  }
  return { system: 'Mach-O', archs, whole: true }
}

function pe(head) {
  const at = head.readUInt32LE(0x3c)
  if (head.toString('latin1', at, at + 4) !== 'PE\0\0') return undefined
  const machine = head.readUInt16LE(at + 4)
  const library = (head.readUInt16LE(at + 22) & 0x2000) !== 0 // IMAGE_FILE_DLL
  return { system: 'PE', archs: [peMachines[machine] ?? `machine ${machine}`], whole: library }
}

/**
 * @param {Buffer} head the file's first bytes, HEAD of them if there are as many
 * @param {number} size the file's, in bytes
 * @returns {{system: string, archs: string[], whole: boolean} | undefined} undefined
 *   when it is none; `whole` when it can be a library at all
 */
function inspectBinary(head, size) {
  try {
    const magic = head.readUInt32BE(0)
    if (magic === 0x7f454c46) return elf(head, size)
    if ([0xcffaedfe, 0xcefaedfe, 0xcafebabe].includes(magic)) return machO(head)
    if (head.toString('latin1', 0, 2) === 'MZ') return pe(head)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error // it ends within its headers
  }
  return undefined
}

/** The format of this system's libraries. */
function nativeSystem() {
  if (process.platform === 'win32') return 'PE'
  return process.platform === 'darwin' ? 'Mach-O' : 'ELF'
}

module.exports = { HEAD, inspectBinary, nativeSystem }
