#include "tasks.h"

/* Parameters are named as in Node's crypto and zlib, and as in BLAS for
 * matmul: the names appear in errors. */

#define OUTPUT "outputEncoding?: string(hex|base64|base64url|latin1|binary|buffer) = hex"
#define INT32_UP "i32(0..2147483647)"
#define CIPHER "algorithm: string, key: bytes, iv: bytes, data: bytes, options?: {"
#define AEAD "aad?: bytes, authTagLength?: i32(1..16), autoPadding?: bool = true"
/* Keys come in DER, and what they say of signatures as options: see lib/task/keys.js. */
#define KEY                                                                                        \
  "padding?: i32, saltLength?: i32, dsaEncoding?: string(der|ieee-p1363) = der, context?: bytes"
#define MAX_OUTPUT "maxOutputLength?: f64(1..9007199254740991) = 9007199254740991"
#define COMPRESS(more)                                                                             \
  "data: bytes, options?: {level?: i32(-1..9) = -1, memLevel?: i32(1..9) = 8, "                    \
  "windowBits?: i32(8..15) = 15, strategy?: i32(0..4) = 0, " MAX_OUTPUT more "} -> bytes"
/* Few bytes can stand for very many: 4 GiB are enough unless somebody says so. */
#define MAX_EXPANDED "maxOutputLength?: f64(1..9007199254740991) = 4294967296"
#define EXPAND(more)                                                                               \
  "data: bytes, options?: {windowBits?: i32(0..15) = 15, " MAX_EXPANDED more "} -> bytes"

/* A chunk of data that comes as a stream: see slot.h and lib/input/chunks.js. */
#define CHUNK ", slot: bytes, last: bool"

/* Parameters and their values, in pairs, as lib/task/params.js makes them of an object. */
#define BROTLI(most) "data: bytes, options?: {params?: u32[], " most "} -> bytes"
#define ZSTD(most) "data: bytes, options?: {params?: i32[], " most "} -> bytes"

static const heddle_task tasks[] = {
    {"hash", "algorithm: string, data: bytes, options?: {" OUTPUT "} -> string | bytes",
     hd_task_hash, 0},
    {"hmac", "algorithm: string, key: bytes, data: bytes, options?: {" OUTPUT "} -> string | bytes",
     hd_task_hmac, HEDDLE_SECRET},
    {"pbkdf2",
     "password: bytes, salt: bytes, iterations: i32(1..2147483647), keylen: " INT32_UP
     ", digest: string, options?: {" OUTPUT "} -> string | bytes",
     hd_task_pbkdf2, HEDDLE_UNINTERRUPTIBLE | HEDDLE_SECRET | HEDDLE_COPY},
    {"scrypt",
     "password: bytes, salt: bytes, keylen: " INT32_UP ", options?: {N?: u32 = 16384, r?: u32 = 8, "
     "p?: u32 = 1, maxmem?: f64(0..9007199254740991) = 33554432, " OUTPUT "} -> string | bytes",
     hd_task_scrypt, HEDDLE_UNINTERRUPTIBLE | HEDDLE_SECRET | HEDDLE_COPY},
    {"hkdf",
     "digest: string, ikm: bytes, salt: bytes, info: bytes, keylen: " INT32_UP
     ", options?: {" OUTPUT "} -> string | bytes",
     hd_task_hkdf, HEDDLE_SECRET | HEDDLE_COPY},
    {"argon2",
     "algorithm: string(argon2d|argon2i|argon2id), parameters?: {message: bytes, nonce: bytes, "
     "parallelism: u32(1..16777215), tagLength: u32(4..4294967295), memory: u32(8..4294967295), "
     "passes: u32(1..4294967295), secret?: bytes, associatedData?: bytes, "
     "maxmem?: f64(0..9007199254740991) = 134217728, " OUTPUT "} -> string | bytes",
     hd_task_argon2, HEDDLE_UNINTERRUPTIBLE | HEDDLE_SECRET | HEDDLE_COPY},
    {"encrypt", CIPHER AEAD "} -> {data: bytes, authTag?: bytes}", hd_task_encrypt, HEDDLE_SECRET},
    {"decrypt", CIPHER "authTag?: bytes, " AEAD "} -> bytes", hd_task_decrypt, HEDDLE_SECRET},
    {"sign",
     "algorithm: string, data: bytes, key: bytes, options?: {" KEY
     ", outputEncoding?: string(hex|base64|base64url|latin1|binary|buffer) = buffer} -> string | "
     "bytes",
     hd_task_sign, HEDDLE_UNINTERRUPTIBLE | HEDDLE_SECRET | HEDDLE_COPY},
    {"verify",
     "algorithm: string, data: bytes, key: bytes, signature: bytes, options?: {" KEY "} -> bool",
     hd_task_verify, HEDDLE_UNINTERRUPTIBLE | HEDDLE_COPY},
    {"gzip", COMPRESS(""), hd_task_gzip, HEDDLE_COPY},
    {"deflate", COMPRESS(""), hd_task_deflate, HEDDLE_COPY},
    {"deflateRaw", COMPRESS(""), hd_task_deflate_raw, HEDDLE_COPY},
    {"gunzip", EXPAND(""), hd_task_gunzip, HEDDLE_COPY},
    {"inflate", EXPAND(""), hd_task_inflate, HEDDLE_COPY},
    {"inflateRaw", EXPAND(""), hd_task_inflate_raw, HEDDLE_COPY},
    {"brotliCompress", BROTLI(MAX_OUTPUT), hd_task_brotli_compress,
     HEDDLE_UNINTERRUPTIBLE | HEDDLE_COPY},
    {"brotliDecompress", BROTLI(MAX_EXPANDED), hd_task_brotli_decompress, HEDDLE_COPY},
    {"zstdCompress", ZSTD(MAX_OUTPUT), hd_task_zstd_compress, HEDDLE_UNINTERRUPTIBLE | HEDDLE_COPY},
    {"zstdDecompress", ZSTD(MAX_EXPANDED), hd_task_zstd_decompress, HEDDLE_COPY},
    {"crc32", "data: bytes, value?: u32 = 0 -> f64", hd_task_crc32, 0},
    {"sort", "array: any[] -> any[]", hd_task_sort, HEDDLE_COPY | HEDDLE_PARALLEL_LARGE},
    {"sum", "array: any[] -> f64 | i64 | u64", hd_task_sum, HEDDLE_PARALLEL_LARGE},
    {"matmul", "a: array, b: array, m: u32, k: u32, n: u32 -> array", hd_task_matmul,
     HEDDLE_COPY | HEDDLE_PARALLEL_LARGE},
    {"writeFile", "path: string, data: bytes -> void", hd_task_write_file, HEDDLE_COPY},
    {"hashChunk", "algorithm: string, data: bytes, options?: {" OUTPUT CHUNK "} -> string | bytes",
     hd_task_hash, 0},
    {"hmacChunk",
     "algorithm: string, key: bytes, data: bytes, options?: {" OUTPUT CHUNK "} -> string | bytes",
     hd_task_hmac, HEDDLE_SECRET},
    {"gzipChunk", COMPRESS(CHUNK), hd_task_gzip, 0},
    {"deflateChunk", COMPRESS(CHUNK), hd_task_deflate, 0},
    {"deflateRawChunk", COMPRESS(CHUNK), hd_task_deflate_raw, 0},
    {"gunzipChunk", EXPAND(CHUNK), hd_task_gunzip, 0},
    {"inflateChunk", EXPAND(CHUNK), hd_task_inflate, 0},
    {"inflateRawChunk", EXPAND(CHUNK), hd_task_inflate_raw, 0},
    {"brotliCompressChunk", BROTLI(MAX_OUTPUT CHUNK), hd_task_brotli_compress,
     HEDDLE_UNINTERRUPTIBLE},
    {"brotliDecompressChunk", BROTLI(MAX_EXPANDED CHUNK), hd_task_brotli_decompress, 0},
    {"zstdCompressChunk", ZSTD(MAX_OUTPUT CHUNK), hd_task_zstd_compress, HEDDLE_UNINTERRUPTIBLE},
    {"zstdDecompressChunk", ZSTD(MAX_EXPANDED CHUNK), hd_task_zstd_decompress, 0},
    {"noop", "-> void", hd_task_noop, 0},
    {"sleep", "ms: f64(0..) -> void", hd_task_sleep, 0},
    {"spin", "ms: f64(0..) -> void", hd_task_spin, 0},
};

const heddle_module *hd_builtin_module(void) {
  static const heddle_module module = {HEDDLE_ABI,
                                       sizeof(heddle_module),
                                       "heddle",
                                       tasks,
                                       sizeof(tasks) / sizeof(tasks[0]),
                                       sizeof(heddle_task),
                                       NULL,
                                       NULL};
  return &module;
}
