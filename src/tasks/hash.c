/* hash and hmac: one pass over the data, in constant memory. */
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "crypto.h"
#include "encode.h"
#include "slot.h"
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

/* ---- Digests ------------------------------------------------------------- */

typedef struct hashing {
  const hd_crypto *crypto;
  hd_digest *digest;
  /* A context per call. One that a thread kept would save 40 of 150 ns, and leave
   * the state of one user's hash behind; wiped after each call, it saves 15. */
  EVP_MD_CTX *context;
} hashing;

enum { HASH_ALGORITHM, HASH_DATA, HASH_OUTPUT, HASH_SLOT, HASH_LAST };

/* What it has taken is freed by hash_free(), also where it fails. */
static heddle_status hash_begin(hashing *self, heddle_call *call) {
  memset(self, 0, sizeof(*self));
  self->crypto = hd_symbols_crypto(call, "hash");
  if (self->crypto == NULL)
    return HEDDLE_FAILED;
  self->digest = hd_digest_acquire(call, self->crypto, HASH_ALGORITHM);
  if (self->digest == NULL)
    return HEDDLE_FAILED;
  self->context = self->crypto->md_ctx_new();
  if (self->context == NULL)
    return hd_task_no_memory(call);
  if (self->crypto->digest_init(self->context, self->digest->md, NULL) != 1)
    return hd_crypto_failed(call, self->crypto, "hash");
  return HEDDLE_OK;
}

static heddle_status hash_feed(hashing *self, heddle_call *call) {
  return feed(call, self->crypto, HASH_DATA, update_digest, self->context, "hash");
}

static heddle_status hash_end(hashing *self, heddle_call *call) {
  uint8_t result[EVP_MAX_MD_SIZE];
  const hd_digest *digest = self->digest;
  if ((digest->xof ? self->crypto->digest_final_xof(self->context, result, digest->size)
                   : self->crypto->digest_final(self->context, result, NULL)) != 1)
    return hd_crypto_failed(call, self->crypto, "hash");
  return hd_encode_result(call, HASH_OUTPUT, result, digest->size, NULL);
}

static void hash_free(hashing *self) {
  if (self->crypto == NULL)
    return;
  self->crypto->md_ctx_free(self->context);
  hd_digest_release(self->crypto, self->digest);
}

static void hash_release(void *state) {
  hash_free(state);
  free(state);
}

/* One chunk of the data. */
static heddle_status hash_chunk(heddle_call *call) {
  hd_slot *slot = hd_slot_of(call, HASH_SLOT);
  if (slot == NULL)
    return HEDDLE_FAILED;
  heddle_status status = HEDDLE_OK;
  if (slot->state == NULL) {
    if ((slot->state = malloc(sizeof(hashing))) == NULL)
      return hd_task_no_memory(call);
    slot->release = hash_release;
    status = hash_begin(slot->state, call);
  }
  if (status == HEDDLE_OK)
    status = hash_feed(slot->state, call);
  if (status != HEDDLE_OK)
    return status;
  return hd_slot_is_last(call, HASH_LAST) ? hash_end(slot->state, call) : hd_slot_go_on(call);
}

heddle_status hd_task_hash(heddle_call *call) {
  if (call->argc > HASH_SLOT)
    return hash_chunk(call);
  hashing self;
  heddle_status status = hash_begin(&self, call);
  if (status == HEDDLE_OK)
    status = hash_feed(&self, call);
  if (status == HEDDLE_OK)
    status = hash_end(&self, call);
  hash_free(&self);
  return status;
}

/* ---- HMAC ---------------------------------------------------------------- */

typedef struct macking {
  const hd_crypto *crypto;
  EVP_MAC_CTX *context;
} macking;

enum { HMAC_ALGORITHM, HMAC_KEY, HMAC_DATA, HMAC_OUTPUT, HMAC_SLOT, HMAC_LAST };

/* What it has taken is freed by hmac_free(), also where it fails. */
static heddle_status hmac_begin(macking *self, heddle_call *call) {
  memset(self, 0, sizeof(*self));
  self->crypto = hd_symbols_crypto(call, "hmac");
  if (self->crypto == NULL)
    return HEDDLE_FAILED;
  const hd_crypto *crypto = self->crypto;
  const void *key;
  size_t key_length;
  heddle_status status = heddle_read_all(call, HMAC_KEY, &key, &key_length);
  if (status != HEDDLE_OK)
    return status;
  hd_digest *digest = hd_crypto_hmac_digest(call, crypto, HMAC_ALGORITHM);
  if (digest == NULL)
    return HEDDLE_FAILED;
  OSSL_PARAM params[] = {
      OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, (void *)digest->canonical,
                             strlen(digest->canonical)),
      OSSL_PARAM_END,
  };
  self->context = crypto->hmac == NULL ? NULL : crypto->mac_ctx_new(crypto->hmac);
  /* A key of NULL would mean 'the key from before'. */
  if (self->context == NULL ||
      crypto->mac_init(self->context, key_length == 0 ? (const void *)"" : key, key_length,
                       params) != 1)
    status = hd_crypto_failed(call, crypto, "hmac");
  hd_digest_release(crypto, digest); /* the context has one of its own */
  return status;
}

static heddle_status hmac_feed(macking *self, heddle_call *call) {
  return feed(call, self->crypto, HMAC_DATA, update_mac, self->context, "hmac");
}

static heddle_status hmac_end(macking *self, heddle_call *call) {
  uint8_t result[EVP_MAX_MD_SIZE];
  size_t length = 0;
  heddle_status status;
  if (self->crypto->mac_final(self->context, result, &length, sizeof(result)) != 1)
    status = hd_crypto_failed(call, self->crypto, "hmac");
  else
    status = hd_encode_result(call, HMAC_OUTPUT, result, length, self->crypto->cleanse);
  self->crypto->cleanse(result, sizeof(result));
  return status;
}

/* OpenSSL wipes what it keeps of the key. */
static void hmac_free(macking *self) {
  if (self->crypto != NULL)
    self->crypto->mac_ctx_free(self->context);
}

static void hmac_release(void *state) {
  hmac_free(state);
  free(state);
}

/* One chunk of the data. */
static heddle_status hmac_chunk(heddle_call *call) {
  hd_slot *slot = hd_slot_of(call, HMAC_SLOT);
  if (slot == NULL)
    return HEDDLE_FAILED;
  heddle_status status = HEDDLE_OK;
  if (slot->state == NULL) {
    if ((slot->state = malloc(sizeof(macking))) == NULL)
      return hd_task_no_memory(call);
    slot->release = hmac_release;
    status = hmac_begin(slot->state, call);
  }
  if (status == HEDDLE_OK)
    status = hmac_feed(slot->state, call);
  if (status != HEDDLE_OK)
    return status;
  return hd_slot_is_last(call, HMAC_LAST) ? hmac_end(slot->state, call) : hd_slot_go_on(call);
}

heddle_status hd_task_hmac(heddle_call *call) {
  if (call->argc > HMAC_SLOT)
    return hmac_chunk(call);
  macking self;
  heddle_status status = hmac_begin(&self, call);
  if (status == HEDDLE_OK)
    status = hmac_feed(&self, call);
  if (status == HEDDLE_OK)
    status = hmac_end(&self, call);
  hmac_free(&self);
  return status;
}
