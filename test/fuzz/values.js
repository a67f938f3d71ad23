'use strict'
// What Tasks fulfil or reject with when nobody disturbs them, by Node's own means.

const { createHash } = require('node:crypto')
const zlib = require('node:zlib')

const text = (n) => `text ${n} `.repeat(1 + (n % 5))
const array = (n) => Float64Array.from({ length: n }, (_, i) => (i * 7919 * (n + 1)) % 101)
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** zlib.crc32 came with Node 22. */
function crc32(bytes) {
  let crc = -1
  for (const byte of Buffer.from(bytes)) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ -1) >>> 0
}

const value = (it) => ({ value: it })
const failure = (...tags) => ({ tags })

const threads = {
  add: ({ n }) => value(n + 1),
  echo: ({ n, trap }) => value(trap ? { a: n } : text(n)),
  slow: ({ n }) => value(n),
  later: ({ n }) => value(n),
  polite: ({ n }) => value(n),
  hang: ({ n }) => value(n),
  again: ({ n }) => value(n),
  boom: ({ n }) => failure(`message:boom ${n}`),
  odd: ({ n }) => failure(tagOf([undefined, null, n, `text ${n}`, 10n, { n }][n % 6])),
  quit: () => failure('code:ERR_HEDDLE_THREAD_LOST'),
}

const makes = {
  hash: ({ n }) => value(sha256(text(n))),
  crc32: ({ n }) => value(crc32(text(n))),
  sort: ({ n }) => value(array(n).sort()),
  gzip: ({ n }) => value(zlib.gzipSync(text(n))),
  gunzip: ({ n, bad }) => (bad ? failure('code:Z_DATA_ERROR') : value(Buffer.from(text(n)))),
  noop: () => value(undefined),
  sleep: () => value(undefined),
  spin: () => value(undefined),
  file: ({ n, missing }) => (missing ? failure('code:ENOENT') : value(sha256(text(n)))),
  thread: (task) => threads[task.fn](task),
  chain: ({ first, links }) =>
    links.reduce((outcome, link) => linked(link, outcome), natural(first)),
}

const isBytes = (it) => typeof it === 'string' || ArrayBuffer.isView(it)
const raw = (it) =>
  ArrayBuffer.isView(it) ? new Uint8Array(it.buffer, it.byteOffset, it.byteLength) : it

/** What comes of a link that is given an outcome. */
function linked(link, outcome) {
  if (outcome.tags) return outcome
  const bytes = outcome.value
  if (link === 'echo') return value(bytes)
  if (!isBytes(bytes)) return failure('code:ERR_HEDDLE_INVALID_ARG_TYPE')
  if (link === 'hash') return value(sha256(raw(bytes)))
  if (link === 'crc32') return value(crc32(raw(bytes)))
  return value(zlib.gzipSync(raw(bytes)))
}

/** { value } or { tags }: how a task settles that is left alone. */
function natural(task) {
  return makes[task.make](task)
}

/** What was thrown, in a word that a model can hold. */
function tagOf(error) {
  if (error !== null && typeof error === 'object') {
    if (typeof error.code === 'string') return `code:${error.code}`
    if (error instanceof Error) return `message:${error.message}`
    return `object:${JSON.stringify(error)}`
  }
  return `${typeof error}:${String(error)}`
}

/** Bytes by their bytes: a Buffer arrives on a thread as a Uint8Array. */
function plain(it) {
  if (ArrayBuffer.isView(it)) return `bytes ${Buffer.from(raw(it)).toString('hex')}`
  return it !== null && typeof it === 'object' ? JSON.stringify(it) : it
}

const same = (a, b) => Object.is(plain(a), plain(b))

module.exports = { natural, linked, tagOf, same, text, array, zlib }
