/// <reference types="node" />
// heddle/tasks: the built-in native tasks. Each function checks its arguments and
// makes a Task; it throws a TypeError or RangeError with a `code`. Names, defaults
// and results are those of Node's own crypto and zlib.
//
// Each task runs on one thread of libuv's pool or of heddle's own, never on
// JavaScript's. 'Interruptible' means that it looks at least every millisecond of
// work whether its result is still wanted.

import type { Previous, Task } from './index.js'

export {}

/**
 * Bytes: a string (as UTF-8), any view or buffer, a shared one included, a file,
 * or the result of the previous step. Whoever gives a buffer does not write to
 * it, resize or transfer it until the Task has settled.
 */
export type Bytes =
  | string
  | NodeJS.TypedArray
  | DataView
  | ArrayBuffer
  | SharedArrayBuffer
  | FileSource
  | Previous

/** Float16Array, where there is one: from Node.js 24 and TypeScript's `lib` esnext.float16. */
type HalfArray = typeof globalThis extends { Float16Array: { prototype: infer A } } ? A : never

type NewHalfArray = typeof globalThis extends { Float16Array: { of(...items: number[]): infer A } } ? A : never

/** Typed arrays that tasks compute with. */
export type NumericArray =
  | HalfArray
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** What tasks give for each: new memory, which is not shared. */
export interface NewArray {
  Int8Array: ReturnType<Int8ArrayConstructor['of']>
  Uint8Array: ReturnType<Uint8ArrayConstructor['of']>
  Uint8ClampedArray: ReturnType<Uint8ClampedArrayConstructor['of']>
  Int16Array: ReturnType<Int16ArrayConstructor['of']>
  Uint16Array: ReturnType<Uint16ArrayConstructor['of']>
  Int32Array: ReturnType<Int32ArrayConstructor['of']>
  Uint32Array: ReturnType<Uint32ArrayConstructor['of']>
  Float32Array: ReturnType<Float32ArrayConstructor['of']>
  Float64Array: ReturnType<Float64ArrayConstructor['of']>
  BigInt64Array: ReturnType<BigInt64ArrayConstructor['of']>
  BigUint64Array: ReturnType<BigUint64ArrayConstructor['of']>
  Float16Array: NewHalfArray
}

/**
 * A Buffer of new memory: `Buffer<ArrayBuffer>` where Buffer has a type parameter,
 * which depends on the versions of TypeScript and @types/node.
 */
export type NewBuffer = ReturnType<BufferConstructor['concat']>

declare class FileSource {
  #private
  private constructor()
  /** The absolute path; a Uint8Array where it is not UTF-8. */
  get path(): string | Uint8Array
}

/** A file's contents, not read yet. Made by {@link file}; immutable. */
export type { FileSource }

/**
 * A file, in place of any {@link Bytes}. The worker thread reads it in blocks of
 * 64 KiB when the Task runs; hash, hmac's data, crc32 and writeFile take constant
 * memory. Regular files only, of the size that they have when they are opened.
 *
 * The Task rejects with Node's own codes (`ENOENT`, `EACCES`, `EISDIR` and so on),
 * `ERR_HEDDLE_NOT_A_FILE` for a FIFO or device, and `ERR_HEDDLE_FILE_CHANGED` when
 * the file shrinks meanwhile.
 *
 * @param path a relative one is resolved now
 * @throws TypeError when it is no path; `ERR_ACCESS_DENIED` under Node's
 *   permission model
 */
export declare function file(path: string | Uint8Array | URL): FileSource

/** How binary results come: `'buffer'` as a Buffer, else as a string. */
export type OutputEncoding = 'hex' | 'base64' | 'base64url' | 'latin1' | 'binary' | 'buffer'

/** The result in an {@link OutputEncoding}. */
export type Output<E extends OutputEncoding | undefined> = E extends 'buffer' ? NewBuffer : string

/** Options of hash, hmac, pbkdf2 and hkdf. */
export interface OutputOptions<
  E extends OutputEncoding | undefined = OutputEncoding | undefined,
> {
  /** `'hex'` by default; `'buffer'` for bytes. */
  outputEncoding?: E
}

/**
 * A digest, as `crypto.hash`. Interruptible.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST` when OpenSSL does not know the
 * algorithm.
 *
 * @param algorithm as `'sha256'`
 */
export declare function hash<E extends OutputEncoding | undefined = undefined>(
  algorithm: string | Previous,
  data: Bytes,
  options?: OutputOptions<E>,
): Task<Output<E>>

/**
 * A keyed digest, as `crypto.createHmac`. Interruptible. Copies of the key that heddle
 * made are wiped.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST`.
 */
export declare function hmac<E extends OutputEncoding | undefined = undefined>(
  algorithm: string | Previous,
  key: Bytes,
  data: Bytes,
  options?: OutputOptions<E>,
): Task<Output<E>>

/**
 * Derives a key from a password, as `crypto.pbkdf2`. NOT interruptible: its
 * promise rejects at once when it is cancelled, but the thread goes on to the end,
 * and `join`, `worker.terminate()` and the exit of the process wait for it.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST`.
 *
 * @param iterations from 1 to 2147483647
 * @param keylen bytes, from 0 to 2147483647
 */
export declare function pbkdf2<E extends OutputEncoding | undefined = undefined>(
  password: Bytes,
  salt: Bytes,
  iterations: number | Previous,
  keylen: number | Previous,
  digest: string | Previous,
  options?: OutputOptions<E>,
): Task<Output<E>>

/** Options of {@link scrypt}. Of two names for one cost give only one. */
export interface ScryptOptions<E extends OutputEncoding | undefined = OutputEncoding | undefined>
  extends OutputOptions<E> {
  /** CPU and memory cost, a power of two; 16384 by default. */
  N?: number | undefined
  /** Block size; 8 by default. */
  r?: number | undefined
  /** Parallelization; 1 by default. */
  p?: number | undefined
  /** The same as `N`. */
  cost?: number | undefined
  /** The same as `r`. */
  blockSize?: number | undefined
  /** The same as `p`. */
  parallelization?: number | undefined
  /** Bytes that it may take, about 128 * N * r; 33554432 (32 MiB) by default. */
  maxmem?: number | undefined
}

/**
 * Derives a key from a password, as `crypto.scrypt`. NOT interruptible: its
 * promise rejects at once when it is cancelled, but the thread goes on to the end,
 * and `join`, `worker.terminate()` and the exit of the process wait for it.
 *
 * Rejects with `ERR_CRYPTO_INVALID_SCRYPT_PARAMS`.
 *
 * @param keylen bytes, from 0 to 2147483647
 */
export declare function scrypt<E extends OutputEncoding | undefined = undefined>(
  password: Bytes,
  salt: Bytes,
  keylen: number | Previous,
  options?: ScryptOptions<E>,
): Task<Output<E>>

/**
 * Derives a key from key material, as `crypto.hkdf`. It is over in well under a
 * millisecond; reading long key material is interruptible.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST`, `ERR_CRYPTO_INVALID_KEYLEN`, and
 * `ERR_HEDDLE_OUT_OF_RANGE` for an info of more than 1024 bytes.
 *
 * @param keylen bytes, at most 255 times the digest's
 */
export declare function hkdf<E extends OutputEncoding | undefined = undefined>(
  digest: string | Previous,
  ikm: Bytes,
  salt: Bytes,
  info: Bytes,
  keylen: number | Previous,
  options?: OutputOptions<E>,
): Task<Output<E>>

/** Options of gunzip, inflate and inflateRaw. */
export interface InflateOptions {
  /** Base two logarithm of the window: 8 to 15, 15 by default; 0 (not for inflateRaw): the data's own. */
  windowBits?: number | undefined
  /** Most bytes of the result, 4 GiB by default; more rejects with `ERR_BUFFER_TOO_LARGE`. */
  maxOutputLength?: number | undefined
}

/** Options of gzip, deflate and deflateRaw. */
export interface DeflateOptions {
  /** From 0 (stored) to 9 (smallest); -1, the default, is zlib's default. */
  level?: number | undefined
  /** Memory for the inner state, 1 to 9; 8 by default. */
  memLevel?: number | undefined
  /** Base two logarithm of the window: 8 (gzip: 9) to 15; 15 by default. */
  windowBits?: number | undefined
  /** `zlib.constants.Z_DEFAULT_STRATEGY` (0) to `Z_FIXED` (4). */
  strategy?: number | undefined
  /** Most bytes of the result; more rejects with `ERR_BUFFER_TOO_LARGE`. */
  maxOutputLength?: number | undefined
}

/** Compresses, with the same bytes as `zlib.gzip`. Interruptible. */
export declare function gzip(data: Bytes, options?: DeflateOptions): Task<NewBuffer>

/** Compresses, with the same bytes as `zlib.deflate`. Interruptible. */
export declare function deflate(data: Bytes, options?: DeflateOptions): Task<NewBuffer>

/** Compresses, with the same bytes as `zlib.deflateRaw`. Interruptible. */
export declare function deflateRaw(data: Bytes, options?: DeflateOptions): Task<NewBuffer>

/**
 * Expands, as `zlib.gunzip`: several members in a row too. Interruptible.
 *
 * Rejects with zlib's codes: `Z_DATA_ERROR` for what is corrupt, `Z_BUF_ERROR` for
 * what is cut short.
 */
export declare function gunzip(data: Bytes, options?: InflateOptions): Task<NewBuffer>

/** Expands, as `zlib.inflate`. Interruptible. Rejects as {@link gunzip} does. */
export declare function inflate(data: Bytes, options?: InflateOptions): Task<NewBuffer>

/** Expands, as `zlib.inflateRaw`. Interruptible. Rejects as {@link gunzip} does. */
export declare function inflateRaw(data: Bytes, options?: InflateOptions): Task<NewBuffer>

/**
 * The checksum of gzip, as `zlib.crc32`. Interruptible.
 *
 * @param value of what came before, 0 by default
 * @returns from 0 to 4294967295
 */
export declare function crc32(data: Bytes, value?: number | Previous): Task<number>

/** A new array of the same elements: for a Buffer, a Uint8Array. */
export type Copy<A extends NumericArray> = NewArray[A[typeof Symbol.toStringTag]]

/**
 * A sorted copy, in the order of `TypedArray.prototype.sort`: ascending, -0 before
 * +0, NaN last. Takes memory for two copies. Interruptible.
 */
export declare function sort<A extends NumericArray = NumericArray>(
  array: A | Previous,
): Task<Copy<A>>

/** What a sum is: a bigint of a BigInt array. */
export type Sum<A extends NumericArray> = A extends BigInt64Array | BigUint64Array
  ? bigint
  : number

/**
 * The sum: of floats compensated, of integers exact. Interruptible.
 *
 * Rejects with `ERR_HEDDLE_OUT_OF_RANGE` when the sum of a BigInt array does not fit the
 * 64 bits of its elements.
 */
export declare function sum<A extends NumericArray = NumericArray>(
  array: A | Previous,
): Task<Sum<A>>

/**
 * The product of an m x k and a k x n matrix, row by row, both Float64Arrays or
 * both Float32Arrays. Interruptible.
 *
 * Rejects with `ERR_HEDDLE_SHAPE` when an array has not as many elements.
 */
export declare function matmul(
  a: Previous,
  b: Previous,
  m: number | Previous,
  k: number | Previous,
  n: number | Previous,
): Task<NewArray['Float64Array'] | NewArray['Float32Array']>
export declare function matmul(
  a: Float64Array | Previous,
  b: Float64Array | Previous,
  m: number | Previous,
  k: number | Previous,
  n: number | Previous,
): Task<NewArray['Float64Array']>
export declare function matmul(
  a: Float32Array | Previous,
  b: Float32Array | Previous,
  m: number | Previous,
  k: number | Previous,
  n: number | Previous,
): Task<NewArray['Float32Array']>

/**
 * Writes bytes, or another file, to a file, which is created (mode 0o666 less the
 * umask) or overwritten, keeping its mode. Regular files only. Interruptible
 * between blocks of 64 KiB. Fulfils with undefined.
 *
 * Rejects with Node's own codes. Stopped or failed, it leaves the target as it
 * was: a temporary file in the same folder is renamed over it in the end. What
 * cannot be replaced so (hard links, a folder that may not be written) is
 * overwritten in place. A file written onto itself stays as it is.
 *
 * @param path a relative one is resolved now; must be UTF-8
 * @throws `ERR_ACCESS_DENIED` under Node's permission model
 */
export declare function writeFile(path: string | Uint8Array | URL, data: Bytes): Task<void>
