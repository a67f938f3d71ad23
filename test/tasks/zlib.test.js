'use strict'
// gzip, gunzip and their kin, and crc32, against node:zlib.

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const zlib = require('node:zlib')
const { parallel, run } = require('../../lib/index.js')
const { native } = require('../../lib/task/native.js')
const tasks = require('../../lib/tasks.js')
const { crc32, file } = tasks
const { rejection, temporaryFolder } = require('../support.js')

const MIB = 1 << 20
const compressors = ['gzip', 'deflate', 'deflateRaw']
const expanders = { gzip: 'gunzip', deflate: 'inflate', deflateRaw: 'inflateRaw' }

/** Bytes that do not compress, the same in every run. */
const noise = createHash('shake256', { outputLength: MIB }).update('heddle').digest()
const random = (length) => noise.subarray(0, length)

/** Lines that are much alike, but not the same. */
function text(length) {
  let line = ''
  for (let i = 0; line.length < length; i++) {
    line += `${i}: ${noise[i % 4096] % 7 ? 'the quick brown fox' : noise[(i * 7) % 4096]}, ${i % 13}\n`
  }
  return Buffer.from(line.slice(0, length))
}

const mixed = Buffer.concat([text(40000), random(30000), Buffer.alloc(40000), text(40000)])

/** Compares members of one parallel() with [name, task, expected]. */
async function check(cases) {
  assert.ok(cases.length > 0)
  const results = await parallel(cases.map(([, task]) => task))
  cases.forEach(([name, , expected], i) => {
    assert.ok(Buffer.isBuffer(results[i]), name)
    assert.ok(results[i].equals(expected), `${name}: ${results[i].length}, ${expected.length} bytes`)
  })
}

const shown = ({ name, message, code, errno }) => ({ name, message, code, errno })

/** What Node does: the bytes, or the error's parts. */
function outcome(name, data, options) {
  try {
    return zlib[`${name}Sync`](data, options)
  } catch (error) {
    return shown(error)
  }
}

/** Compares [name, function, data, options] with what Node's function does, errors too. */
async function checkOutcomes(cases) {
  const results = await Promise.all(
    cases.map(([, name, data, options]) => tasks[name](data, options).catch(shown)),
  )
  cases.forEach(([what, name, data, options], i) => {
    assert.deepEqual(results[i], outcome(name, data, options), `${name} of ${what}`)
  })
  return results
}

describe('heddle/tasks: compression', () => {
  const temporary = temporaryFolder()

  describe('makes the bytes that node:zlib makes', () => {
    const same = (data, options) =>
      compressors.map((name) => [
        `${name} ${JSON.stringify(options)}`,
        tasks[name](data, options),
        zlib[`${name}Sync`](data, options),
      ])

    for (let windowBits = 10; windowBits <= 15; windowBits++) {
      it(`with ${windowBits} windowBits, and all levels, memLevels and strategies`, () => {
        const data = mixed.subarray(36000, 44000)
        const cases = []
        for (let level = -1; level <= 9; level++) {
          for (let strategy = 0; strategy <= 4; strategy++) {
            // Each memLevel comes with each level, and with each strategy.
            const memLevel = 1 + ((level + 1 + 2 * strategy + windowBits) % 9)
            cases.push(...same(data, { level, memLevel, windowBits, strategy }))
          }
        }
        return check(cases)
      })
    }

    it('of data longer than windows and blocks', () => {
      const cases = [...same(mixed), ...same('a string: ü'), ...same(random(70000))]
      for (let level = -1; level <= 9; level++) {
        cases.push(...same(mixed, { level }))
        cases.push(...same(mixed, { level, windowBits: 10 + ((level + 1) % 5), memLevel: 9 }))
      }
      return check(cases)
    })

    it('of all sizes about the limits of buffers', () => {
      const sizes = [0, 1, 2, 3, 63, 64, 65, 16383, 16384, 16385, 32506, 32507, 32768, 65274, 65275]
      sizes.push(65535, 65536, 65537, 131071, 131072, 131073)
      return check(
        sizes.flatMap((size) => [
          ...same(mixed.subarray(0, size), { level: 6 }),
          ...same(noise.subarray(0, size), { level: 1 }),
          ...same(noise.subarray(0, size), { level: 0 }),
        ]),
      )
    })

    it('stored, of more than the result has room for at first', () => {
      const data = Buffer.alloc(2 * MIB, mixed)
      const settings = [{ windowBits: 12 }, { memLevel: 1 }, { windowBits: 10, memLevel: 9 }]
      return check(settings.flatMap((setting) => same(data, { level: 0, ...setting })))
    })

    it('of a file', () => {
      const path = temporary('mixed')
      fs.writeFileSync(path, mixed)
      const cases = [0, 1, 6, 9].flatMap((level) => compressors.map((name) => [name, { level }]))
      return check(
        cases.map(([name, options]) => [
          name,
          tasks[name](file(path), options),
          zlib[`${name}Sync`](mixed, options),
        ]),
      )
    })
  })

  describe('expands', () => {
    const contents = {
      nothing: Buffer.alloc(0),
      'a byte': Buffer.from('x'),
      'a MiB that does not compress': random(MIB),
      'a MiB of text': text(MIB),
      'a MiB of zeros': Buffer.alloc(MIB),
      mixed,
    }
    for (const [name, data] of Object.entries(contents)) {
      it(`what was compressed: ${name}`, async () => {
        const cases = []
        for (const compressor of compressors) {
          const packed = await tasks[compressor](data)
          const path = temporary(`${name}.${compressor}`)
          fs.writeFileSync(path, packed)
          const stored = zlib[`${compressor}Sync`](data, { level: 0 })
          for (const form of [packed, file(path), stored]) {
            cases.push([compressor, tasks[expanders[compressor]](form), data])
          }
        }
        await check(cases)
      })
    }

    it('several members, and what comes after them, as node:zlib does', async () => {
      const one = zlib.gzipSync('one ')
      const two = zlib.gzipSync(mixed)
      // Of stored data, so that the member ends where a block of a file does.
      const stored = (n) => zlib.gzipSync(noise.subarray(0, n), { level: 0 })
      const block = stored(65536 - (stored(65000).length - 65000))
      assert.equal(block.length, 65536)
      const zeros = (n) => Buffer.alloc(n)
      const follow = {
        'two members': [one, two],
        'many members': new Array(300).fill(one),
        'members that end with a block': [block, one, block],
        'an empty member': [one, zlib.gzipSync(''), one],
        'a zero': [one, zeros(1)],
        zeros: [two, zeros(100000)],
        'zeros from a block on': [block, zeros(10)],
        'a member after zeros': [one, zeros(3), two],
        garbage: [one, Buffer.from('garbage of some length')],
        'garbage after zeros': [one, zeros(2), Buffer.from('garbage')],
        'garbage from a block on': [block, Buffer.from('garbage')],
        'half a header': [one, two.subarray(0, 5)],
        'half a member': [one, two.subarray(0, two.length >> 1)],
        'a corrupt member': [one, Buffer.from(two).fill(0xff, 50, 60)],
      }
      const cases = Object.entries(follow).map(([name, parts], i) => {
        const data = Buffer.concat(parts)
        fs.writeFileSync(temporary(`members ${i}`), data)
        return [name, 'gunzip', data]
      })
      const results = await checkOutcomes(cases)
      const files = cases.map((_, i) => tasks.gunzip(file(temporary(`members ${i}`))).catch(shown))
      assert.deepEqual(await Promise.all(files), results)
      await checkOutcomes([
        ['garbage', 'inflate', Buffer.concat([zlib.deflateSync('a'), noise])],
        ['garbage', 'inflateRaw', Buffer.concat([zlib.deflateRawSync('a'), noise])],
      ])
    })

    it('with windows of other sizes, as node:zlib does, or more', async () => {
      const cases = []
      const more = [] // here node:zlib may say that something is too far back
      for (const compressor of compressors) {
        for (const bits of [9, 10, 12, 15]) {
          const packed = zlib[`${compressor}Sync`](mixed, { windowBits: bits })
          for (const windowBits of [8, 9, 11, 15, ...(compressor === 'deflateRaw' ? [] : [0])]) {
            const smaller = windowBits !== 0 && windowBits < bits && compressor !== 'deflate'
            const one = [`${bits} with ${windowBits}`, expanders[compressor], packed, { windowBits }]
            if (smaller) more.push([one[0], tasks[one[1]](packed, { windowBits }), mixed])
            else cases.push(one)
          }
        }
      }
      await checkOutcomes(cases)
      await check(more)
    })

    it('what refers back further than windowBits, where node:zlib does', async () => {
      const period = noise.subarray(0, 300) // refers back by more than 2 ** 8
      const tried = { taken: 0, refused: 0 }
      for (const length of [3000, 12_000, 16_383, 16_384, 16_385, 40_000]) {
        const data = Buffer.alloc(length, period)
        for (const compressor of compressors) {
          const raw = zlib.deflateRawSync(data)
          const packed = zlib[`${compressor}Sync`](data)
          const lying = Buffer.concat([Buffer.from([0x18, 0x19]), raw, packed.subarray(-4)])
          for (const form of compressor === 'deflate' ? [packed, lying] : [packed]) {
            for (let windowBits = 8; windowBits <= 15; windowBits++) {
              const options = { windowBits }
              const expander = expanders[compressor]
              let expected
              try {
                expected = zlib[`${expander}Sync`](form, options)
                tried.taken++
              } catch {
                tried.refused++
              }
              const came = await tasks[expander](form, options).catch(shown)
              if (expected !== undefined) assert.deepEqual(came, expected, `${expander} ${length} ${windowBits}`)
            }
          }
        }
      }
      assert.ok(tried.taken > 60 && tried.refused > 0, JSON.stringify(tried))
    })
  })

  describe('rejects', () => {
    it('what is cut short, wherever that is', async () => {
      const cases = []
      for (const compressor of compressors) {
        const packed = zlib[`${compressor}Sync`](text(3000))
        const length = packed.length
        const cuts = [0, 1, 2, 3, 9, 10, 11, 40, length >> 1, length - 9, length - 8, length - 4]
        for (const cut of [...cuts, length - 2, length - 1]) {
          cases.push([`${cut} bytes of ${length}`, expanders[compressor], packed.subarray(0, cut)])
        }
      }
      const message = 'unexpected end of file'
      const expected = { name: 'Error', message, code: 'Z_BUF_ERROR', errno: -5 }
      for (const result of await checkOutcomes(cases)) assert.deepEqual(result, expected)
    })

    it('what is corrupt, wherever that is', async () => {
      const cases = [
        ['text', 'gunzip', 'this is not gzip'],
        ['text', 'inflate', 'this is not zlib'],
        ['a wrong kind of block', 'inflateRaw', Buffer.from([0xff, 0xff, 0xff])],
        ['zlib', 'gunzip', zlib.deflateSync('a')],
        ['gzip', 'inflate', zlib.gzipSync('a')],
      ]
      for (const compressor of ['gzip', 'deflate']) {
        const packed = zlib[`${compressor}Sync`](text(3000))
        for (const at of [0, 1, packed.length - 3, packed.length - 1]) {
          const corrupt = Buffer.from(packed)
          corrupt[at] ^= 0x55
          cases.push([`a wrong byte ${at}`, expanders[compressor], corrupt])
        }
      }
      for (const result of await checkOutcomes(cases)) {
        assert.equal(result.code, 'Z_DATA_ERROR')
        assert.equal(result.errno, -3)
      }
      const error = await rejection(parallel([tasks.gzip('a'), tasks.gunzip('not gzip')]))
      assert.equal(error.index, 1)
    })

    it('what needs a dictionary', async () => {
      const packed = zlib.deflateSync('abcabc', { dictionary: Buffer.from('abc') })
      const [result] = await checkOutcomes([['a dictionary', 'inflate', packed]])
      assert.equal(result.code, 'Z_NEED_DICT')
    })

    it('more than 4 GiB, unless maxOutputLength says otherwise', () => {
      // By the default alone: to expand so much takes seconds.
      const expanding = native.tasks().filter(({ name }) => ['gunzip', 'inflate', 'inflateRaw'].includes(name))
      const defaults = expanding.map(({ params }) => params.find(({ name }) => name === 'maxOutputLength').default)
      assert.deepEqual(defaults, [2 ** 32, 2 ** 32, 2 ** 32])
    })

    it('more than maxOutputLength, but not as much', async () => {
      const cases = []
      for (const compressor of compressors) {
        const packed = zlib[`${compressor}Sync`](mixed)
        cases.push([compressor, mixed, packed], [expanders[compressor], packed, mixed])
      }
      for (const [name, data, result] of cases) {
        const { length } = result
        const most = [length, length + 1, length * 2, Number.MAX_SAFE_INTEGER]
        await check(most.map((maxOutputLength) => [name, tasks[name](data, { maxOutputLength }), result]))
        for (const maxOutputLength of [1, 100, length - 1]) {
          const error = await rejection(tasks[name](data, { maxOutputLength }))
          assert.ok(error instanceof RangeError, name)
          assert.equal(error.code, 'ERR_BUFFER_TOO_LARGE')
          assert.equal(error.message, outcome(name, data, { maxOutputLength }).message)
        }
      }
    })

    // It polls: where it never gets on, the time limit ends it.
    it('more than maxOutputLength, which is only met after the room has grown', async () => {
      const zeros = Buffer.alloc(3 * MIB)
      const inputs = Object.entries(expanders).map(([compressor, expander]) => {
        return [expander, zlib[`${compressor}Sync`](zeros), zeros.length]
      })
      for (const name of compressors) inputs.push([name, noise, zlib[`${name}Sync`](noise).length])
      for (const [name, data, length] of inputs) {
        for (const maxOutputLength of [20_000, 65_535, 65_536, 100_000, MIB - 1]) {
          assert.ok(maxOutputLength < length)
          const error = await rejection(run(tasks[name](data, { maxOutputLength }), { timeout: 20_000 }))
          assert.equal(error.code, 'ERR_BUFFER_TOO_LARGE', `${name}, ${maxOutputLength}`)
        }
        const all = await run(tasks[name](data, { maxOutputLength: length }), { timeout: 20_000 })
        assert.equal(all.length, length)
      }
    })

    it('windowBits that the format does not have', async () => {
      const cases = { gzip: [8], gunzip: [1, 7], inflate: [7], inflateRaw: [0, 7] }
      for (const [name, list] of Object.entries(cases)) {
        for (const windowBits of list) {
          const error = await rejection(tasks[name]('a', { windowBits }))
          assert.ok(error instanceof RangeError, name)
          assert.equal(error.code, 'ERR_HEDDLE_OUT_OF_RANGE')
          assert.match(error.message, new RegExp(`windowBits.*${windowBits}`))
        }
      }
    })
  })

  const bounds = { level: [-2, 10], memLevel: [0, 10], strategy: [-1, 5] }
  const both = { maxOutputLength: [0, 2 ** 53], windowBits: [-1, 16] }
  const made = [
    ...compressors.map((name) => [name, { ...bounds, ...both }]),
    ...Object.values(expanders).map((name) => [name, both]),
  ]
  for (const [name, options] of made) {
    it(`throws when ${name} is made with wrong options`, () => {
      for (const [option, numbers] of Object.entries(options)) {
        const message = new RegExp(`^${name}: .*"${option}"`)
        for (const value of [...numbers, NaN]) {
          const expected = { name: 'RangeError', code: 'ERR_HEDDLE_OUT_OF_RANGE', message }
          assert.throws(() => tasks[name]('a', { [option]: value }), expected)
        }
        const expected = { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message }
        assert.throws(() => tasks[name]('a', { [option]: '6' }), expected)
      }
    })
  }
})

/** The checksum by its definition, a bit at a time. */
function reference(data, value = 0) {
  let crc = ~value
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

describe('heddle/tasks: crc32', () => {
  const temporary = temporaryFolder()

  it('of known data', async () => {
    const known = [
      ['', 0],
      ['a', 0xe8b7be43],
      ['abc', 0x352441c2],
      ['123456789', 0xcbf43926],
      ['The quick brown fox jumps over the lazy dog', 0x414fa339],
      [Buffer.alloc(32), 0x190a55ad],
      [Buffer.alloc(32, 0xff), 0xff6cab0b],
    ]
    const sums = await parallel(known.map(([data]) => crc32(data)))
    assert.deepEqual(sums, known.map(([, expected]) => expected))
  })

  it('of all sizes, from any value on, in memory and in a file', async () => {
    const values = [0, 1, 0x80000000, 0xffffffff]
    const inputs = [0, 1, 15, 16, 17, 63, 64, 65, 1000, 65535, 65536, 65537, 150000].map(random)
    for (const data of inputs) fs.writeFileSync(temporary(`${data.length}`), data)
    const cases = inputs.flatMap((data) => values.map((value) => [data, value]))
    const sums = await parallel(cases.map((args) => crc32(...args)))
    const files = cases.map(([{ length }, value]) => crc32(file(temporary(`${length}`)), value))
    assert.deepEqual(await parallel(files), sums)
    assert.deepEqual(sums, cases.map((args) => reference(...args)))
    if (zlib.crc32) assert.deepEqual(sums, cases.map((args) => zlib.crc32(...args)))
  })

  it('throws when it is made with a wrong value', () => {
    const expected = { name: 'RangeError', code: 'ERR_HEDDLE_OUT_OF_RANGE' }
    for (const value of [-1, 2 ** 32, 0.5, NaN]) assert.throws(() => crc32('a', value), expected)
    assert.throws(() => crc32('a', '1'), { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
  })
})
