'use strict'
// What derived keys and opened texts leave behind: not on the stack of the thread that made them.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { load, sequential } = require('../../lib/index.js')
const { argon2, decrypt, encrypt, hkdf, hmac, pbkdf2, scrypt, sign } = require('../../lib/tasks.js')
const { compileTasks } = require('../helpers/plugin.js')
const { withThreads } = require('../support.js')

const PIECE = 16 // bytes in a row that are no chance

// It runs on the same thread right after them, and looks where their frames were;
// not deeper, where some versions of OpenSSL leave a block.
const source = `
static __attribute__((noinline)) heddle_status look(heddle_call *call) {
  const unsigned char *piece = heddle_arg(call, 0)->as.data;
  const volatile unsigned char *top = __builtin_frame_address(0);
  double found = 0;
  for (long depth = ${PIECE}; depth < 1024 && found == 0; depth++) {
    int same = 0;
    while (same < ${PIECE} && top[same - depth] == piece[same])
      same++;
    if (same == ${PIECE})
      found = (double)depth;
  }
  heddle_result_f64(call, found);
  return HEDDLE_OK;
}
static __attribute__((noinline)) int spread(const unsigned char *piece) {
  volatile unsigned char copy[64 * ${PIECE}];
  for (int i = 0; i < 64 * ${PIECE}; i++)
    copy[i] = piece[i % ${PIECE}];
  return copy[0];
}
static heddle_status leave(heddle_call *call) {
  heddle_result_f64(call, spread(heddle_arg(call, 0)->as.data));
  return HEDDLE_OK;
}
`
const rows = '{"look", "piece: bytes -> f64", look, 0}, {"leave", "piece: bytes -> f64", leave, 0}'

const kinds = {
  scrypt: {
    task: (length, options) => scrypt('password', 'salt', length, { N: 2, r: 1, ...options }),
    key: (length) => crypto.scryptSync('password', 'salt', length, { N: 2, r: 1 }),
  },
  pbkdf2: {
    task: (length, options) => pbkdf2('password', 'salt', 3, length, 'sha256', options),
    key: (length) => crypto.pbkdf2Sync('password', 'salt', 3, length, 'sha256'),
  },
  hkdf: {
    task: (length, options) => hkdf('sha256', 'password', 'salt', '', length, options),
    key: (length) => Buffer.from(crypto.hkdfSync('sha256', 'password', 'salt', '', length)),
  },
}
const parameters = { message: 'password', nonce: 'somesalt', parallelism: 1, memory: 8, passes: 1 }
if (crypto.argon2Sync !== undefined) {
  kinds.argon2 = {
    task: (tagLength, options) => argon2('argon2id', { ...parameters, tagLength, ...options }),
    key: (tagLength) => crypto.argon2Sync('argon2id', { ...parameters, tagLength }),
  }
}

describe('derived keys on the stack', () => {
  withThreads(1)
  let look
  let leave

  before(function () {
    if (process.platform === 'win32') this.skip() // what lies below is not mapped there
    ;({ look, leave } = load(compileTasks(source, rows)))
  })

  /** How deep a piece of these bytes is found after a task; 0 for nowhere. */
  async function traces(make, bytes) {
    const depths = []
    for (let at = 0; at + PIECE <= bytes.length; at += PIECE) {
      depths.push((await sequential([make(), look(bytes.subarray(at, at + PIECE))]))[1])
    }
    return depths
  }

  it('would be found', async () => {
    const piece = crypto.createHash('md5').update('heddle').digest()
    assert.notDeepEqual(await traces(() => leave(piece), piece), [0])
  })

  for (const [name, { task, key }] of Object.entries(kinds)) {
    for (const length of [32, 128]) {
      it(`are wiped: ${name}, ${length} bytes`, async () => {
        const nowhere = Array.from({ length: length / PIECE }, () => 0)
        for (const outputEncoding of ['buffer', 'hex', 'base64', 'latin1']) {
          const make = () => task(length, { outputEncoding })
          assert.deepEqual(await traces(make, key(length)), nowhere, outputEncoding)
        }
        const text = Buffer.from(key(length).toString('hex'))
        assert.deepEqual(await traces(() => task(length), text), [...nowhere, ...nowhere], 'as text')
      })
    }
  }

  // What goes in lies in memory of its own: here it is what must not be copied from there.
  const secret = crypto.createHash('sha512').update('secret').digest()
  const iv = secret.subarray(50, 62)
  const seed = secret.subarray(0, 32)
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const privateKey = crypto.createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' })
  const text = Buffer.concat([secret, secret.map((byte) => byte ^ 0x5a)])

  /** A cipher's sealed text. */
  function sealed(name) {
    const cipher = crypto.createCipheriv(name, seed, iv, { authTagLength: 16 })
    const data = Buffer.concat([cipher.update(text), cipher.final()])
    return [data, cipher.getAuthTag()]
  }

  for (const name of ['aes-256-gcm', 'chacha20-poly1305']) {
    const [data, authTag] = sealed(name)
    const kept = (make, bytes) => traces(make, bytes).then((depths) => assert.deepEqual(depths.filter(Boolean), []))

    it(`are wiped: what ${name} opens, and its key`, async () => {
      await kept(() => decrypt(name, seed, iv, data, { authTag }), text)
      await kept(() => decrypt(name, seed, iv, data, { authTag }), seed)
      await kept(() => encrypt(name, seed, iv, text), text)
      await kept(() => encrypt(name, seed, iv, text), seed)
    })
  }

  it('are wiped: keys of hmac and sign', async () => {
    for (const make of [() => hmac('sha256', seed, 'data'), () => sign(null, 'data', privateKey)]) {
      assert.deepEqual(await traces(make, seed), [0, 0])
    }
  })
})
