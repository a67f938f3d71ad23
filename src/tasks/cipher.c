/* encrypt, decrypt: ciphers of OpenSSL with an initialization vector, by the names
 * that Node's createCipheriv() takes, and with its errors. */
#include <string.h>

#include "crypto.h"
#include "tasks.h"

enum { ALGORITHM, KEY, IV, DATA };
/* The options of encrypt, and of decrypt. */
enum { E_AAD = 4, E_TAG_LENGTH, E_PADDING };
enum { D_TAG = 4, D_AAD, D_TAG_LENGTH, D_PADDING };
enum { MOST_TAG = 16, CHACHA_IV = 12 };

typedef struct evp {
  EVP_CIPHER *(*fetch)(OSSL_LIB_CTX *context, const char *name, const char *properties);
  void (*release)(EVP_CIPHER *cipher);
  const EVP_CIPHER *(*by_name)(const char *name);
  const char *(*name)(const EVP_CIPHER *cipher);
  int (*mode)(const EVP_CIPHER *cipher);
  unsigned long (*flags)(const EVP_CIPHER *cipher);
  int (*iv_length)(const EVP_CIPHER *cipher);
  int (*key_length)(const EVP_CIPHER *cipher);
  int (*block_size)(const EVP_CIPHER *cipher);
  EVP_CIPHER_CTX *(*ctx_new)(void);
  void (*ctx_free)(EVP_CIPHER_CTX *context);
  int (*ctrl)(EVP_CIPHER_CTX *context, int type, int number, void *pointer);
  int (*padding)(EVP_CIPHER_CTX *context, int on);
  int (*init)(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, ENGINE *engine,
              const unsigned char *key, const unsigned char *iv, int encrypts);
  int (*update)(EVP_CIPHER_CTX *context, unsigned char *out, int *written, const unsigned char *in,
                int length);
  int (*final)(EVP_CIPHER_CTX *context, unsigned char *out, int *written);
} evp;

#define ROW(member, name)                                                                          \
  { name, offsetof(evp, member) }
static const hd_symbol symbols[] = {
    ROW(fetch, "EVP_CIPHER_fetch"),
    ROW(release, "EVP_CIPHER_free"),
    ROW(by_name, "EVP_get_cipherbyname"),
    ROW(name, "EVP_CIPHER_get0_name"),
    ROW(mode, "EVP_CIPHER_get_mode"),
    ROW(flags, "EVP_CIPHER_get_flags"),
    ROW(iv_length, "EVP_CIPHER_get_iv_length"),
    ROW(key_length, "EVP_CIPHER_get_key_length"),
    ROW(block_size, "EVP_CIPHER_get_block_size"),
    ROW(ctx_new, "EVP_CIPHER_CTX_new"),
    ROW(ctx_free, "EVP_CIPHER_CTX_free"),
    ROW(ctrl, "EVP_CIPHER_CTX_ctrl"),
    ROW(padding, "EVP_CIPHER_CTX_set_padding"),
    ROW(init, "EVP_CipherInit_ex"),
    ROW(update, "EVP_CipherUpdate"),
    ROW(final, "EVP_CipherFinal_ex"),
};
#undef ROW

static hd_library ciphers = {"OpenSSL's ciphers", symbols, sizeof(symbols) / sizeof(symbols[0]),
                             sizeof(evp), NULL};

bool hd_ciphers_there(void) {
  return hd_symbols_crypto_there() && hd_library_there(&ciphers);
}

typedef struct bytes {
  const uint8_t *data;
  size_t length;
} bytes;

typedef struct job {
  heddle_call *call;
  const hd_crypto *crypto;
  const evp *evp;
  const char *task;
  EVP_CIPHER *cipher;
  EVP_CIPHER_CTX *context;
  int encrypts;
  int authenticates;
  int tag_length;
  uint8_t *out; /* the result */
  size_t length;
  size_t capacity;
} job;

static heddle_status invalid(job *self, heddle_error_kind kind, const char *code,
                             const char *words) {
  self->crypto->err_clear();
  return heddle_error_as(self->call, kind, code, 0, "%s", words);
}

static heddle_status read_bytes(heddle_call *call, uint32_t index, bytes *value) {
  const void *data = NULL;
  value->length = 0;
  heddle_status status = HEDDLE_OK;
  if (heddle_arg(call, index)->type != HEDDLE_UNDEFINED)
    status = heddle_read_all(call, index, &data, &value->length);
  value->data = value->length == 0 ? (const uint8_t *)"" : data;
  return status;
}

/* ---- Which --------------------------------------------------------------- */

static EVP_CIPHER *fetch(const job *self, const heddle_value *name) {
  const char *text = name->as.string;
  if (strlen(text) != name->length)
    return NULL;
  EVP_CIPHER *cipher = self->evp->fetch(NULL, text, NULL);
  if (cipher == NULL) { /* aliases only the older lookup knows */
    const EVP_CIPHER *known = self->evp->by_name(text);
    const char *canonical = known == NULL ? NULL : self->evp->name(known);
    if (canonical != NULL)
      cipher = self->evp->fetch(NULL, canonical, NULL);
  }
  self->crypto->err_clear();
  return cipher;
}

/* Whether it takes data in pieces and an initialization vector, and nothing else
 * that Node's options or these do not have. */
static int is_served(job *self) {
  unsigned long flags = self->evp->flags(self->cipher);
  int aead = (flags & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
  switch (self->evp->mode(self->cipher)) {
  case EVP_CIPH_GCM_MODE:
    return self->authenticates = 1;
  case EVP_CIPH_CBC_MODE:
  case EVP_CIPH_CTR_MODE:
  case EVP_CIPH_CFB_MODE:
  case EVP_CIPH_OFB_MODE:
    return !aead && (flags & EVP_CIPH_FLAG_CTS) == 0;
  case EVP_CIPH_STREAM_CIPHER:
    self->authenticates = aead;
    return self->evp->iv_length(self->cipher) != 0;
  default:
    return 0;
  }
}

static heddle_status choose(job *self) {
  const heddle_value *name = heddle_arg(self->call, ALGORITHM);
  self->cipher = fetch(self, name);
  if (self->cipher == NULL)
    return invalid(self, HEDDLE_PLAIN_ERROR, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
  if (is_served(self))
    return HEDDLE_OK;
  return heddle_error_as(self->call, HEDDLE_PLAIN_ERROR, "ERR_CRYPTO_UNKNOWN_CIPHER", 0,
                         "%s: \"%s\" is not served: modes are GCM, CTR, CBC, CFB and OFB, and "
                         "ChaCha20-Poly1305",
                         self->task, name->as.string);
}

/* ---- Setting up ---------------------------------------------------------- */

static heddle_status check_iv(job *self, const bytes *iv) {
  int expected = self->evp->iv_length(self->cipher);
  int fits;
  if (!self->authenticates)
    fits = iv->length == (size_t)expected;
  else if (self->evp->mode(self->cipher) == EVP_CIPH_GCM_MODE)
    fits = iv->length > 0 && iv->length < 65536 &&
           self->evp->ctrl(self->context, EVP_CTRL_AEAD_SET_IVLEN, (int)iv->length, NULL) == 1;
  else
    fits = iv->length == CHACHA_IV;
  if (fits)
    return HEDDLE_OK;
  return invalid(self, HEDDLE_TYPE_ERROR, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector");
}

static heddle_status invalid_tag(job *self, size_t length) {
  self->crypto->err_clear();
  return heddle_error_as(self->call, HEDDLE_TYPE_ERROR, "ERR_CRYPTO_INVALID_AUTH_TAG", 0,
                         "Invalid authentication tag length: %.0f", (double)length);
}

static heddle_status not_authentic(job *self, const char *option) {
  return heddle_error_as(self->call, HEDDLE_PLAIN_ERROR, "ERR_CRYPTO_INVALID_STATE", 0,
                         "%s: option \"%s\" is for ciphers that authenticate, got \"%s\"",
                         self->task, option, heddle_arg(self->call, ALGORITHM)->as.string);
}

/* The length of the tag, and for decrypt the tag. */
static heddle_status set_tag(job *self) {
  heddle_call *call = self->call;
  const heddle_value *wanted = heddle_arg(call, self->encrypts ? E_TAG_LENGTH : D_TAG_LENGTH);
  self->tag_length = wanted->type == HEDDLE_UNDEFINED ? MOST_TAG : wanted->as.i32;
  int gcm = self->evp->mode(self->cipher) == EVP_CIPH_GCM_MODE;
  int length = self->tag_length;
  if (length < 1 || length > MOST_TAG || (gcm && length != 4 && length != 8 && length < 12))
    return invalid_tag(self, (size_t)length);
  if (self->encrypts)
    return HEDDLE_OK;
  bytes tag;
  heddle_status status = read_bytes(call, D_TAG, &tag);
  if (status != HEDDLE_OK)
    return status;
  if (heddle_arg(call, D_TAG)->type == HEDDLE_UNDEFINED)
    return heddle_error_as(call, HEDDLE_TYPE_ERROR, "ERR_CRYPTO_INVALID_AUTH_TAG", 0,
                           "decrypt: option \"authTag\" must be given for \"%s\"",
                           heddle_arg(call, ALGORITHM)->as.string);
  if (tag.length != (size_t)length)
    return invalid_tag(self, tag.length);
  if (self->evp->ctrl(self->context, EVP_CTRL_AEAD_SET_TAG, length, (void *)tag.data) != 1)
    return hd_crypto_refused(call, self->crypto, "Unsupported state");
  return HEDDLE_OK;
}

static heddle_status add_aad(job *self) {
  bytes aad;
  heddle_status status = read_bytes(self->call, self->encrypts ? E_AAD : D_AAD, &aad);
  while (status == HEDDLE_OK && aad.length != 0) {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    int size = aad.length < 65536 ? (int)aad.length : 65536;
    int written;
    if (self->evp->update(self->context, NULL, &written, aad.data, size) != 1)
      return hd_crypto_refused(self->call, self->crypto, "Unsupported state");
    aad.data += size;
    aad.length -= (size_t)size;
  }
  return status;
}

static heddle_status set_up(job *self) {
  heddle_call *call = self->call;
  bytes key, iv;
  heddle_status status = read_bytes(call, KEY, &key);
  if (status == HEDDLE_OK)
    status = read_bytes(call, IV, &iv);
  if (status != HEDDLE_OK)
    return status;
  if (self->evp->init(self->context, self->cipher, NULL, NULL, NULL, self->encrypts) != 1)
    return hd_crypto_refused(call, self->crypto, "Failed to initialize cipher");
  status = check_iv(self, &iv);
  if (status != HEDDLE_OK)
    return status;
  if (key.length != (size_t)self->evp->key_length(self->cipher))
    return invalid(self, HEDDLE_RANGE_ERROR, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
  if (self->evp->init(self->context, NULL, NULL, key.data, iv.data, self->encrypts) != 1)
    return hd_crypto_refused(call, self->crypto, "Failed to initialize cipher");
  if (!heddle_arg(call, self->encrypts ? E_PADDING : D_PADDING)->as.boolean)
    (void)self->evp->padding(self->context, 0); /* cannot fail */
  if (self->authenticates) {
    status = set_tag(self);
    return status == HEDDLE_OK ? add_aad(self) : status;
  }
  if (heddle_arg(call, self->encrypts ? E_AAD : D_AAD)->type != HEDDLE_UNDEFINED)
    return not_authentic(self, "aad");
  if (!self->encrypts && heddle_arg(call, D_TAG)->type != HEDDLE_UNDEFINED)
    return not_authentic(self, "authTag");
  return HEDDLE_OK;
}

/* ---- Data ---------------------------------------------------------------- */

/* Room for what comes of `length` bytes more. A result that is long enough from the
 * start is never moved: it is secret, and would be copied. */
static heddle_status make_room(job *self, size_t length) {
  size_t block = (size_t)self->evp->block_size(self->cipher);
  size_t needed = self->length + length + (block == 1 ? 0 : block);
  if (needed <= self->capacity)
    return HEDDLE_OK;
  size_t grown = needed > self->capacity * 2 ? needed : self->capacity * 2;
  self->out = self->out == NULL ? heddle_result_bytes(self->call, grown)
                                : heddle_result_resize(self->call, grown);
  self->capacity = grown;
  return self->out == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}

static heddle_status open_result(job *self) {
  const heddle_value *data = heddle_arg(self->call, DATA);
  if (self->encrypts)
    heddle_field(self->call, "data");
  size_t block = (size_t)self->evp->block_size(self->cipher);
  size_t length = data->type == HEDDLE_FILE ? 0 : data->length;
  size_t whole = length - length % block; /* what a last block makes of the rest */
  return make_room(self, block == 1 ? length : whole);
}

static heddle_status convert(job *self) {
  heddle_call *call = self->call;
  uint64_t total = hd_task_total(call, DATA);
  heddle_status status = open_result(self);
  while (status == HEDDLE_OK) {
    const void *data;
    size_t length;
    status = heddle_read(call, DATA, &data, &length);
    if (status != HEDDLE_OK || length == 0)
      break;
    const heddle_value *value = heddle_arg(call, DATA);
    if (value->type == HEDDLE_FILE)
      status = make_room(self, length);
    if (status != HEDDLE_OK)
      break;
    int written = 0;
    if (self->evp->update(self->context, self->out + self->length, &written, data, (int)length) !=
        1)
      return hd_crypto_refused(call, self->crypto, "Unsupported state");
    self->length += (size_t)written;
    hd_task_progress(call, self->length, total);
  }
  return status;
}

static heddle_status finish(job *self) {
  int written = 0;
  uint8_t none[EVP_MAX_BLOCK_LENGTH];
  uint8_t *at = self->out == NULL ? none : self->out + self->length;
  if (self->evp->final(self->context, at, &written) != 1) {
    if (!self->authenticates)
      return hd_crypto_refused(self->call, self->crypto, "Unsupported state");
    return invalid(self, HEDDLE_PLAIN_ERROR, "ERR_HEDDLE_AUTHENTICATION",
                   "Unsupported state or unable to authenticate data");
  }
  self->length += (size_t)written;
  if (self->length != self->capacity || self->out == NULL) {
    self->out = self->out == NULL ? heddle_result_bytes(self->call, self->length)
                                  : heddle_result_resize(self->call, self->length);
    if (self->out == NULL)
      return HEDDLE_FAILED;
  }
  if (!self->encrypts || !self->authenticates)
    return HEDDLE_OK;
  heddle_field(self->call, "authTag");
  uint8_t *tag = heddle_result_bytes(self->call, (size_t)self->tag_length);
  if (tag == NULL)
    return HEDDLE_FAILED;
  if (self->evp->ctrl(self->context, EVP_CTRL_AEAD_GET_TAG, self->tag_length, tag) != 1)
    return hd_crypto_refused(self->call, self->crypto, "Unsupported state");
  return HEDDLE_OK;
}

static heddle_status run(heddle_call *call, const char *task, int encrypts) {
  job self;
  memset(&self, 0, sizeof(self));
  self.call = call;
  self.task = task;
  self.encrypts = encrypts;
  self.crypto = hd_symbols_crypto(call, task);
  if (self.crypto == NULL)
    return HEDDLE_FAILED;
  self.evp = hd_library_table(call, &ciphers, task);
  if (self.evp == NULL)
    return HEDDLE_FAILED;
  heddle_status status = choose(&self);
  if (status == HEDDLE_OK) {
    self.context = self.evp->ctx_new();
    if (self.context == NULL)
      status = hd_task_no_memory(call);
  }
  if (status == HEDDLE_OK)
    status = set_up(&self);
  if (status == HEDDLE_OK)
    status = convert(&self);
  if (status == HEDDLE_OK)
    status = finish(&self);
  self.evp->ctx_free(self.context);
  self.evp->release(self.cipher);
  return status;
}

heddle_status hd_task_encrypt(heddle_call *call) {
  return run(call, "encrypt", 1);
}

heddle_status hd_task_decrypt(heddle_call *call) {
  return run(call, "decrypt", 0);
}
