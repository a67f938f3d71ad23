'use strict'
// encrypt and decrypt, against node:crypto and official vectors.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const fc = require('fast-check')
const { chain, parallel, previous, run } = require('../../lib/index.js')
const { decrypt, encrypt, file, gunzip, gzip } = require('../../lib/tasks.js')
const { bytesOf, noise, plain } = require('../fuzz/tasks/contents.js')
const { idle, rejection, temporaryFolder } = require('../support.js')

const hex = (text) => Buffer.from(text, 'hex')
const shown = ({ name, message, code }) => ({ name, message, code })

// key, iv: bytes
const CIPHERS = {
  'aes-128-gcm': [16, 12],
  'aes-192-gcm': [24, 12],
  'aes-256-gcm': [32, 12],
  'id-aes256-GCM': [32, 16],
  'chacha20-poly1305': [32, 12],
  'aes-128-cbc': [16, 16],
  aes256: [32, 16],
  'AES-256-CTR': [32, 16],
  'aes-192-ctr': [24, 16],
  'aes-128-cfb': [16, 16],
  'aria-256-gcm': [32, 12],
  'camellia-128-cbc': [16, 16],
}
const isAead = (name) => /gcm|poly1305/i.test(name)

/** What node:crypto makes of it. */
function byNode(name, key, iv, data, { aad, authTagLength = 16, autoPadding } = {}) {
  const cipher = crypto.createCipheriv(name, key, iv, isAead(name) ? { authTagLength } : {})
  if (aad) cipher.setAAD(aad)
  if (autoPadding === false) cipher.setAutoPadding(false)
  const bytes = Buffer.concat([cipher.update(data), cipher.final()])
  return isAead(name) ? { data: bytes, authTag: cipher.getAuthTag() } : { data: bytes }
}

describe('heddle/tasks: encrypt, decrypt', () => {
  const temporary = temporaryFolder()
  const key = noise.subarray(0, 32)
  const iv = noise.subarray(32, 44)
  const gcm = (data, options) => encrypt('aes-256-gcm', key, iv, data, options)

  it('give what node:crypto gives', () => {
    const options = fc.record(
      {
        aad: fc.uint8Array({ maxLength: 100 }),
        authTagLength: fc.constantFrom(4, 8, 12, 13, 14, 15, 16),
        autoPadding: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    const name = fc.constantFrom(...Object.keys(CIPHERS))
    const property = fc.asyncProperty(name, plain, options, async (cipher, content, given) => {
      const [keyLength, ivLength] = CIPHERS[cipher]
      const secret = noise.subarray(0, keyLength)
      const vector = noise.subarray(100, 100 + ivLength)
      let data = bytesOf(content)
      if (!isAead(cipher)) {
        delete given.aad
        delete given.authTagLength
        if (given.autoPadding === false) data = data.subarray(0, data.length & ~15)
      }
      const expected = byNode(cipher, secret, vector, data, given)
      const got = await encrypt(cipher, secret, vector, data, given)
      assert.deepEqual({ ...got }, expected)
      const back = isAead(cipher) ? { ...given, authTag: got.authTag } : given
      assert.ok((await decrypt(cipher, secret, vector, got.data, back)).equals(data))
    })
    return fc.assert(property, { numRuns: 150, seed: 4 })
  })

  it('give what the standards say', async () => {
    // The test cases 4 and 16 of the GCM specification that NIST refers to.
    const text = hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    )
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2')
    const vector = hex('cafebabefacedbaddecaf888')
    const small = await encrypt('aes-128-gcm', hex('feffe9928665731c6d6a8f9467308308'), vector, text, { aad })
    assert.equal(
      small.data.toString('hex'),
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091',
    )
    assert.equal(small.authTag.toString('hex'), '5bc94fbc3221a5db94fae95ae7121a47')
    const twice = hex('feffe9928665731c6d6a8f9467308308'.repeat(2))
    const large = await encrypt('aes-256-gcm', twice, vector, text, { aad })
    assert.equal(large.authTag.toString('hex'), '76fc6ece0f4e1768cddf8853bb2d551b')
    // RFC 8439, 2.8.2.
    const sunscreen =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
    const sealed = await encrypt(
      'chacha20-poly1305',
      Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i)),
      hex('070000004041424344454647'),
      sunscreen,
      { aad: hex('50515253c0c1c2c3c4c5c6c7') },
    )
    assert.equal(sealed.authTag.toString('hex'), '1ae10b594f09e26a7e902ecbd0600691')
    assert.ok(sealed.data.toString('hex').startsWith('d31a8d34648e60db7b86afbc53ef7ec2'))
    // NIST SP 800-38A, F.5.5 and F.2.5.
    const block = hex('6bc1bee22e409f96e93d7e117393172a')
    const long = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4')
    const counter = hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff')
    const ctr = await encrypt('aes-256-ctr', long, counter, block)
    assert.deepEqual(Object.keys(ctr), ['data'])
    assert.equal(ctr.data.toString('hex'), '601ec313775789a5b7a7f504bbf3d228')
    const first = hex('000102030405060708090a0b0c0d0e0f')
    const cbc = await encrypt('aes-256-cbc', long, first, block, { autoPadding: false })
    assert.equal(cbc.data.toString('hex'), 'f58c4c04d6e5f1ba779eabfb5f7bfbd6')
  })

  it('take files, KeyObjects and results of steps before', async () => {
    const path = temporary('data')
    for (const size of [0, 1, 65_535, 65_536, 200_001]) {
      const data = noise.subarray(0, size)
      fs.writeFileSync(path, data)
      for (const cipher of ['aes-256-gcm', 'aes-256-cbc']) {
        const vector = noise.subarray(0, CIPHERS[cipher]?.[1] ?? 16)
        const [fromFile, object] = await parallel([
          encrypt(cipher, key, vector, file(path)),
          encrypt(cipher, crypto.createSecretKey(key), vector, data),
        ])
        const expected = byNode(cipher, key, vector, data)
        assert.deepEqual({ ...fromFile }, expected)
        assert.deepEqual({ ...object }, expected)
        fs.writeFileSync(temporary('sealed'), expected.data)
        const options = expected.authTag && { authTag: expected.authTag }
        assert.ok((await decrypt(cipher, key, vector, file(temporary('sealed')), options)).equals(data))
      }
    }
    const sealed = await chain(gzip('packed'), encrypt('aes-256-ctr', key, noise.subarray(0, 16), previous))
    const opened = await chain(decrypt('aes-256-ctr', key, noise.subarray(0, 16), sealed.data), gunzip(previous))
    assert.equal(`${opened}`, 'packed')
  })

  it('a KeyObject that nobody else holds is kept by its Tasks', async () => {
    const make = () => {
      const object = crypto.createSecretKey(Buffer.from(key))
      return Array.from({ length: 20 }, () => encrypt('aes-256-gcm', object, iv, 'text'))
    }
    const list = make()
    const expected = byNode('aes-256-gcm', key, iv, 'text')
    for (let i = 0; i < 20; i++) noise.toString('hex') // garbage
    await new Promise(setImmediate)
    for (const one of await parallel(list)) assert.deepEqual({ ...one }, expected)
  })

  it('a wrong tag, aad, key or bit gives an error and nothing else', async () => {
    const { data, authTag } = await gcm('the text', { aad: 'aad' })
    const flipped = (bytes, at) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
    const expected = {
      name: 'Error',
      message: 'Unsupported state or unable to authenticate data',
      code: 'ERR_HEDDLE_AUTHENTICATION',
    }
    const wrong = [
      [key, iv, data, { authTag: flipped(authTag, 15), aad: 'aad' }],
      [key, iv, flipped(data, 0), { authTag, aad: 'aad' }],
      [key, iv, data, { authTag, aad: 'AAD' }],
      [key, iv, data, { authTag }],
      [flipped(key, 3), iv, data, { authTag, aad: 'aad' }],
      [key, flipped(iv, 3), data, { authTag, aad: 'aad' }],
      [key, iv, data.subarray(1), { authTag, aad: 'aad' }],
      [key, iv, '', { authTag, aad: 'aad' }],
    ]
    for (const args of wrong) {
      const error = await rejection(decrypt('aes-256-gcm', ...args))
      assert.deepEqual(shown(error), expected)
    }
    assert.equal(`${await decrypt('aes-256-gcm', key, iv, data, { authTag, aad: 'aad' })}`, 'the text')
  })

  it('reject as node:crypto does', async () => {
    const cases = [
      ['nope', key, iv],
      ['aes-256-gcm\0', key, iv],
      ['aes-256-gcm', key.subarray(1), iv],
      ['aes-256-gcm', '', iv],
      ['aes-256-gcm', key, ''],
      ['aes-256-gcm', key, noise.subarray(0, 200)],
      ['aes-256-cbc', key, iv],
      ['aes-256-cbc', key, ''],
      ['chacha20-poly1305', key, noise.subarray(0, 13)],
      ['chacha20-poly1305', key, noise.subarray(0, 8)],
      ['aes-256-gcm', key, iv, { authTagLength: 3 }],
      ['aes-256-gcm', key, iv, { authTagLength: 9 }],
      ['aes-256-cbc', key, noise.subarray(0, 16), { autoPadding: false }],
    ]
    for (const [name, secret, vector, options] of cases) {
      let expected
      try {
        byNode(name.split('\0').join('?'), secret, vector, 'text', options)
      } catch (error) {
        expected = shown(error)
      }
      assert.deepEqual(shown(await rejection(encrypt(name, secret, vector, 'text', options))), expected, name)
    }
    const opens = [16, 15].map((length) => ['aes-256-cbc', key, noise.subarray(0, 16), noise.subarray(0, length)])
    for (const [name, secret, vector, data] of opens) {
      const decipher = crypto.createDecipheriv(name, secret, vector)
      decipher.update(data)
      const error = await rejection(decrypt(name, secret, vector, data))
      assert.throws(() => decipher.final(), shown(error))
    }
  })

  it('reject what does not authenticate for want of a tag, and tags of another length', async () => {
    const code = 'ERR_CRYPTO_INVALID_AUTH_TAG'
    const tagged = (authTag, options) => decrypt('aes-256-gcm', key, iv, 'text', { authTag, ...options })
    for (const length of [0, 4, 12, 15, 17]) {
      const error = await rejection(tagged(Buffer.alloc(length)))
      assert.deepEqual(shown(error), { name: 'TypeError', message: `Invalid authentication tag length: ${length}`, code })
    }
    assert.equal((await rejection(tagged(undefined))).code, code)
    assert.equal((await rejection(tagged(Buffer.alloc(12), { authTagLength: 8 }))).code, code)
    const { data, authTag } = await gcm('text', { authTagLength: 8 })
    assert.equal(authTag.length, 8)
    assert.equal(`${await decrypt('aes-256-gcm', key, iv, data, { authTag, authTagLength: 8 })}`, 'text')
  })

  it('serve no mode without a vector of its own, and no option for another', async () => {
    for (const [name, length] of [['aes-256-ecb', 32], ['aes-128-ccm', 16], ['aes-128-xts', 32], ['aes-128-wrap', 16]]) {
      const error = await rejection(encrypt(name, noise.subarray(0, length), iv, 'text'))
      assert.equal(error.code, 'ERR_CRYPTO_UNKNOWN_CIPHER', name)
    }
    const ctr = ['aes-256-ctr', key, noise.subarray(0, 16), 'text']
    const aad = await rejection(encrypt(...ctr, { aad: '' }))
    assert.equal(aad.code, 'ERR_CRYPTO_INVALID_STATE')
    const tag = await rejection(decrypt(...ctr, { authTag: '' }))
    assert.match(tag.message, /^decrypt: option "authTag" is for ciphers that authenticate, got "aes-256-ctr"/)
    const { publicKey } = crypto.generateKeyPairSync('ed25519')
    const wrong = { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /a secret key, not a public one/ }
    assert.throws(() => encrypt('aes-256-gcm', publicKey, iv, 'text'), wrong)
  })

  it('stop when nobody wants them any more', async () => {
    const controller = new AbortController()
    const data = Buffer.alloc(300 << 20)
    const promise = run(gcm(data), { signal: controller.signal, join: true })
    setImmediate(() => controller.abort())
    await assert.rejects(promise, { name: 'AbortError' })
    await idle()
  })
})
