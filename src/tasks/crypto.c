#include "crypto.h"

#include <string.h>

#include <openssl/err.h>

#include "tasks.h"

/* Libraries of OpenSSL that are named in codes. */
static const char *library_of(unsigned long error) {
  switch (ERR_GET_LIB(error)) {
  case ERR_LIB_RSA:
    return "RSA_";
  case ERR_LIB_EVP:
    return "EVP_";
  case ERR_LIB_EC:
    return "EC_";
  case ERR_LIB_ASN1:
    return "ASN1_";
  case ERR_LIB_CRYPTO:
    return "CRYPTO_";
  default:
    return ""; /* as a provider's */
  }
}

/* Appends `text` in the letters of codes. */
static void append(char *code, size_t size, const char *text) {
  size_t length = strlen(code);
  for (; *text != '\0' && length + 1 < size; text++) {
    char c = *text == ' ' ? '_' : *text;
    code[length++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
  }
  code[length] = '\0';
}

heddle_status hd_crypto_refused(heddle_call *call, const hd_crypto *crypto, const char *words) {
  unsigned long error = crypto->err_peek();
  const char *reason = error == 0 ? NULL : crypto->err_reason(error);
  if (reason == NULL) {
    crypto->err_clear();
    return heddle_error_as(call, HEDDLE_PLAIN_ERROR, "ERR_CRYPTO_OPERATION_FAILED", 0, "%s", words);
  }
  char code[128] = "ERR_";
  append(code, sizeof(code), "OSSL_");
  append(code, sizeof(code), library_of(error));
  append(code, sizeof(code), reason);
  char text[256];
  crypto->err_string(error, text, sizeof(text));
  crypto->err_clear();
  return heddle_error_as(call, HEDDLE_PLAIN_ERROR, code, 0, "%s", text);
}

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
