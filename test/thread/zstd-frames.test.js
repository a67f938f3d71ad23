'use strict'
// How zstd data is taken apart where Node.js expands its first frame alone.

const assert = require('node:assert/strict')
const { expandFrames } = require('../../lib/thread/zstd-frames.js')

const hex = (text) => Buffer.from(text, 'hex')
const frames = {
  stored: hex('28b52ffd2001' + '090000' + 'ff'), // a byte as it is
  repeated: hex('28b52ffd2003' + '1b0000' + '0a'), // a byte three times
  checked: hex('28b52ffd2401' + '090000' + 'ff' + '00112233'), // with a checksum
  windowed: hex('28b52ffd0058' + '080000' + 'aa' + '090000' + 'bb'), // of no size, in two blocks
}
const skip = hex('532a4d1803000000616263')

/** The frames that are expanded. */
function taken(...parts) {
  const found = []
  const given = Buffer.concat(parts)
  const expand = (frame) => found.push(frame.toString('hex')) && Buffer.from('.')
  const result = expandFrames(given, expand, () => {})
  assert.equal(`${result}`, '.'.repeat(found.length))
  return found
}

const shown = (...parts) => parts.map((part) => part.toString('hex'))

describe('frames of zstd', () => {
  const all = Object.values(frames)

  it('are told apart, and those to be skipped left out', () => {
    for (const frame of all) assert.deepEqual(taken(frame), shown(frame))
    assert.deepEqual(taken(...all), shown(...all))
    assert.deepEqual(taken(skip, ...all.flatMap((frame) => [frame, skip])), shown(...all))
    assert.deepEqual(taken(skip), [])
  })

  it('end where something else begins', () => {
    for (const rest of ['00', '28b52f', '28b52f00', 'ffffffffff', '602a4d18']) {
      assert.deepEqual(taken(frames.checked, hex(rest)), shown(frames.checked))
    }
  })

  it('are refused where they are cut short', () => {
    const error = { name: 'Error', message: 'unexpected end of file', code: 'Z_BUF_ERROR', errno: -5 }
    for (const frame of [...all, skip]) {
      for (let length = 0; length < frame.length; length++) {
        assert.throws(() => taken(frame.subarray(0, length)), error, `${length}`)
        if (length >= 4) assert.throws(() => taken(frames.stored, frame.subarray(0, length)), error)
      }
    }
  })

  it('are all counted', () => {
    const check = (length) => {
      if (length > 2) throw new RangeError('too long')
    }
    const expand = () => Buffer.from('..')
    assert.equal(`${expandFrames(frames.stored, expand, check)}`, '..')
    assert.throws(() => expandFrames(Buffer.concat(all), expand, check), RangeError)
  })
})
