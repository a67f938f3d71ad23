/* Key derivation: pbkdf2 (RFC 8018), scrypt (RFC 7914), hkdf (RFC 5869), argon2
 * (RFC 9106), all of them OpenSSL's. Checks, defaults and errors are those of Node's crypto. */
#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "crypto.h"
#include "encode.h"
#include "tasks.h"

/* A bytes argument in full; never NULL, which OpenSSL takes for 'not given'. */
typedef struct bytes {
  const uint8_t *data;
  size_t length;
} bytes;

static heddle_status read_bytes(heddle_call *call, uint32_t index, bytes *value) {
  const void *data;
  heddle_status status = heddle_read_all(call, index, &data, &value->length);
  if (status == HEDDLE_OK)
    value->data = value->length == 0 ? (const uint8_t *)"" : data;
  return status;
}

/* The same for an API that counts in int. */
static heddle_status read_int_bytes(heddle_call *call, uint32_t index, bytes *value,
                                    const char *name) {
  heddle_status status = read_bytes(call, index, value);
  if (status == HEDDLE_OK && value->length > INT_MAX)
    return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_OUT_OF_RANGE", 0,
                           "pbkdf2: argument \"%s\" must be at most %d bytes, got %.0f", name,
                           INT_MAX, (double)value->length);
  return status;
}

/* Memory for a derived key, from the call's scratch unless it fits `small`. */
enum { SMALL_KEY = 128 };

static uint8_t *key_memory(heddle_call *call, uint8_t *small, size_t length) {
  return length <= SMALL_KEY ? small : heddle_scratch(call, length);
}

heddle_status hd_task_pbkdf2(heddle_call *call) {
  enum { PASSWORD, SALT, ITERATIONS, KEYLEN, DIGEST, OUTPUT };
  const hd_crypto *crypto = hd_symbols_crypto(call, "pbkdf2");
  if (crypto == NULL)
    return HEDDLE_FAILED;
  bytes password, salt;
  heddle_status status = read_int_bytes(call, PASSWORD, &password, "password");
  if (status == HEDDLE_OK)
    status = read_int_bytes(call, SALT, &salt, "salt");
  if (status != HEDDLE_OK)
    return status;
  hd_digest *digest = hd_crypto_hmac_digest(call, crypto, DIGEST);
  if (digest == NULL)
    return HEDDLE_FAILED;
  int length = heddle_arg(call, KEYLEN)->as.i32;
  uint8_t small[SMALL_KEY];
  uint8_t *key = key_memory(call, small, (size_t)length);
  if (key == NULL) {
    status = HEDDLE_FAILED;
    goto done;
  }
  /* OpenSSL refuses to derive nothing; Node returns nothing. */
  if (length != 0 &&
      crypto->pbkdf2((const char *)password.data, (int)password.length, salt.data, (int)salt.length,
                     heddle_arg(call, ITERATIONS)->as.i32, digest->md, length, key) != 1)
    status = hd_crypto_failed(call, crypto, "pbkdf2");
  else
    status = hd_encode_result(call, OUTPUT, key, (size_t)length, crypto->cleanse);
  crypto->cleanse(key, (size_t)length);
done:
  hd_digest_release(crypto, digest);
  return status;
}

/* Node's error for parameters that OpenSSL refuses. */
static heddle_status invalid_scrypt(heddle_call *call, const hd_crypto *crypto) {
  unsigned long error = crypto->err_peek_last();
  char text[256] = "";
  if (error != 0)
    crypto->err_string(error, text, sizeof(text));
  crypto->err_clear();
  return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", 0,
                         "Invalid scrypt params%s%s", error == 0 ? "" : ": ", text);
}

heddle_status hd_task_scrypt(heddle_call *call) {
  enum { PASSWORD, SALT, KEYLEN, N, R, P, MAXMEM, OUTPUT };
  const hd_crypto *crypto = hd_symbols_crypto(call, "scrypt");
  if (crypto == NULL)
    return HEDDLE_FAILED;
  bytes password, salt;
  heddle_status status = read_bytes(call, PASSWORD, &password);
  if (status == HEDDLE_OK)
    status = read_bytes(call, SALT, &salt);
  if (status != HEDDLE_OK)
    return status;
  /* 0 means the default, as in Node. */
  uint64_t n = heddle_arg(call, N)->as.u32 == 0 ? 16384 : heddle_arg(call, N)->as.u32;
  uint64_t r = heddle_arg(call, R)->as.u32 == 0 ? 8 : heddle_arg(call, R)->as.u32;
  uint64_t p = heddle_arg(call, P)->as.u32 == 0 ? 1 : heddle_arg(call, P)->as.u32;
  double wanted = heddle_arg(call, MAXMEM)->as.f64;
  uint64_t maxmem = wanted == 0 ? 33554432 : (uint64_t)wanted;
  if (wanted != 0 && (double)maxmem != wanted)
    return heddle_error_as(
        call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_OUT_OF_RANGE", 0,
        "The value of \"maxmem\" is out of range. It must be an integer. Received %.15g", wanted);
  /* Without memory for a key, OpenSSL checks the parameters only. */
  if (crypto->pbe_scrypt(NULL, 0, NULL, 0, n, r, p, maxmem, NULL, 0) != 1)
    return invalid_scrypt(call, crypto);
  size_t length = (size_t)heddle_arg(call, KEYLEN)->as.i32;
  uint8_t small[SMALL_KEY];
  uint8_t *key = key_memory(call, small, length);
  if (key == NULL)
    return HEDDLE_FAILED;
  if (length != 0 && crypto->pbe_scrypt((const char *)password.data, password.length, salt.data,
                                        salt.length, n, r, p, maxmem, key, length) != 1)
    status = hd_crypto_failed(call, crypto, "scrypt");
  else
    status = hd_encode_result(call, OUTPUT, key, length, crypto->cleanse);
  crypto->cleanse(key, length);
  return status;
}

/* Derives `length` bytes, at least one. */
static heddle_status hkdf_derive(heddle_call *call, const hd_crypto *crypto,
                                 const hd_digest *digest, const bytes *ikm, const bytes *salt,
                                 const bytes *info, uint8_t *key, size_t length) {
  OSSL_PARAM params[] = {
      OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, (void *)digest->canonical,
                             strlen(digest->canonical)),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, (void *)ikm->data, ikm->length),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt->data, salt->length),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, (void *)info->data, info->length),
      OSSL_PARAM_END,
  };
  heddle_status status = HEDDLE_OK;
  EVP_KDF_CTX *context = crypto->hkdf == NULL ? NULL : crypto->kdf_ctx_new(crypto->hkdf);
  if (context == NULL || crypto->kdf_derive(context, key, length, params) != 1)
    status = hd_crypto_failed(call, crypto, "hkdf");
  crypto->kdf_ctx_free(context);
  return status;
}

heddle_status hd_task_hkdf(heddle_call *call) {
  enum { DIGEST, IKM, SALT, INFO, KEYLEN, OUTPUT };
  const hd_crypto *crypto = hd_symbols_crypto(call, "hkdf");
  if (crypto == NULL)
    return HEDDLE_FAILED;
  bytes ikm, salt, info;
  heddle_status status = read_bytes(call, IKM, &ikm);
  if (status == HEDDLE_OK)
    status = read_bytes(call, SALT, &salt);
  if (status == HEDDLE_OK)
    status = read_bytes(call, INFO, &info);
  if (status != HEDDLE_OK)
    return status;
  if (info.length > 1024) /* Node's limit, and Node's words for it */
    return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_OUT_OF_RANGE", 0,
                           "The value of \"info\" is out of range. It must be must not contain "
                           "more than 1024 bytes. Received %.0f",
                           (double)info.length);
  hd_digest *digest = hd_crypto_hmac_digest(call, crypto, DIGEST);
  if (digest == NULL)
    return HEDDLE_FAILED;
  size_t length = (size_t)heddle_arg(call, KEYLEN)->as.i32;
  uint8_t small[SMALL_KEY];
  uint8_t *key = NULL;
  if (length > 255 * digest->size) { /* RFC 5869, 2.3 */
    status = heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_CRYPTO_INVALID_KEYLEN", 0,
                             "Invalid key length");
    goto done;
  }
  key = key_memory(call, small, length);
  status = key == NULL ? HEDDLE_FAILED : HEDDLE_OK;
  if (status == HEDDLE_OK && length != 0)
    status = hkdf_derive(call, crypto, digest, &ikm, &salt, &info, key, length);
  if (status == HEDDLE_OK)
    status = hd_encode_result(call, OUTPUT, key, length, crypto->cleanse);
  if (key != NULL)
    crypto->cleanse(key, length);
done:
  hd_digest_release(crypto, digest);
  return status;
}

/* ---- Argon2 -------------------------------------------------------------- */

enum {
  A_ALGORITHM,
  MESSAGE,
  NONCE,
  LANES,
  TAG,
  MEMORY,
  PASSES,
  SECRET,
  A_DATA,
  A_MAXMEM,
  A_OUTPUT
};
enum { LEAST_NONCE = 8, LANE_KIB = 8 };

static heddle_status argon2_refused(heddle_call *call, const char *name, const char *least,
                                    double given) {
  return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_OUT_OF_RANGE", 0,
                         "argon2: option \"%s\" must be at least %s, got %.0f", name, least, given);
}

static heddle_status argon2_check(heddle_call *call, const bytes *nonce) {
  uint32_t lanes = heddle_arg(call, LANES)->as.u32;
  uint32_t memory = heddle_arg(call, MEMORY)->as.u32;
  double most = heddle_arg(call, A_MAXMEM)->as.f64;
  if (nonce->length < LEAST_NONCE)
    return argon2_refused(call, "nonce", "8 bytes", (double)nonce->length);
  if (memory / LANE_KIB < lanes)
    return argon2_refused(call, "memory", "8 times the parallelism", memory);
  if ((double)memory * 1024 > most)
    return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_CRYPTO_INVALID_ARGON2_PARAMS", 0,
                           "Invalid argon2 params: memory of %.0f bytes exceeds maxmem of %.0f",
                           (double)memory * 1024, most);
  return HEDDLE_OK;
}

static heddle_status argon2_derive(heddle_call *call, const hd_crypto *crypto, EVP_KDF *kdf,
                                   const bytes *inputs, uint8_t *key, size_t length) {
  uint32_t lanes = heddle_arg(call, LANES)->as.u32;
  uint32_t memory = heddle_arg(call, MEMORY)->as.u32;
  uint32_t passes = heddle_arg(call, PASSES)->as.u32;
  static const struct {
    uint32_t index;
    const char *name;
  } names[] = {{MESSAGE, "pass"}, {NONCE, "salt"}, {SECRET, "secret"}, {A_DATA, "ad"}};
  OSSL_PARAM params[8] = {
      OSSL_PARAM_uint32("lanes", &lanes),
      OSSL_PARAM_uint32("memcost", &memory),
      OSSL_PARAM_uint32("iter", &passes),
  };
  size_t count = 3;
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    OSSL_PARAM one =
        OSSL_PARAM_octet_string(names[i].name, (void *)inputs[i].data, inputs[i].length);
    if (heddle_arg(call, names[i].index)->type != HEDDLE_UNDEFINED)
      params[count++] = one;
  }
  params[count] = (OSSL_PARAM)OSSL_PARAM_END; /* lanes are filled one after the other */
  heddle_status status = HEDDLE_OK;
  EVP_KDF_CTX *context = crypto->kdf_ctx_new(kdf);
  if (context == NULL || crypto->kdf_derive(context, key, length, params) != 1)
    status = hd_crypto_failed(call, crypto, "argon2");
  crypto->kdf_ctx_free(context);
  return status;
}

heddle_status hd_task_argon2(heddle_call *call) {
  const hd_crypto *crypto = hd_symbols_crypto(call, "argon2");
  if (crypto == NULL)
    return HEDDLE_FAILED;
  static const uint32_t indices[] = {MESSAGE, NONCE, SECRET, A_DATA};
  bytes inputs[] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
  heddle_status status = HEDDLE_OK;
  for (size_t i = 0; status == HEDDLE_OK && i < sizeof(indices) / sizeof(indices[0]); i++)
    if (heddle_arg(call, indices[i])->type != HEDDLE_UNDEFINED)
      status = read_bytes(call, indices[i], &inputs[i]);
  if (status == HEDDLE_OK)
    status = argon2_check(call, &inputs[1]);
  if (status != HEDDLE_OK)
    return status;
  EVP_KDF *kdf = crypto->kdf_fetch(NULL, heddle_arg(call, A_ALGORITHM)->as.string, NULL);
  crypto->err_clear();
  if (kdf == NULL)
    return heddle_error(call, "ERR_HEDDLE_UNAVAILABLE",
                        "argon2: the OpenSSL of this runtime has no Argon2, 3.2 and later have");
  size_t length = heddle_arg(call, TAG)->as.u32;
  uint8_t small[SMALL_KEY];
  uint8_t *key = key_memory(call, small, length);
  status = key == NULL ? HEDDLE_FAILED : HEDDLE_OK;
  if (status == HEDDLE_OK)
    status = argon2_derive(call, crypto, kdf, inputs, key, length);
  if (status == HEDDLE_OK)
    status = hd_encode_result(call, A_OUTPUT, key, length, crypto->cleanse);
  if (key != NULL)
    crypto->cleanse(key, length);
  crypto->kdf_free(kdf);
  return status;
}
