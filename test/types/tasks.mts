import { previous, type Previous, type Task } from 'heddle'
import {
  crc32,
  deflate,
  deflateRaw,
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
  sort,
  sum,
  writeFile,
  type FileSource,
  type OutputOptions,
  type NewArray,
  type OutputEncoding,
} from 'heddle/tasks'
import { noop, sleep, spin } from 'heddle/testing'
import type { Equal, Expect } from './expect.js'

type Bytes = Buffer<ArrayBuffer>

// Everything that holds bytes.
const all: (NodeJS.TypedArray | DataView | ArrayBuffer | SharedArrayBuffer | string)[] = []
for (const data of all) void hash('sha256', data)
void hash('sha256', Buffer.alloc(1))
void hash('sha256', file('a'))
void file(new URL('file:///a'))
void file(Buffer.from('a'))
type _path = Expect<Equal<FileSource['path'], string | Uint8Array>>

// outputEncoding decides the result's type.
const hex = hash('sha256', 'a')
type _hex = Expect<Equal<typeof hex, Task<string>>>
const empty = hash('sha256', 'a', {})
type _empty = Expect<Equal<typeof empty, Task<string>>>
const undef = hash('sha256', 'a', { outputEncoding: undefined })
type _undef = Expect<Equal<typeof undef, Task<string>>>
const base64 = hash('sha256', 'a', { outputEncoding: 'base64url' })
type _base64 = Expect<Equal<typeof base64, Task<string>>>
const buffer = hash('sha256', 'a', { outputEncoding: 'buffer' })
type _buffer = Expect<Equal<typeof buffer, Task<Bytes>>>
declare const encoding: OutputEncoding
const either = hash('sha256', 'a', { outputEncoding: encoding })
type _either = Expect<Equal<typeof either, Task<string | Bytes>>>
declare const options: OutputOptions
const open = hash('sha256', 'a', options)
type _open = Expect<Equal<typeof open, Task<string | Bytes>>>
const mac = hmac('sha256', 'k', 'a', { outputEncoding: 'buffer' })
type _mac = Expect<Equal<typeof mac, Task<Bytes>>>
const pbkdf2Key = pbkdf2('p', 's', 1, 32, 'sha256', { outputEncoding: 'buffer' })
type _pbkdf2Key = Expect<Equal<typeof pbkdf2Key, Task<Bytes>>>
const scryptKey = scrypt('p', 's', 32, { cost: 16, r: 8, maxmem: 1e9, outputEncoding: 'buffer' })
type _scryptKey = Expect<Equal<typeof scryptKey, Task<Bytes>>>
const scryptText = scrypt('p', 's', 32, { N: 16 })
type _scryptText = Expect<Equal<typeof scryptText, Task<string>>>
const hkdfKey = hkdf('sha256', 'k', 's', 'i', 32)
type _hkdfKey = Expect<Equal<typeof hkdfKey, Task<string>>>

// Compression.
const packed = gzip('a', { level: 9, memLevel: 9, windowBits: 15, strategy: 0, maxOutputLength: 10 })
type _packed = Expect<Equal<typeof packed, Task<Bytes>>>
for (const pack of [gzip, deflate, deflateRaw]) void pack('a', { level: undefined })
for (const unpack of [gunzip, inflate, inflateRaw]) void unpack('a', { maxOutputLength: 10 })
const sumOfBytes = crc32('a', 5)
type _sumOfBytes = Expect<Equal<typeof sumOfBytes, Task<number>>>

// Typed arrays.
const sorted = sort(new Float64Array(2))
type _sorted = Expect<Equal<typeof sorted, Task<Float64Array<ArrayBuffer>>>>
const big = sort(new BigInt64Array(2))
type _big = Expect<Equal<typeof big, Task<BigInt64Array<ArrayBuffer>>>>
const ofBuffer = sort(Buffer.alloc(2))
type _ofBuffer = Expect<Equal<typeof ofBuffer, Task<Uint8Array<ArrayBuffer>>>>
const ofPrevious = sort(previous)
type _ofPrevious = Expect<Equal<typeof ofPrevious, Task<NewArray[keyof NewArray]>>>
const ofKnown = sort<Float32Array>(previous)
type _ofKnown = Expect<Equal<typeof ofKnown, Task<Float32Array<ArrayBuffer>>>>
const ofShared = sort(new Int16Array(new SharedArrayBuffer(2)))
type _ofShared = Expect<Equal<typeof ofShared, Task<Int16Array<ArrayBuffer>>>>
const total = sum(new Int8Array(2))
type _total = Expect<Equal<typeof total, Task<number>>>
const bigTotal = sum(new BigUint64Array(2))
type _bigTotal = Expect<Equal<typeof bigTotal, Task<bigint>>>
const anyTotal = sum(previous)
type _anyTotal = Expect<Equal<typeof anyTotal, Task<number | bigint>>>
const product = matmul(new Float32Array(4), previous, 2, 2, 2)
type _product = Expect<Equal<typeof product, Task<Float32Array<ArrayBuffer>>>>
const shared = matmul(new Float64Array(new SharedArrayBuffer(8)), new Float64Array(1), 1, 1, 1)
type _shared = Expect<Equal<typeof shared, Task<Float64Array<ArrayBuffer>>>>
const ofTwo = matmul(previous, previous, 1, 1, 1)
type _ofTwo = Expect<Equal<typeof ofTwo, Task<Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>>>>
const written = writeFile('a', previous)
type _written = Expect<Equal<typeof written, Task<void>>>

// previous stands in every positional argument.
type _previous = Expect<Equal<Previous, typeof previous>>
void hash(previous, previous)
void hmac(previous, previous, previous)
void pbkdf2(previous, previous, previous, previous, previous)
void scrypt(previous, previous, previous)
void hkdf(previous, previous, previous, previous, previous)
void gzip(previous)
void crc32(previous, previous)
void matmul(previous, previous, previous, previous, previous)
for (const wait of [sleep, spin]) void wait(previous)

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
