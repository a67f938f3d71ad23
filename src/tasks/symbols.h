/* The functions of OpenSSL, zlib and other libraries that the runtime brings,
 * and the digests fetched from it. Any thread.
 *
 * Types and constants are those of <openssl/...> and <zlib.h>; nothing of
 * either is linked. */
#ifndef HD_SYMBOLS_H
#define HD_SYMBOLS_H

#include <stdatomic.h>
#include <stdbool.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <openssl/types.h>
#include <zlib.h>

#include "heddle.h"

/* Members are named as the functions, less EVP_ and in lower case. */
typedef struct hd_crypto {
  unsigned int (*version_major)(void);
  unsigned long (*version_num)(void);
  void (*cleanse)(void *memory, size_t size);

  void (*err_clear)(void);
  unsigned long (*err_peek_last)(void);
  unsigned long (*err_peek)(void); /* the first */
  void (*err_string)(unsigned long error, char *text, size_t size);
  const char *(*err_reason)(unsigned long error);

  EVP_MD *(*md_fetch)(OSSL_LIB_CTX *context, const char *name, const char *properties);
  void (*md_free)(EVP_MD *md);
  const EVP_MD *(*md_by_name)(const char *name);
  const char *(*md_name)(const EVP_MD *md);
  int (*md_size)(const EVP_MD *md);
  unsigned long (*md_flags)(const EVP_MD *md);
  int (*md_is_a)(const EVP_MD *md, const char *name);

  EVP_MD_CTX *(*md_ctx_new)(void);
  void (*md_ctx_free)(EVP_MD_CTX *context);
  int (*digest_init)(EVP_MD_CTX *context, const EVP_MD *md, ENGINE *engine);
  int (*digest_update)(EVP_MD_CTX *context, const void *data, size_t size);
  int (*digest_final)(EVP_MD_CTX *context, unsigned char *digest, unsigned int *size);
  int (*digest_final_xof)(EVP_MD_CTX *context, unsigned char *digest, size_t size);

  EVP_MAC *(*mac_fetch)(OSSL_LIB_CTX *context, const char *name, const char *properties);
  void (*mac_free)(EVP_MAC *mac);
  EVP_MAC_CTX *(*mac_ctx_new)(EVP_MAC *mac);
  void (*mac_ctx_free)(EVP_MAC_CTX *context);
  int (*mac_init)(EVP_MAC_CTX *context, const unsigned char *key, size_t size,
                  const OSSL_PARAM params[]);
  int (*mac_update)(EVP_MAC_CTX *context, const unsigned char *data, size_t size);
  int (*mac_final)(EVP_MAC_CTX *context, unsigned char *mac, size_t *length, size_t size);

  EVP_KDF *(*kdf_fetch)(OSSL_LIB_CTX *context, const char *name, const char *properties);
  void (*kdf_free)(EVP_KDF *kdf);
  EVP_KDF_CTX *(*kdf_ctx_new)(EVP_KDF *kdf);
  void (*kdf_ctx_free)(EVP_KDF_CTX *context);
  int (*kdf_derive)(EVP_KDF_CTX *context, unsigned char *key, size_t size,
                    const OSSL_PARAM params[]);
  int (*pbe_scrypt)(const char *password, size_t password_size, const unsigned char *salt,
                    size_t salt_size, uint64_t n, uint64_t r, uint64_t p, uint64_t maxmem,
                    unsigned char *key, size_t size);
  int (*pbkdf2)(const char *password, int password_size, const unsigned char *salt, int salt_size,
                int iterations, const EVP_MD *md, int size, unsigned char *key);

  EVP_MAC *hmac; /* fetched with the table; NULL where there is none */
  EVP_KDF *hkdf;
} hd_crypto;

typedef struct hd_zlib {
  int (*deflate_init)(z_streamp stream, int level, int method, int window_bits, int mem_level,
                      int strategy, const char *version, int stream_size);
  int (*deflate_step)(z_streamp stream, int flush);
  int (*deflate_end)(z_streamp stream);
  int (*inflate_init)(z_streamp stream, int window_bits, const char *version, int stream_size);
  int (*inflate_step)(z_streamp stream, int flush);
  int (*inflate_reset)(z_streamp stream);
  int (*inflate_end)(z_streamp stream);
  uLong (*checksum)(uLong crc, const Bytef *data, uInt size);
} hd_zlib;

/* A digest by a name that Node's createHash() takes. */
typedef struct hd_digest {
  EVP_MD *md;
  const char *canonical; /* the provider's name of it, for OSSL_PARAMs */
  size_t size;           /* of the result, at most EVP_MAX_MD_SIZE */
  bool xof;              /* extendable output: finish with digest_final_xof */
  bool shared;           /* in the cache, hence never freed */
  char name[48];         /* as the user wrote it; "" when too long to cache */
} hd_digest;

typedef struct hd_symbol {
  const char *name;
  size_t offset; /* in the table */
} hd_symbol;

/* Functions that come together: all of them are there, or none. */
typedef struct hd_library {
  const char *name; /* for errors */
  const hd_symbol *symbols;
  size_t count;
  size_t size;           /* of the table: a struct of pointers to functions */
  _Atomic(void *) table; /* NULL until it is looked up */
} hd_library;

/* The library's table, looked up at the first use; NULL with the error set when
 * it is not there. `task` is for the error. */
const void *hd_library_table(heddle_call *call, hd_library *library, const char *task);

/* The table, looked up at the first use; NULL with the error set when the
 * runtime has no such library. `task` is for the error. */
const hd_crypto *hd_symbols_crypto(heddle_call *call, const char *task);
const hd_zlib *hd_symbols_zlib(heddle_call *call, const char *task);

/* Whether they are there, looked up at the first use. */
bool hd_library_there(hd_library *library);
bool hd_symbols_crypto_there(void);
bool hd_symbols_zlib_there(void);

/* Whether OpenSSL has a key derivation of that name. */
bool hd_symbols_kdf_there(const char *name);

/* The digest named by the string argument `index`; NULL with the error set.
 * Give it back with hd_digest_release(). */
hd_digest *hd_digest_acquire(heddle_call *call, const hd_crypto *crypto, uint32_t index);
void hd_digest_release(const hd_crypto *crypto, hd_digest *digest);

#endif
