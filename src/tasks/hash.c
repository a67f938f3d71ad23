/* hash and hmac: one pass over the data, in constant memory. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "crypto.h"
#include "encode.h"
#include "tasks.h"

/* Feeds a context. Returns 1, as OpenSSL does, when that went well. */
typedef int (*update_function)(void *context, const void *data, size_t size,
                               const hd_crypto *crypto);

static int update_digest(void *context, const void *data, size_t size, const hd_crypto *crypto) {
  return crypto->digest_update(context, data, size);
}

static int update_mac(void *context, const void *data, size_t size, const hd_crypto *crypto) {
  return crypto->mac_update(context, data, size);
}

/* Feeds all of the bytes argument `index`. heddle_read() polls for
 * cancellation: a block takes a fraction of a millisecond. */
static heddle_status feed(heddle_call *call, const hd_crypto *crypto, uint32_t index,
                          update_function update, void *context, const char *task) {
  uint64_t total = hd_task_total(call, index);
  uint64_t done = 0;
  for (;;) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(call, index, &data, &length);
    if (status != HEDDLE_OK || length == 0)
      return status;
    if (update(context, data, length, crypto) != 1)
      return hd_crypto_failed(call, crypto, task);
    done += length;
    hd_task_progress(call, done, total);
  }
}

heddle_status hd_task_hash(heddle_call *call) {
  enum { ALGORITHM, DATA, OUTPUT };
  const hd_crypto *crypto = hd_symbols_crypto(call, "hash");
  if (crypto == NULL)
    return HEDDLE_FAILED;
  hd_digest *digest = hd_digest_acquire(call, crypto, ALGORITHM);
  if (digest == NULL)
    return HEDDLE_FAILED;
  heddle_status status = HEDDLE_FAILED;
  uint8_t result[EVP_MAX_MD_SIZE];
  /* A context per call. One that a thread kept would save 40 of 150 ns, and leave
   * the state of one user's hash behind; wiped after each call, it saves 15. */
  EVP_MD_CTX *context = crypto->md_ctx_new();
  if (context == NULL) {
    status = hd_task_no_memory(call);
    goto done;
  }
  if (crypto->digest_init(context, digest->md, NULL) != 1) {
    status = hd_crypto_failed(call, crypto, "hash");
    goto done;
  }
  status = feed(call, crypto, DATA, update_digest, context, "hash");
  if (status != HEDDLE_OK)
    goto done;
  if ((digest->xof ? crypto->digest_final_xof(context, result, digest->size)
                   : crypto->digest_final(context, result, NULL)) != 1) {
    status = hd_crypto_failed(call, crypto, "hash");
    goto done;
  }
  status = hd_encode_result(call, OUTPUT, result, digest->size, NULL);
done:
  crypto->md_ctx_free(context);
  hd_digest_release(crypto, digest);
  return status;
}

heddle_status hd_task_hmac(heddle_call *call) {
  enum { ALGORITHM, KEY, DATA, OUTPUT };
  const hd_crypto *crypto = hd_symbols_crypto(call, "hmac");
  if (crypto == NULL)
    return HEDDLE_FAILED;
  const void *key;
  size_t key_length;
  heddle_status status = heddle_read_all(call, KEY, &key, &key_length);
  if (status != HEDDLE_OK)
    return status;
  hd_digest *digest = hd_crypto_hmac_digest(call, crypto, ALGORITHM);
  if (digest == NULL)
    return HEDDLE_FAILED;
  uint8_t result[EVP_MAX_MD_SIZE];
  size_t length = 0;
  OSSL_PARAM params[] = {
      OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, (void *)digest->canonical,
                             strlen(digest->canonical)),
      OSSL_PARAM_END,
  };
  EVP_MAC_CTX *context = crypto->hmac == NULL ? NULL : crypto->mac_ctx_new(crypto->hmac);
  /* A key of NULL would mean 'the key from before'. */
  if (context == NULL || crypto->mac_init(context, key_length == 0 ? (const void *)"" : key,
                                          key_length, params) != 1) {
    status = hd_crypto_failed(call, crypto, "hmac");
    goto done;
  }
  status = feed(call, crypto, DATA, update_mac, context, "hmac");
  if (status != HEDDLE_OK)
    goto done;
  if (crypto->mac_final(context, result, &length, sizeof(result)) != 1) {
    status = hd_crypto_failed(call, crypto, "hmac");
    goto done;
  }
  status = hd_encode_result(call, OUTPUT, result, length, crypto->cleanse);
done:
  crypto->cleanse(result, sizeof(result));
  crypto->mac_ctx_free(context);
  hd_digest_release(crypto, digest);
  return status;
}
