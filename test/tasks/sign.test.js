'use strict'
// sign and verify, against node:crypto and official vectors.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const fc = require('fast-check')
const { chain, parallel, previous } = require('../../lib/index.js')
const { file, gzip, gunzip, sign, verify } = require('../../lib/tasks.js')
const { copyMemory } = require('../../lib/task/copies.js')
const { argsOf } = require('../../lib/task/task.js')
const { noise } = require('../fuzz/tasks/contents.js')
const { rejection, temporaryFolder } = require('../support.js')

const { constants } = crypto
const root = path.join(__dirname, '..', '..')
const shown = ({ name, message, code }) => ({ name, message, code })
const pair = (type, options) => crypto.generateKeyPairSync(type, options)

const pairs = {
  rsa: pair('rsa', { modulusLength: 1024 }),
  'rsa-pss': pair('rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 20 }),
  p256: pair('ec', { namedCurve: 'P-256' }),
  p521: pair('ec', { namedCurve: 'P-521' }),
  k1: pair('ec', { namedCurve: 'secp256k1' }),
  ed25519: pair('ed25519'),
  ed448: pair('ed448'),
  dsa: pair('dsa', { modulusLength: 1024, divisorLength: 160 }),
}
for (const type of ['ml-dsa-44', 'ml-dsa-65', 'slh-dsa-sha2-128f']) {
  try {
    pairs[type] = pair(type)
  } catch {
    // Node.js or its OpenSSL has none
  }
}
const isOwn = (kind) => /^(ed|ml|slh)/.test(kind)
// Always the same bytes.
const isFixed = (kind, settings) =>
  /^(rsa|ed)/.test(kind) && kind !== 'rsa-pss' && settings.padding !== constants.RSA_PKCS1_PSS_PADDING

/** { value } or { error } of what Node does, or heddle. */
async function outcome(make) {
  try {
    return { value: await make() }
  } catch (error) {
    return { error: shown(error) }
  }
}

describe('heddle/tasks: sign, verify', () => {
  const temporary = temporaryFolder()

  it('give what node:crypto gives, and take what it gives', () => {
    const settings = fc.record(
      {
        padding: fc.constantFrom(constants.RSA_PKCS1_PADDING, constants.RSA_PKCS1_PSS_PADDING),
        saltLength: fc.constantFrom(0, 20, 32, -1, -2),
        dsaEncoding: fc.constantFrom('der', 'ieee-p1363'),
      },
      { requiredKeys: [] },
    )
    const kind = fc.constantFrom(...Object.keys(pairs))
    const digest = fc.constantFrom('sha256', 'sha384', 'SHA512', 'RSA-SHA256', 'sha1', null)
    const data = fc.uint8Array({ maxLength: 300 })
    const property = fc.asyncProperty(kind, digest, data, settings, async (type, name, bytes, given) => {
      const algorithm = isOwn(type) ? null : name
      const { privateKey, publicKey } = pairs[type]
      const key = { key: privateKey, ...given }
      const expected = await outcome(() => crypto.sign(algorithm, bytes, key))
      const got = await outcome(() => sign(algorithm, bytes, key))
      if (expected.error) return assert.deepEqual(got, expected)
      assert.equal(got.error, undefined)
      if (isFixed(type, given)) assert.deepEqual(got, expected)
      const open = { key: publicKey, ...given }
      assert.ok(crypto.verify(algorithm, bytes, open, got.value))
      assert.equal(await verify(algorithm, bytes, open, expected.value), true)
      const other = Buffer.concat([bytes, Buffer.from('x')])
      assert.equal(await verify(algorithm, other, open, expected.value), false)
    })
    return fc.assert(property, { numRuns: 120, seed: 5 })
  })

  it('say of any signature what node:crypto says', () => {
    const change = fc.record({ at: fc.nat(1000), bit: fc.nat(7), cut: fc.nat(3), more: fc.nat(2) })
    const kind = fc.constantFrom(...Object.keys(pairs))
    const dsaEncoding = fc.constantFrom('der', 'ieee-p1363')
    const property = fc.asyncProperty(kind, dsaEncoding, change, async (type, encoding, { at, bit, cut, more }) => {
      const algorithm = isOwn(type) ? null : 'sha256'
      const { privateKey, publicKey } = pairs[type]
      const made = crypto.sign(algorithm, noise.subarray(0, 50), { key: privateKey, dsaEncoding: encoding })
      const signature = Buffer.concat([made.subarray(0, made.length - cut), Buffer.alloc(more)])
      if (bit > 0) signature[at % signature.length] ^= 1 << bit
      const key = { key: publicKey, dsaEncoding: encoding }
      const expected = crypto.verify(algorithm, noise.subarray(0, 50), key, signature)
      assert.equal(await verify(algorithm, noise.subarray(0, 50), key, signature), expected)
    })
    const anything = fc.asyncProperty(kind, fc.uint8Array({ maxLength: 150 }), async (type, bytes) => {
      const algorithm = isOwn(type) ? null : 'sha256'
      assert.equal(await verify(algorithm, 'data', { key: pairs[type].publicKey, dsaEncoding: 'ieee-p1363' }, bytes), false)
      assert.equal(await verify(algorithm, 'data', pairs[type].publicKey, bytes), false)
    })
    return Promise.all([fc.assert(property, { numRuns: 150, seed: 6 }), fc.assert(anything, { numRuns: 60, seed: 7 })])
  })

  it('give what RFC 8032 says', async () => {
    const hex = (text) => Buffer.from(text, 'hex')
    // 7.1, tests 1 and 3.
    const vectors = [
      [
        '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ],
      [
        'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
        'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
      ],
    ]
    for (const [seed, data, signature] of vectors) {
      const key = crypto.createPrivateKey({
        key: Buffer.concat([hex('302e020100300506032b657004220420'), hex(seed)]),
        format: 'der',
        type: 'pkcs8',
      })
      assert.equal(await sign(null, hex(data), key, { outputEncoding: 'hex' }), signature)
      assert.equal(await verify(null, hex(data), key, hex(signature)), true)
    }
  })

  it('take keys in all forms, and the same one again', async () => {
    const { privateKey, publicKey } = pairs.rsa
    const { privateKey: curve } = pairs.p256
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
    const der = privateKey.export({ format: 'der', type: 'pkcs1' })
    const passphrase = 'secret'
    const sealed = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }
    const locked = { key: privateKey.export(sealed), passphrase }
    const privates = [privateKey, pem, Buffer.from(pem), { key: pem }, { key: privateKey }, locked, locked]
    privates.push({ key: der, format: 'der', type: 'pkcs1' }, { key: privateKey.export({ format: 'jwk' }), format: 'jwk' })
    privates.push({ key: privateKey.export(sealed), passphrase: Buffer.from(passphrase) })
    const expected = crypto.sign('sha256', Buffer.from('data'), privateKey)
    for (let i = 0; i < 2; i++) {
      const all = await parallel(privates.map((key) => sign('sha256', 'data', key)))
      for (const one of all) assert.ok(one.equals(expected))
    }
    const open = publicKey.export({ format: 'pem', type: 'spki' })
    const publics = [publicKey, open, Buffer.from(open), privateKey, pem, { key: publicKey.export({ format: 'jwk' }), format: 'jwk' }]
    publics.push({ key: publicKey.export({ format: 'der', type: 'pkcs1' }), format: 'der', type: 'pkcs1' })
    publics.push(await crypto.webcrypto.subtle.importKey('jwk', pairs.p256.publicKey.export({ format: 'jwk' }), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']))
    const all = await parallel(publics.slice(0, -1).map((key) => verify('sha256', 'data', key, expected)))
    assert.ok(all.every((one) => one === true))
    const signature = await sign('sha256', 'data', { key: curve, dsaEncoding: 'ieee-p1363' })
    assert.equal(signature.length, 64)
    assert.equal(await verify('sha256', 'data', { key: publics.at(-1), dsaEncoding: 'ieee-p1363' }, signature), true)
  })

  it('tell keys apart, of which one took the place of another', async () => {
    const many = Array.from({ length: 40 }, () => pair('ed25519')) // more than stay parsed
    for (let i = 0; i < 2; i++) {
      const all = await parallel(many.map(({ privateKey }) => sign(null, 'data', privateKey)))
      const told = await parallel(many.map(({ publicKey }, at) => verify(null, 'data', publicKey, all[at])))
      assert.ok(told.every((one) => one === true))
      const wrong = await parallel(many.map(({ publicKey }, at) => verify(null, 'data', publicKey, all.at(at - 1))))
      assert.ok(wrong.every((one) => one === false))
    }
    const buffer = Buffer.from(many[0].privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const first = await sign(null, 'data', buffer)
    buffer.set(Buffer.from(many[1].privateKey.export({ format: 'pem', type: 'pkcs8' })))
    const second = await sign(null, 'data', buffer)
    assert.equal(await verify(null, 'data', many[0].publicKey, first), true)
    assert.equal(await verify(null, 'data', many[1].publicKey, second), true)
    const options = { key: buffer.toString(), passphrase: 'x' }
    assert.ok((await sign(null, 'data', options)).equals(second))
    options.key = many[0].privateKey.export({ format: 'pem', type: 'pkcs8' })
    assert.ok((await sign(null, 'data', options)).equals(first))
  })

  it('take files and results of steps before', async () => {
    const name = temporary('data')
    const data = noise.subarray(0, 200_000)
    fs.writeFileSync(name, data)
    for (const type of ['rsa', 'p256', 'ed25519']) {
      const algorithm = isOwn(type) ? null : 'sha256'
      const { privateKey, publicKey } = pairs[type]
      const signature = await sign(algorithm, file(name), privateKey)
      assert.ok(crypto.verify(algorithm, data, publicKey, signature))
      fs.writeFileSync(temporary('signature'), signature)
      assert.equal(await verify(algorithm, file(name), publicKey, file(temporary('signature'))), true)
    }
    const { privateKey, publicKey } = pairs.rsa
    const signature = await chain(gzip('text'), gunzip(previous), sign('sha256', previous, privateKey))
    assert.equal(await chain(sign('sha256', 'text', privateKey), verify('sha256', 'text', publicKey, previous)), true)
    assert.ok(crypto.verify('sha256', Buffer.from('text'), publicKey, signature))
    const text = await sign('sha256', 'text', privateKey, { outputEncoding: 'base64url' })
    assert.equal(text, signature.toString('base64url'))
  })

  it('reject as node:crypto does', async () => {
    const { rsa, ed25519 } = pairs
    const data = Buffer.from('a')
    const cases = [
      ['nope', rsa.privateKey],
      ['', rsa.privateKey],
      ['', pairs.p256.privateKey],
      ['', ed25519.privateKey],
      ['sha256', ed25519.privateKey],
      ['sha256', pair('x25519').privateKey],
      ['sha1', pairs['rsa-pss'].privateKey],
      ['sha256', { key: rsa.privateKey, padding: 99 }],
      ['sha256', { key: rsa.privateKey, padding: 4 }],
      ['sha256', { key: rsa.privateKey, padding: 6, saltLength: 2000 }],
      ['shake256', rsa.privateKey],
      ['sha256', rsa.publicKey],
      ['sha256', crypto.createSecretKey(data)],
      ['sha256', '-----BEGIN nothing'],
      ['sha256', { key: Buffer.from('3003020101', 'hex'), format: 'der', type: 'pkcs8' }],
    ]
    for (const [name, key] of cases) {
      const expected = await outcome(() => crypto.sign(name, data, key))
      assert.ok(expected.error)
      assert.deepEqual(await outcome(() => sign(name, data, key)), expected)
    }
    for (const name of ['', 'nope', 'sha256']) {
      const key = name === 'sha256' ? ed25519.publicKey : rsa.publicKey
      const expected = await outcome(() => crypto.verify(name, data, key, Buffer.alloc(64)))
      assert.ok(expected.error)
      assert.deepEqual(await outcome(() => verify(name, data, key, Buffer.alloc(64))), expected)
    }
  })

  it('keep no text of a private key that was given as bytes', () => {
    const name = temporary('key')
    const pem = pairs.rsa.privateKey.export({ format: 'pem', type: 'pkcs8' })
    fs.writeFileSync(name, pem)
    const program = `
      const { Session } = require('node:inspector')
      const { sign, verify } = require('./lib/tasks.js')
      async function main() {
        const key = require('node:fs').readFileSync(process.argv[1])
        const signature = await sign('sha256', 'a', key)
        if (!(await verify('sha256', 'a', key, signature))) throw new Error('no')
        const session = new Session()
        session.connect()
        session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => process.stdout.write(params.chunk))
        session.post('HeapProfiler.takeHeapSnapshot')
      }
      main()`
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program, name], { cwd: root, maxBuffer: 1 << 28 })
    assert.equal(`${stderr}`, '')
    assert.ok(stdout.includes('takeHeapSnapshot'), 'strings are in it')
    assert.ok(!stdout.includes(pem.split('\n')[2]))
  })

  it('have one memory of a key, which the option `copy` leaves alone', () => {
    const data = Buffer.from('data')
    const task = sign(null, data, pairs.ed25519.privateKey)
    const [, , der] = argsOf(task)
    assert.equal(der.buffer, argsOf(sign(null, 'other', pairs.ed25519.privateKey))[2].buffer)
    assert.equal(copyMemory([task], () => false), undefined)
    if (task.native) assert.notEqual(argsOf(task)[1], data)
    assert.equal(argsOf(task)[2], der)
  })

  it('know a CryptoKey again', async () => {
    const usages = ['sign']
    const jwk = pairs.p256.privateKey.export({ format: 'jwk' })
    const key = await crypto.webcrypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, usages)
    const [first, second] = [sign('sha256', 'a', key), sign('sha256', 'a', key)].map((task) => argsOf(task)[2].buffer)
    assert.equal(first, second)
  })

  it('throw for what is no key or option, and never show a key', () => {
    const type = { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE' }
    for (const key of [undefined, null, 5, true, {}, [], { key: 5 }, { key: null }, () => {}]) {
      for (const make of [sign, verify]) {
        assert.throws(() => make('sha256', 'a', key, 'x'), { ...type, message: new RegExp(`^${make.name}: argument "key" must be a key: PEM`) })
      }
    }
    const { privateKey } = pairs.rsa
    const wrong = { padding: 'x', saltLength: 'x', dsaEncoding: 'x', context: 5 }
    for (const [name, value] of Object.entries(wrong)) {
      const message = new RegExp(`option "${name}" must be`)
      assert.throws(() => sign('sha256', 'a', { key: privateKey, [name]: value }), { ...type, message })
    }
    assert.throws(() => sign('sha256', 'a', privateKey, { padding: 1 }), { ...type, message: /'outputEncoding' only/ })
    for (const options of [null, 5, [], 'hex']) assert.throws(() => sign('sha256', 'a', privateKey, options), type)
    assert.throws(() => sign('sha256', 5, privateKey), { ...type, message: /argument "data"/ })
    assert.throws(() => sign(5, 'a', privateKey), { ...type, message: /argument "algorithm"/ })
    assert.throws(() => verify('sha256', 'a', privateKey), { ...type, message: /argument "signature"/ })
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
    assert.throws(() => sign('sha256', 'a', { key: pem.replace('MII', '***') }), (error) => !error.stack.includes(pem.slice(40, 80)))
    assert.ok(!require('node:util').inspect(sign('sha256', 'a', pem), { depth: 9, showHidden: true }).includes('BEGIN'))
  })

  it('take a context where there is one', async function () {
    if (!pairs['ml-dsa-44']) this.skip()
    const { privateKey, publicKey } = pairs['ml-dsa-44']
    const context = Buffer.from('letters')
    const signature = await sign(null, 'a', { key: privateKey, context })
    assert.ok(crypto.verify(null, Buffer.from('a'), { key: publicKey, context }, signature))
    assert.equal(await verify(null, 'a', { key: publicKey, context: 'letters' }, signature), true)
    assert.equal(await verify(null, 'a', publicKey, signature), false)
    const error = await rejection(sign('sha256', 'a', { key: pairs.rsa.privateKey, context }))
    assert.equal(error.code, 'ERR_CRYPTO_OPERATION_FAILED')
  })
})
