#include "crypto.h"

#include "tasks.h"

heddle_status hd_crypto_failed(heddle_call *call, const hd_crypto *crypto, const char *task) {
  unsigned long error = crypto->err_peek_last();
  const char *reason = error == 0 ? NULL : crypto->err_reason(error);
  heddle_error(call, "ERR_HEDDLE_CRYPTO", "%s: OpenSSL failed: %s", task,
               reason == NULL ? "no reason given" : reason);
  crypto->err_clear();
  return HEDDLE_FAILED;
}

hd_digest *hd_crypto_hmac_digest(heddle_call *call, const hd_crypto *crypto, uint32_t index) {
  hd_digest *digest = hd_digest_acquire(call, crypto, index);
  if (digest == NULL || !digest->xof)
    return digest;
  hd_digest_release(crypto, digest);
  heddle_error_as(call, HEDDLE_TYPE_ERROR, "ERR_CRYPTO_INVALID_DIGEST", 0, "Invalid digest: %s",
                  heddle_arg(call, index)->as.string);
  return NULL;
}
