import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { previous, type DependentTask, type Previous, type Task } from 'heddle'
import {
  argon2,
  brotliCompress,
  brotliDecompress,
  crc32,
  decrypt,
  deflate,
  deflateRaw,
  encrypt,
  file,
  gunzip,
  gzip,
  hash,
  hkdf,
  hmac,
  inflate,
  inflateRaw,
  matmul,
  pbkdf2,
  scrypt,
  sign,
  sort,
  sum,
  verify,
  writeFile,
  zstdCompress,
  zstdDecompress,
  type Encrypted,
  type FileSource,
  type OutputOptions,
  type NewArray,
  type NewBuffer,
  type OutputEncoding,
} from 'heddle/tasks'
import { noop, sleep, spin } from 'heddle/testing'
import { expectTypeOf } from 'expect-type'

type Bytes = NewBuffer

// Everything that holds bytes.
const all: (NodeJS.TypedArray | DataView | ArrayBuffer | SharedArrayBuffer | string)[] = []
for (const data of all) void hash('sha256', data)
void hash('sha256', Buffer.alloc(1))
void hash('sha256', file('a'))
void file(new URL('file:///a'))
void file(Buffer.from('a'))
expectTypeOf<FileSource['path']>().toEqualTypeOf<string | Uint8Array>()

// outputEncoding decides the result's type.
const hex = hash('sha256', 'a')
expectTypeOf(hex).toEqualTypeOf<Task<string>>()
const empty = hash('sha256', 'a', {})
expectTypeOf(empty).toEqualTypeOf<Task<string>>()
const undef = hash('sha256', 'a', { outputEncoding: undefined })
expectTypeOf(undef).toEqualTypeOf<Task<string>>()
const base64 = hash('sha256', 'a', { outputEncoding: 'base64url' })
expectTypeOf(base64).toEqualTypeOf<Task<string>>()
const buffer = hash('sha256', 'a', { outputEncoding: 'buffer' })
expectTypeOf(buffer).toEqualTypeOf<Task<Bytes>>()
declare const encoding: OutputEncoding
const either = hash('sha256', 'a', { outputEncoding: encoding })
expectTypeOf(either).toEqualTypeOf<Task<string | Bytes>>()
declare const options: OutputOptions
const open = hash('sha256', 'a', options)
expectTypeOf(open).toEqualTypeOf<Task<string | Bytes>>()
const mac = hmac('sha256', 'k', 'a', { outputEncoding: 'buffer' })
expectTypeOf(mac).toEqualTypeOf<Task<Bytes>>()
const pbkdf2Key = pbkdf2('p', 's', 1, 32, 'sha256', { outputEncoding: 'buffer' })
expectTypeOf(pbkdf2Key).toEqualTypeOf<Task<Bytes>>()
const scryptKey = scrypt('p', 's', 32, { cost: 16, r: 8, maxmem: 1e9, outputEncoding: 'buffer' })
expectTypeOf(scryptKey).toEqualTypeOf<Task<Bytes>>()
const scryptText = scrypt('p', 's', 32, { N: 16 })
expectTypeOf(scryptText).toEqualTypeOf<Task<string>>()
const hkdfKey = hkdf('sha256', 'k', 's', 'i', 32)
expectTypeOf(hkdfKey).toEqualTypeOf<Task<string>>()

const parameters = { message: 'p', nonce: Buffer.alloc(16), parallelism: 1, tagLength: 32, memory: 64, passes: 3 }
expectTypeOf(argon2('argon2id', parameters)).toEqualTypeOf<Task<string>>()
expectTypeOf(argon2('argon2i', { ...parameters, secret: 's', outputEncoding: 'buffer' })).toEqualTypeOf<Task<Bytes>>()
// @ts-expect-error a nonce is needed
void argon2('argon2id', { message: 'p', parallelism: 1, tagLength: 32, memory: 64, passes: 3 })

// Ciphers.
const sealed = encrypt('aes-256-gcm', 'key', 'iv', 'a', { aad: 'b', authTagLength: 16 })
expectTypeOf(sealed).toEqualTypeOf<Task<Encrypted>>()
const opened = decrypt('aes-256-gcm', createSecretKey(Buffer.alloc(32)), 'iv', previous, { authTag: 'c' })
expectTypeOf(opened).toEqualTypeOf<DependentTask<Bytes>>()
// @ts-expect-error an option of decrypt
void encrypt('aes-256-gcm', 'key', 'iv', 'a', { authTag: 'c' })

// Signatures.
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
expectTypeOf(sign(null, 'a', privateKey)).toEqualTypeOf<Task<Bytes>>()
expectTypeOf(sign('sha256', 'a', { key: 'PEM', padding: 6, saltLength: 32 }, { outputEncoding: 'hex' })).toEqualTypeOf<Task<string>>()
expectTypeOf(sign('sha256', previous, { key: 'PEM', passphrase: 'secret' })).toEqualTypeOf<DependentTask<Bytes>>()
expectTypeOf(verify(null, 'a', publicKey, Buffer.alloc(64))).toEqualTypeOf<Task<boolean>>()
expectTypeOf(verify('sha256', 'a', { key: publicKey, dsaEncoding: 'ieee-p1363' }, previous)).toEqualTypeOf<DependentTask<boolean>>()
// @ts-expect-error no such encoding
void sign('sha256', 'a', { key: 'PEM', dsaEncoding: 'raw' })

// Compression.
expectTypeOf(hash('md5', 'a').native).toEqualTypeOf<boolean>()
const packed = gzip('a', { level: 9, memLevel: 9, windowBits: 15, strategy: 0, maxOutputLength: 10 })
expectTypeOf(packed).toEqualTypeOf<Task<Bytes>>()
for (const pack of [gzip, deflate, deflateRaw]) void pack('a', { level: undefined })
for (const unpack of [gunzip, inflate, inflateRaw]) void unpack('a', { maxOutputLength: 10 })
for (const code of [brotliCompress, brotliDecompress, zstdCompress, zstdDecompress]) {
  expectTypeOf(code('a', { params: { 1: 5, 4: true }, maxOutputLength: 10 })).toEqualTypeOf<Task<Bytes>>()
  expectTypeOf(code(previous)).toEqualTypeOf<DependentTask<Bytes>>()
}
// @ts-expect-error a parameter is a number
void brotliCompress('a', { params: { 1: 'best' } })
const sumOfBytes = crc32('a', 5)
expectTypeOf(sumOfBytes).toEqualTypeOf<Task<number>>()

// Typed arrays.
const sorted = sort(new Float64Array(2))
expectTypeOf(sorted).toEqualTypeOf<Task<NewArray['Float64Array']>>()
const big = sort(new BigInt64Array(2))
expectTypeOf(big).toEqualTypeOf<Task<NewArray['BigInt64Array']>>()
const ofBuffer = sort(Buffer.alloc(2))
expectTypeOf(ofBuffer).toEqualTypeOf<Task<NewArray['Uint8Array']>>()
const ofPrevious = sort(previous)
expectTypeOf(ofPrevious).toEqualTypeOf<DependentTask<NewArray[keyof NewArray]>>()
const ofKnown = sort<Float32Array>(previous)
expectTypeOf(ofKnown).toEqualTypeOf<Task<NewArray['Float32Array']>>()
const ofShared = sort(new Int16Array(new SharedArrayBuffer(2)))
expectTypeOf(ofShared).toEqualTypeOf<Task<NewArray['Int16Array']>>()
const total = sum(new Int8Array(2))
expectTypeOf(total).toEqualTypeOf<Task<number>>()
const bigTotal = sum(new BigUint64Array(2))
expectTypeOf(bigTotal).toEqualTypeOf<Task<bigint>>()
const anyTotal = sum(previous)
expectTypeOf(anyTotal).toEqualTypeOf<DependentTask<number | bigint>>()
const product = matmul(new Float32Array(4), previous, 2, 2, 2)
expectTypeOf(product).toEqualTypeOf<DependentTask<NewArray['Float32Array']>>()
const shared = matmul(new Float64Array(new SharedArrayBuffer(8)), new Float64Array(1), 1, 1, 1)
expectTypeOf(shared).toEqualTypeOf<Task<NewArray['Float64Array']>>()
const ofTwo = matmul(previous, previous, 1, 1, 1)
expectTypeOf(ofTwo).toEqualTypeOf<DependentTask<NewArray['Float64Array'] | NewArray['Float32Array']>>()
const written = writeFile('a', previous)
expectTypeOf(written).toEqualTypeOf<DependentTask<void>>()

// previous stands in every positional argument.
expectTypeOf<Previous>().toEqualTypeOf<typeof previous>()
void hash(previous, previous)
void hmac(previous, previous, previous)
void pbkdf2(previous, previous, previous, previous, previous)
void scrypt(previous, previous, previous)
void hkdf(previous, previous, previous, previous, previous)
void gzip(previous)
void crc32(previous, previous)
void matmul(previous, previous, previous, previous, previous)
for (const wait of [sleep, spin]) void wait(previous)

// A Task with it is known as one, whatever argument it is.
expectTypeOf(gzip(previous)).toEqualTypeOf<DependentTask<Bytes>>()
expectTypeOf(hash(previous, 'a')).toEqualTypeOf<DependentTask<string>>()
expectTypeOf(hmac('md5', previous, 'a')).toEqualTypeOf<DependentTask<string>>()
expectTypeOf(crc32('a', previous)).toEqualTypeOf<DependentTask<number>>()
expectTypeOf(sleep(previous)).toEqualTypeOf<DependentTask<void>>()
declare const bytes: Parameters<typeof gzip>[0]
expectTypeOf(gzip(bytes)).toEqualTypeOf<Task<Bytes>>()
declare const unknownBytes: any
expectTypeOf(hash('md5', unknownBytes)).toEqualTypeOf<Task<string>>()

// @ts-expect-error of two names for one cost only one
void scrypt('p', 's', 32, { N: 16, cost: 16 })
// @ts-expect-error nor of the others
void scrypt('p', 's', 32, { r: 8, blockSize: 8, outputEncoding: 'buffer' })
// @ts-expect-error but not in a path
void writeFile(previous, 'a')
// @ts-expect-error nor in an option
void gzip('a', { level: previous })
// @ts-expect-error nor is another symbol previous
void hash('sha256', Symbol('heddle.previous'))
// @ts-expect-error no such encoding
void hash('sha256', 'a', { outputEncoding: 'ascii' })
// @ts-expect-error an encoding alone is no options object
void hash('sha256', 'a', 'buffer')
// @ts-expect-error numbers are no bytes
void hash('sha256', 5)
// @ts-expect-error nor is an array of them
void hash('sha256', [1, 2])
// @ts-expect-error a file is made by file()
void hash('sha256', { path: '/a' })
// @ts-expect-error data is missing
void hash('sha256')
// @ts-expect-error no such option
void gunzip('a', { level: 5 })
// @ts-expect-error no such option
void gzip('a', { dictionary: Buffer.alloc(1) })
// @ts-expect-error plain arrays have no elements' type
void sort([1, 2])
// @ts-expect-error a DataView has none either
void sum(new DataView(new ArrayBuffer(8)))
// @ts-expect-error of both the same
void matmul(new Float32Array(4), new Float64Array(4), 2, 2, 2)
// @ts-expect-error floats only
void matmul(new Int32Array(4), new Int32Array(4), 2, 2, 2)
// @ts-expect-error the shape is missing
void matmul(new Float64Array(4), new Float64Array(4))
// @ts-expect-error a number of ms
void sleep('5')
// @ts-expect-error it takes nothing
void noop(1)
