#include "keys.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define ROW(member, name)                                                                          \
  { name, offsetof(hd_evp_pkey, member) }
static const hd_symbol symbols[] = {
    ROW(read_public, "d2i_PUBKEY"),
    ROW(read_private, "d2i_AutoPrivateKey"),
    ROW(up_ref, "EVP_PKEY_up_ref"),
    ROW(release, "EVP_PKEY_free"),
    ROW(is_a, "EVP_PKEY_is_a"),
    ROW(bits, "EVP_PKEY_get_bits"),
    ROW(number, "EVP_PKEY_get_bn_param"),
    ROW(number_bits, "BN_num_bits"),
    ROW(number_free, "BN_free"),
    ROW(sign_init, "EVP_DigestSignInit"),
    ROW(sign_update, "EVP_DigestSignUpdate"),
    ROW(sign_final, "EVP_DigestSignFinal"),
    ROW(sign, "EVP_DigestSign"),
    ROW(verify_init, "EVP_DigestVerifyInit"),
    ROW(verify_update, "EVP_DigestVerifyUpdate"),
    ROW(verify_final, "EVP_DigestVerifyFinal"),
    ROW(verify, "EVP_DigestVerify"),
    ROW(set_padding, "EVP_PKEY_CTX_set_rsa_padding"),
    ROW(set_salt_length, "EVP_PKEY_CTX_set_rsa_pss_saltlen"),
    ROW(set_params, "EVP_PKEY_CTX_set_params"),
};
#undef ROW

static hd_library signatures = {"OpenSSL's signatures", symbols,
                                sizeof(symbols) / sizeof(symbols[0]), sizeof(hd_evp_pkey), NULL};

const hd_evp_pkey *hd_keys_evp(heddle_call *call, const char *task) {
  return hd_library_table(call, &signatures, task);
}

bool hd_keys_there(void) {
  return hd_symbols_crypto_there() && hd_library_there(&signatures);
}

/* ---- Keys that are known ------------------------------------------------- */

typedef struct known {
  EVP_PKEY *key; /* NULL: free */
  uint8_t *der;  /* a copy, wiped with it */
  size_t length;
  int is_private;
  uint64_t used; /* by the clock below */
} known;

enum { KEPT = 32, TRIES = 200 };

/* Under `lock`, which is never waited for: who does not get it parses the key
 * again, or does not keep it. */
static atomic_flag lock = ATOMIC_FLAG_INIT;
static known kept[KEPT];
static uint64_t clock_now;

static bool try_lock(void) {
  for (int i = 0; i < TRIES; i++)
    if (!atomic_flag_test_and_set_explicit(&lock, memory_order_acquire))
      return true;
  return false;
}

static void unlock(void) {
  atomic_flag_clear_explicit(&lock, memory_order_release);
}

static EVP_PKEY *find(const hd_evp_pkey *evp, const uint8_t *der, size_t length, int is_private) {
  EVP_PKEY *key = NULL;
  if (!try_lock())
    return NULL;
  for (int i = 0; i < KEPT && key == NULL; i++) {
    known *one = &kept[i];
    if (one->key != NULL && one->length == length && one->is_private == is_private &&
        memcmp(one->der, der, length) == 0 && evp->up_ref(one->key) == 1) {
      one->used = ++clock_now;
      key = one->key;
    }
  }
  unlock();
  return key;
}

/* Keeps a key in place of the one that was not used for longest. */
static void keep(const hd_crypto *crypto, const hd_evp_pkey *evp, known made) {
  if (!try_lock())
    goto done;
  known *place = &kept[0];
  for (int i = 0; i < KEPT; i++) {
    if (kept[i].key != NULL && kept[i].length == made.length &&
        kept[i].is_private == made.is_private && memcmp(kept[i].der, made.der, made.length) == 0) {
      place = NULL; /* another thread was first */
      break;
    }
    if (kept[i].used < place->used)
      place = &kept[i];
  }
  if (place != NULL) {
    known old = *place;
    made.used = ++clock_now;
    *place = made;
    made = old;
  }
  unlock();
done:
  if (made.key == NULL)
    return;
  crypto->cleanse(made.der, made.length);
  free(made.der);
  evp->release(made.key);
}

EVP_PKEY *hd_keys_acquire(const hd_crypto *crypto, const hd_evp_pkey *evp, const uint8_t *der,
                          size_t length, int is_private) {
  EVP_PKEY *key = find(evp, der, length, is_private);
  if (key != NULL || length == 0 || length > LONG_MAX)
    return key;
  const unsigned char *at = der;
  key = is_private ? evp->read_private(NULL, &at, (long)length)
                   : evp->read_public(NULL, &at, (long)length);
  if (key == NULL)
    return NULL;
  known made = {key, malloc(length), length, is_private, 0};
  if (made.der == NULL || evp->up_ref(key) != 1) {
    free(made.der);
    return key;
  }
  memcpy(made.der, der, length);
  keep(crypto, evp, made);
  return key;
}
