/* sign, verify: signatures of OpenSSL, as Node's crypto.sign() and verify(). */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "crypto.h"
#include "encode.h"
#include "keys.h"
#include "p1363.h"
#include "tasks.h"

enum { ALGORITHM, DATA, KEY };
/* What follows: of sign an option, of verify the signature. */
enum { S_PADDING = 3, S_SALT_LENGTH, S_DSA_ENCODING, S_CONTEXT, S_OUTPUT };
enum { V_SIGNATURE = 3, V_PADDING, V_SALT_LENGTH, V_DSA_ENCODING, V_CONTEXT };

typedef struct job {
  heddle_call *call;
  const hd_crypto *crypto;
  const hd_evp_pkey *evp;
  const char *task;
  int signs;
  hd_digest *digest; /* NULL: the key's own */
  EVP_PKEY *key;
  EVP_MD_CTX *context;
  int one_shot;         /* data is taken as a whole */
  size_t integer_bytes; /* of r and s, for ieee-p1363; else 0 */
} job;

static int is_any(const job *self, const char *const *names) {
  for (; *names != NULL; names++)
    if (self->evp->is_a(self->key, *names) == 1)
      return 1;
  return 0;
}

static heddle_status read_key(job *self) {
  const void *der;
  size_t length;
  heddle_status status = heddle_read_all(self->call, KEY, &der, &length);
  if (status != HEDDLE_OK)
    return status;
  self->key = hd_keys_acquire(self->crypto, self->evp, der, length, self->signs);
  if (self->key == NULL)
    return hd_crypto_refused(self->call, self->crypto, "Failed to read the key");
  self->crypto->err_clear(); /* what was tried first */
  return HEDDLE_OK;
}

/* ---- Settings ------------------------------------------------------------ */

static heddle_status set_rsa(job *self, EVP_PKEY_CTX *settings) {
  static const char *const rsa[] = {"RSA", "RSA-PSS", NULL};
  const heddle_value *padding = heddle_arg(self->call, self->signs ? S_PADDING : V_PADDING);
  const heddle_value *salt = heddle_arg(self->call, self->signs ? S_SALT_LENGTH : V_SALT_LENGTH);
  if (!is_any(self, rsa))
    return HEDDLE_OK;
  int pss = self->evp->is_a(self->key, "RSA-PSS") == 1;
  int wanted = padding->type != HEDDLE_UNDEFINED ? padding->as.i32
               : pss                             ? RSA_PKCS1_PSS_PADDING
                                                 : RSA_PKCS1_PADDING;
  if (self->evp->set_padding(settings, wanted) <= 0)
    return hd_crypto_refused(self->call, self->crypto, "Failed to set the padding");
  /* Who asks for PSS, and for no length, is given the longest by Node. */
  int asked = wanted == RSA_PKCS1_PSS_PADDING &&
              (salt->type != HEDDLE_UNDEFINED || padding->type != HEDDLE_UNDEFINED);
  int length = salt->type != HEDDLE_UNDEFINED ? salt->as.i32 : RSA_PSS_SALTLEN_MAX_SIGN;
  if (asked && self->evp->set_salt_length(settings, length) <= 0)
    return hd_crypto_refused(self->call, self->crypto, "Failed to set the salt's length");
  return HEDDLE_OK;
}

static heddle_status set_context(job *self, EVP_PKEY_CTX *settings) {
  uint32_t index = self->signs ? S_CONTEXT : V_CONTEXT;
  const void *data;
  size_t length;
  if (heddle_arg(self->call, index)->type == HEDDLE_UNDEFINED)
    return HEDDLE_OK;
  heddle_status status = heddle_read_all(self->call, index, &data, &length);
  if (status != HEDDLE_OK || length == 0)
    return status;
  OSSL_PARAM params[] = {
      OSSL_PARAM_octet_string("context-string", (void *)data, length),
      OSSL_PARAM_END,
  };
  if (!self->one_shot || self->evp->is_a(self->key, "ED25519") == 1)
    return heddle_error_as(self->call, HEDDLE_PLAIN_ERROR, "ERR_CRYPTO_OPERATION_FAILED", 0,
                           "%s: option \"context\" is not for this kind of key", self->task);
  if (self->evp->set_params(settings, params) <= 0)
    return hd_crypto_refused(self->call, self->crypto, "Context parameter is unsupported");
  return HEDDLE_OK;
}

/* Bytes of r and of s, where the signature has them one after the other. */
static size_t integer_bytes(const job *self) {
  uint32_t index = self->signs ? S_DSA_ENCODING : V_DSA_ENCODING;
  if (strcmp(heddle_arg(self->call, index)->as.string, "ieee-p1363") != 0)
    return 0;
  int bits = 0;
  if (self->evp->is_a(self->key, "EC") == 1) {
    bits = self->evp->bits(self->key);
  } else if (self->evp->is_a(self->key, "DSA") == 1) {
    BIGNUM *order = NULL;
    if (self->evp->number(self->key, OSSL_PKEY_PARAM_FFC_Q, &order) == 1)
      bits = self->evp->number_bits(order);
    self->evp->number_free(order);
  }
  return bits <= 0 || bits > 8 * HD_P1363_MOST ? 0 : ((size_t)bits + 7) / 8;
}

static heddle_status set_up(job *self) {
  static const char *const digesting[] = {"RSA", "RSA-PSS", "EC", "DSA", "SM2", NULL};
  EVP_PKEY_CTX *settings = NULL; /* the context's */
  const heddle_value *name = heddle_arg(self->call, ALGORITHM);
  heddle_status status = HEDDLE_OK;
  if (name->length != 0) {
    self->digest = hd_digest_acquire(self->call, self->crypto, ALGORITHM);
    if (self->digest == NULL)
      return HEDDLE_FAILED;
  }
  status = read_key(self);
  if (status != HEDDLE_OK)
    return status;
  self->one_shot = !is_any(self, digesting);
  self->integer_bytes = integer_bytes(self);
  self->context = self->crypto->md_ctx_new();
  if (self->context == NULL)
    return hd_task_no_memory(self->call);
  const EVP_MD *md = self->digest == NULL ? NULL : self->digest->md;
  int begun = self->signs ? self->evp->sign_init(self->context, &settings, md, NULL, self->key)
                          : self->evp->verify_init(self->context, &settings, md, NULL, self->key);
  if (begun != 1)
    return hd_crypto_refused(self->call, self->crypto, "Failed to begin");
  status = set_rsa(self, settings);
  return status == HEDDLE_OK ? set_context(self, settings) : status;
}

/* ---- Data ---------------------------------------------------------------- */

/* heddle_read() polls for cancellation: a block takes a fraction of a millisecond. */
static heddle_status feed(job *self) {
  heddle_call *call = self->call;
  uint64_t total = hd_task_total(call, DATA);
  uint64_t done = 0;
  for (;;) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(call, DATA, &data, &length);
    if (status != HEDDLE_OK || length == 0)
      return status;
    if ((self->signs ? self->evp->sign_update(self->context, data, length)
                     : self->evp->verify_update(self->context, data, length)) != 1)
      return hd_crypto_refused(call, self->crypto, "Failed to digest data");
    done += length;
    hd_task_progress(call, done, total);
  }
}

static heddle_status give_signature(job *self, uint8_t *signature, size_t length) {
  if (self->integer_bytes == 0)
    return hd_encode_result(self->call, S_OUTPUT, signature, length, NULL);
  uint8_t raw[2 * HD_P1363_MOST];
  if (!hd_p1363_from_der(signature, length, self->integer_bytes, raw))
    return hd_crypto_refused(self->call, self->crypto, "Malformed signature");
  return hd_encode_result(self->call, S_OUTPUT, raw, 2 * self->integer_bytes, NULL);
}

static heddle_status sign(job *self) {
  const void *data = "";
  size_t length = 0;
  heddle_status status =
      self->one_shot ? heddle_read_all(self->call, DATA, &data, &length) : feed(self);
  if (status != HEDDLE_OK)
    return status;
  data = length == 0 ? "" : data;
  size_t size = 0;
  int went = self->one_shot ? self->evp->sign(self->context, NULL, &size, data, length)
                            : self->evp->sign_final(self->context, NULL, &size);
  if (went != 1)
    return hd_crypto_refused(self->call, self->crypto, "Failed to sign");
  uint8_t *signature = heddle_scratch(self->call, size);
  if (signature == NULL)
    return HEDDLE_FAILED;
  went = self->one_shot ? self->evp->sign(self->context, signature, &size, data, length)
                        : self->evp->sign_final(self->context, signature, &size);
  if (went != 1)
    return hd_crypto_refused(self->call, self->crypto, "Failed to sign");
  return give_signature(self, signature, size);
}

static heddle_status verify(job *self) {
  const void *data = "";
  const void *given;
  size_t length = 0;
  size_t size;
  heddle_status status = heddle_read_all(self->call, V_SIGNATURE, &given, &size);
  if (status == HEDDLE_OK)
    status = self->one_shot ? heddle_read_all(self->call, DATA, &data, &length) : feed(self);
  if (status != HEDDLE_OK)
    return status;
  const uint8_t *signature = size == 0 ? (const uint8_t *)"" : given;
  data = length == 0 ? "" : data;
  uint8_t der[HD_P1363_DER_MOST];
  int holds = 1;
  if (self->integer_bytes != 0) {
    holds = size == 2 * self->integer_bytes;
    if (holds)
      size = hd_p1363_to_der(signature, self->integer_bytes, der);
    signature = der;
  }
  if (holds)
    holds = (self->one_shot ? self->evp->verify(self->context, signature, size, data, length)
                            : self->evp->verify_final(self->context, signature, size)) == 1;
  self->crypto->err_clear();
  heddle_result_bool(self->call, holds);
  return HEDDLE_OK;
}

static heddle_status run(heddle_call *call, const char *task, int signs) {
  job self;
  memset(&self, 0, sizeof(self));
  self.call = call;
  self.task = task;
  self.signs = signs;
  self.crypto = hd_symbols_crypto(call, task);
  if (self.crypto == NULL)
    return HEDDLE_FAILED;
  self.evp = hd_keys_evp(call, task);
  if (self.evp == NULL)
    return HEDDLE_FAILED;
  heddle_status status = set_up(&self);
  if (status == HEDDLE_OK)
    status = signs ? sign(&self) : verify(&self);
  self.crypto->md_ctx_free(self.context);
  self.evp->release(self.key);
  hd_digest_release(self.crypto, self.digest);
  return status;
}

heddle_status hd_task_sign(heddle_call *call) {
  return run(call, "sign", 1);
}

heddle_status hd_task_verify(heddle_call *call) {
  return run(call, "verify", 0);
}
