/// <reference types="node" />
// heddle/tasks: the built-in native tasks. Each function checks its arguments and
// makes a Task; it throws a TypeError or RangeError with a `code`. Names, defaults
// and results are those of Node's own crypto and zlib.
//
// Each task runs on one thread of libuv's pool or of heddle's own, never on
// JavaScript's. 'Interruptible' means that it looks at least every millisecond of
// work whether its result is still wanted.

import type { JsonWebKey, KeyObject, webcrypto } from 'node:crypto'
import type { ReadableStream } from 'node:stream/web'
import type { DependentTask, Maker, Previous, Task, TaskOf } from './index.js'

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

/** What a stream gives: no strings. */
export type Chunk = NodeJS.TypedArray | DataView | ArrayBuffer | SharedArrayBuffer

/**
 * A stream of bytes: a Node.js Readable, a web stream, or an async iterable. It is read once,
 * by one Task, no faster than it is worked on, and holds no thread while it has nothing. A Task that
 * is withdrawn after it has started closes it. With an error of its own the Task rejects.
 */
export type ByteStream = AsyncIterable<Chunk> | NodeJS.ReadableStream | ReadableStream

/** Bytes, or a stream of them. */
export type Data = Bytes | ByteStream

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
export declare function hash<
  E extends OutputEncoding | undefined = undefined,
  A extends string | Previous = string,
  D extends Data = Data,
>(algorithm: A, data: D, options?: OutputOptions<E>): TaskOf<Output<E>, [A, D]>

/**
 * A keyed digest, as `crypto.createHmac`. Interruptible. Copies of the key that heddle
 * made are wiped.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST`.
 */
export declare function hmac<
  E extends OutputEncoding | undefined = undefined,
  A extends string | Previous = string,
  K extends Bytes = Bytes,
  D extends Data = Data,
>(algorithm: A, key: K, data: D, options?: OutputOptions<E>): TaskOf<Output<E>, [A, K, D]>

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
export declare function pbkdf2<
  E extends OutputEncoding | undefined = undefined,
  P extends Bytes = Bytes,
  S extends Bytes = Bytes,
  I extends number | Previous = number,
  L extends number | Previous = number,
  A extends string | Previous = string,
>(
  password: P,
  salt: S,
  iterations: I,
  keylen: L,
  digest: A,
  options?: OutputOptions<E>,
): TaskOf<Output<E>, [P, S, I, L, A]>

/** Options of {@link scrypt}: of two names for one cost only one. */
export type ScryptOptions<E extends OutputEncoding | undefined = OutputEncoding | undefined> =
  OutputOptions<E> & {
    /** Bytes that it may take, about 128 * N * r; 33554432 (32 MiB) by default. */
    maxmem?: number | undefined
  } & (
      | {
          /** CPU and memory cost, a power of two; 16384 by default. */
          N?: number | undefined
          cost?: undefined
        }
      | {
          N?: undefined
          /** CPU and memory cost, a power of two; 16384 by default. The same as `N`. */
          cost?: number | undefined
        }
    ) &
    (
      | {
          /** Block size; 8 by default. */
          r?: number | undefined
          blockSize?: undefined
        }
      | {
          r?: undefined
          /** Block size; 8 by default. The same as `r`. */
          blockSize?: number | undefined
        }
    ) &
    (
      | {
          /** Parallelization; 1 by default. */
          p?: number | undefined
          parallelization?: undefined
        }
      | {
          p?: undefined
          /** Parallelization; 1 by default. The same as `p`. */
          parallelization?: number | undefined
        }
    )

/**
 * Derives a key from a password, as `crypto.scrypt`. NOT interruptible: its
 * promise rejects at once when it is cancelled, but the thread goes on to the end,
 * and `join`, `worker.terminate()` and the exit of the process wait for it.
 *
 * Rejects with `ERR_CRYPTO_INVALID_SCRYPT_PARAMS`.
 *
 * @param keylen bytes, from 0 to 2147483647
 */
export declare function scrypt<
  E extends OutputEncoding | undefined = undefined,
  P extends Bytes = Bytes,
  S extends Bytes = Bytes,
  L extends number | Previous = number,
>(password: P, salt: S, keylen: L, options?: ScryptOptions<E>): TaskOf<Output<E>, [P, S, L]>

/**
 * Derives a key from key material, as `crypto.hkdf`. It is over in well under a
 * millisecond; reading long key material is interruptible.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST`, `ERR_CRYPTO_INVALID_KEYLEN`, and
 * `ERR_HEDDLE_OUT_OF_RANGE` for an info of more than 1024 bytes.
 *
 * @param keylen bytes, at most 255 times the digest's
 */
export declare function hkdf<
  E extends OutputEncoding | undefined = undefined,
  A extends string | Previous = string,
  K extends Bytes = Bytes,
  S extends Bytes = Bytes,
  I extends Bytes = Bytes,
  L extends number | Previous = number,
>(
  digest: A,
  ikm: K,
  salt: S,
  info: I,
  keylen: L,
  options?: OutputOptions<E>,
): TaskOf<Output<E>, [A, K, S, I, L]>

/** Parameters of {@link argon2}, as `crypto.argon2` takes them. */
export interface Argon2Parameters<
  E extends OutputEncoding | undefined = OutputEncoding | undefined,
> extends OutputOptions<E> {
  /** The password. */
  message: Exclude<Bytes, Previous>
  /** The salt: at least 8 bytes, 16 are recommended. */
  nonce: Exclude<Bytes, Previous>
  /** Lanes, which are filled one after the other on one thread: 1 to 16777215. */
  parallelism: number
  /** Bytes of the key: 4 or more. */
  tagLength: number
  /** KiB of memory: at least 8 times the parallelism. */
  memory: number
  /** Passes over the memory: 1 or more. */
  passes: number
  /** A secret that is not stored with the key (a pepper). */
  secret?: Exclude<Bytes, Previous> | undefined
  associatedData?: Exclude<Bytes, Previous> | undefined
  /** Bytes that it may take, 1024 * memory; 134217728 (128 MiB) by default. */
  maxmem?: number | undefined
}

/**
 * Derives a key from a password (RFC 9106), as `crypto.argon2` of Node.js 24, on every Node.js whose
 * OpenSSL has it (3.2 and later, as in late releases of 22). NOT interruptible: its promise rejects at once when
 * it is cancelled, but the thread goes on to the end, and `join`, `worker.terminate()` and the
 * exit of the process wait for it.
 *
 * Rejects with `ERR_HEDDLE_OUT_OF_RANGE`, `ERR_CRYPTO_INVALID_ARGON2_PARAMS` when `memory` is over
 * `maxmem`, and `ERR_HEDDLE_UNAVAILABLE`.
 */
export declare function argon2<
  E extends OutputEncoding | undefined = undefined,
  A extends 'argon2d' | 'argon2i' | 'argon2id' | Previous = 'argon2id',
>(algorithm: A, parameters: Argon2Parameters<E>): TaskOf<Output<E>, [A]>

/** A secret key: bytes, or a KeyObject that holds some. */
export type SecretKey = Bytes | KeyObject

/** Options of {@link encrypt}. */
export interface EncryptOptions {
  /** What is authenticated and not encrypted: of GCM and ChaCha20-Poly1305 only. */
  aad?: Exclude<Bytes, Previous> | undefined
  /** Bytes of the tag, 16 by default; of GCM 4, 8 and 12 to 16. */
  authTagLength?: number | undefined
  /** Whether CBC pads data to whole blocks; `true` by default. */
  autoPadding?: boolean | undefined
}

/** Options of {@link decrypt}. */
export interface DecryptOptions extends EncryptOptions {
  /** The tag that encrypt gave: GCM and ChaCha20-Poly1305 take no data without it. */
  authTag?: Exclude<Bytes, Previous> | undefined
}

/** What {@link encrypt} gives. */
export interface Encrypted {
  data: NewBuffer
  /** Of GCM and ChaCha20-Poly1305. */
  authTag?: NewBuffer
}

/**
 * Encrypts, as `crypto.createCipheriv`: in the modes GCM, CTR, CBC, CFB and OFB, and by
 * ChaCha20-Poly1305. Interruptible. A file is read in blocks. Copies of the key that heddle
 * made are wiped. With GCM, CTR and ChaCha20-Poly1305 an `iv` is used once with a key.
 *
 * Rejects with `ERR_CRYPTO_UNKNOWN_CIPHER`, `ERR_CRYPTO_INVALID_KEYLEN`,
 * `ERR_CRYPTO_INVALID_IV`, `ERR_CRYPTO_INVALID_AUTH_TAG` and OpenSSL's `ERR_OSSL_...`.
 *
 * @param algorithm as `'aes-256-gcm'`
 * @param iv the initialization vector: 12 bytes for GCM and ChaCha20-Poly1305, else 16
 */
export declare function encrypt<
  A extends string | Previous,
  K extends SecretKey,
  I extends Bytes,
  D extends Bytes,
>(algorithm: A, key: K, iv: I, data: D, options?: EncryptOptions): TaskOf<Encrypted, [A, K, I, D]>

/**
 * Decrypts what {@link encrypt} gave. Interruptible. When the tag is wrong it rejects with
 * `ERR_HEDDLE_AUTHENTICATION`, and gives no byte; else as encrypt does.
 */
export declare function decrypt<
  A extends string | Previous,
  K extends SecretKey,
  I extends Bytes,
  D extends Bytes,
>(algorithm: A, key: K, iv: I, data: D, options?: DecryptOptions): TaskOf<NewBuffer, [A, K, I, D]>

/** What a key, given as an object, says of signatures, as `crypto.sign` takes it. */
export interface SignatureSettings {
  /** RSA: `crypto.constants.RSA_PKCS1_PADDING`, or `RSA_PKCS1_PSS_PADDING`. */
  padding?: number | undefined
  /** RSA-PSS: bytes of the salt, or `crypto.constants.RSA_PSS_SALTLEN_...`. */
  saltLength?: number | undefined
  /** ECDSA and DSA: `'der'` by default; JSON Web Tokens have `'ieee-p1363'`. */
  dsaEncoding?: 'der' | 'ieee-p1363' | undefined
  /** Ed448, ML-DSA and SLH-DSA, where OpenSSL has it. */
  context?: Exclude<Bytes, Previous> | undefined
}

type KeyBytes = string | NodeJS.TypedArray | DataView | ArrayBuffer

/** A key of {@link sign} or {@link verify}: PEM, a KeyObject, a CryptoKey, or an object with one. */
export type SigningKey =
  | KeyBytes
  | KeyObject
  | webcrypto.CryptoKey
  | (SignatureSettings & {
      key: KeyBytes | KeyObject | webcrypto.CryptoKey | JsonWebKey
      /** `'pem'` by default. */
      format?: 'pem' | 'der' | 'jwk' | undefined
      /** Of DER. */
      type?: 'pkcs1' | 'pkcs8' | 'spki' | 'sec1' | undefined
      passphrase?: string | Uint8Array | undefined
      /** Of `key` and `passphrase`, when they are strings. */
      encoding?: BufferEncoding | undefined
    })

/**
 * Signs, as `crypto.sign`: RSA (PKCS#1, PSS), ECDSA, DSA, Ed25519, Ed448, and ML-DSA and SLH-DSA
 * where Node.js has them. NOT interruptible, but for the reading of data. Keys are parsed
 * once; copies that heddle made of private ones are wiped.
 *
 * Rejects with `ERR_CRYPTO_INVALID_DIGEST` and OpenSSL's `ERR_OSSL_...`.
 *
 * @param algorithm the digest, as `'sha256'`; `null` for Ed25519 and others with one of
 *   their own
 * @throws what node:crypto throws for a key that it cannot read
 */
export declare function sign<
  E extends OutputEncoding | undefined = 'buffer',
  A extends string | null | undefined | Previous = string,
  D extends Bytes = Bytes,
>(
  algorithm: A,
  data: D,
  key: SigningKey,
  options?: OutputOptions<E>,
): TaskOf<[E] extends [undefined] ? NewBuffer : Output<E>, [A, D]>

/**
 * Whether a signature is of this data and key, as `crypto.verify`. NOT interruptible, but for the
 * reading of data. Throws and rejects as {@link sign} does.
 *
 * @param key a public key; of a private one, its public one
 */
export declare function verify<
  A extends string | null | undefined | Previous,
  D extends Bytes,
  S extends Bytes,
>(algorithm: A, data: D, key: SigningKey, signature: S): TaskOf<boolean, [A, D, S]>

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
export declare const gzip: Maker<
  <D extends Data>(data: D, options?: DeflateOptions) => TaskOf<NewBuffer, [D]>
>

/** Compresses, with the same bytes as `zlib.deflate`. Interruptible. */
export declare const deflate: Maker<
  <D extends Data>(data: D, options?: DeflateOptions) => TaskOf<NewBuffer, [D]>
>

/** Compresses, with the same bytes as `zlib.deflateRaw`. Interruptible. */
export declare const deflateRaw: Maker<
  <D extends Data>(data: D, options?: DeflateOptions) => TaskOf<NewBuffer, [D]>
>

/**
 * Expands, as `zlib.gunzip`: several members in a row too. Interruptible.
 *
 * Rejects with zlib's codes: `Z_DATA_ERROR` for what is corrupt, `Z_BUF_ERROR` for
 * what is cut short.
 */
export declare const gunzip: Maker<
  <D extends Data>(data: D, options?: InflateOptions) => TaskOf<NewBuffer, [D]>
>

/** Expands, as `zlib.inflate`. Interruptible. Rejects as {@link gunzip} does. */
export declare const inflate: Maker<
  <D extends Data>(data: D, options?: InflateOptions) => TaskOf<NewBuffer, [D]>
>

/** Expands, as `zlib.inflateRaw`. Interruptible. Rejects as {@link gunzip} does. */
export declare const inflateRaw: Maker<
  <D extends Data>(data: D, options?: InflateOptions) => TaskOf<NewBuffer, [D]>
>

/** Parameters by their numbers, as `zlib.constants.BROTLI_PARAM_QUALITY`. */
export interface CodecParams {
  [parameter: number]: number | boolean
}

/** Options of brotliCompress, brotliDecompress, zstdCompress and zstdDecompress. */
export interface CodecOptions {
  /**
   * As node:zlib's `params`: the keys are numbers of `zlib.constants` that begin with
   * `BROTLI_PARAM_`, `BROTLI_DECODER_PARAM_`, `ZSTD_c_` or `ZSTD_d_`.
   */
  params?: CodecParams | undefined
  /**
   * Most bytes of the result: 4 GiB by default to expand, no limit to compress; more
   * rejects with `ERR_BUFFER_TOO_LARGE`.
   */
  maxOutputLength?: number | undefined
}

/**
 * Compresses, with the same bytes as `zlib.brotliCompress`: by default at quality 11, which
 * is slow. Stops between blocks only, which takes up to half a second at quality 11. A file
 * is read as a whole.
 *
 * Rejects with `ERR_ZLIB_INITIALIZATION_FAILED` when Brotli refuses the params.
 */
export declare const brotliCompress: Maker<
  <D extends Data>(data: D, options?: CodecOptions) => TaskOf<NewBuffer, [D]>
>

/**
 * Expands, as `zlib.brotliDecompress`. Interruptible. What follows the data is left.
 *
 * Rejects with Brotli's codes for what is corrupt (`ERR__ERROR_FORMAT_...`), with
 * `Z_BUF_ERROR` for what is cut short.
 */
export declare const brotliDecompress: Maker<
  <D extends Data>(data: D, options?: CodecOptions) => TaskOf<NewBuffer, [D]>
>

/**
 * Compresses, with the same bytes as `zlib.zstdCompress`, on one thread (`ZSTD_c_nbWorkers` is
 * 0). Stops between blocks of 128 KiB only, which takes up to 100 ms at the highest levels. A
 * file is read as a whole.
 *
 * Rejects with `ERR_ZLIB_INITIALIZATION_FAILED` when zstd refuses the params, and with
 * `ERR_HEDDLE_UNAVAILABLE` where Node.js has no zstd (before 22.15).
 */
export declare const zstdCompress: Maker<
  <D extends Data>(data: D, options?: CodecOptions) => TaskOf<NewBuffer, [D]>
>

/**
 * Expands, as `zlib.zstdDecompress` of Node.js 26: several frames in a row too. Interruptible.
 *
 * Rejects with zstd's codes for what is corrupt (`ZSTD_error_...`), with `Z_BUF_ERROR` for
 * what is cut short, and as {@link zstdCompress} does.
 */
export declare const zstdDecompress: Maker<
  <D extends Data>(data: D, options?: CodecOptions) => TaskOf<NewBuffer, [D]>
>

/**
 * The checksum of gzip, as `zlib.crc32`. Interruptible.
 *
 * @param value of what came before, 0 by default
 * @returns from 0 to 4294967295
 */
export declare function crc32<
  D extends Data,
  V extends number | Previous | undefined = undefined,
>(data: D, value?: V): TaskOf<number, [D, V]>

/** The array that a task is given: `A` where it is `previous`. */
export type Given<A extends NumericArray, P> = [P] extends [NumericArray] ? P : A

/** A new array of the same elements: for a Buffer, a Uint8Array. */
export type Copy<A extends NumericArray> = NewArray[A[typeof Symbol.toStringTag]]

/**
 * A sorted copy, in the order of `TypedArray.prototype.sort`: ascending, -0 before
 * +0, NaN last. Elements of 32 and 64 bits take memory for two copies, and where there is
 * none it rejects with `ERR_HEDDLE_NO_MEMORY`. Large arrays are shared out to idle threads.
 * Interruptible.
 */
export declare function sort<
  A extends NumericArray = NumericArray,
  P extends A | Previous = A | Previous,
>(array: P): TaskOf<Copy<Given<A, P>>, [P]>

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
export declare function sum<
  A extends NumericArray = NumericArray,
  P extends A | Previous = A | Previous,
>(array: P): TaskOf<Sum<Given<A, P>>, [P]>

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
): DependentTask<NewArray['Float64Array'] | NewArray['Float32Array']>
export declare function matmul<
  A extends Float64Array | Previous,
  B extends Float64Array | Previous,
  M extends number | Previous,
  K extends number | Previous,
  N extends number | Previous,
>(a: A, b: B, m: M, k: K, n: N): TaskOf<NewArray['Float64Array'], [A, B, M, K, N]>
export declare function matmul<
  A extends Float32Array | Previous,
  B extends Float32Array | Previous,
  M extends number | Previous,
  K extends number | Previous,
  N extends number | Previous,
>(a: A, b: B, m: M, k: K, n: N): TaskOf<NewArray['Float32Array'], [A, B, M, K, N]>

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
export declare function writeFile<D extends Bytes>(
  path: string | Uint8Array | URL,
  data: D,
): TaskOf<void, [D]>
