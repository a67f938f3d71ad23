/* Keys of sign and verify, parsed once: the last ones stay. Any thread. */
#ifndef HD_KEYS_H
#define HD_KEYS_H

#include "symbols.h"

typedef struct hd_evp_pkey {
  EVP_PKEY *(*read_public)(EVP_PKEY **key, const unsigned char **der, long length);
  EVP_PKEY *(*read_private)(EVP_PKEY **key, const unsigned char **der, long length);
  int (*up_ref)(EVP_PKEY *key);
  void (*release)(EVP_PKEY *key);
  int (*is_a)(const EVP_PKEY *key, const char *name);
  int (*bits)(const EVP_PKEY *key);
  int (*number)(const EVP_PKEY *key, const char *name, BIGNUM **number);
  int (*number_bits)(const BIGNUM *number);
  void (*number_free)(BIGNUM *number);
  int (*sign_init)(EVP_MD_CTX *context, EVP_PKEY_CTX **settings, const EVP_MD *md, ENGINE *engine,
                   EVP_PKEY *key);
  int (*sign_update)(EVP_MD_CTX *context, const void *data, size_t length);
  int (*sign_final)(EVP_MD_CTX *context, unsigned char *signature, size_t *length);
  int (*sign)(EVP_MD_CTX *context, unsigned char *signature, size_t *length,
              const unsigned char *data, size_t data_length);
  int (*verify_init)(EVP_MD_CTX *context, EVP_PKEY_CTX **settings, const EVP_MD *md, ENGINE *engine,
                     EVP_PKEY *key);
  int (*verify_update)(EVP_MD_CTX *context, const void *data, size_t length);
  int (*verify_final)(EVP_MD_CTX *context, const unsigned char *signature, size_t length);
  int (*verify)(EVP_MD_CTX *context, const unsigned char *signature, size_t length,
                const unsigned char *data, size_t data_length);
  int (*set_padding)(EVP_PKEY_CTX *settings, int padding);
  int (*set_salt_length)(EVP_PKEY_CTX *settings, int length);
  int (*set_params)(EVP_PKEY_CTX *settings, const OSSL_PARAM *params);
} hd_evp_pkey;

/* NULL with the error set when the runtime has no such functions. */
const hd_evp_pkey *hd_keys_evp(heddle_call *call, const char *task);

bool hd_keys_there(void);

/* The key of which the bytes are the DER: PKCS#8 of a private one, else a
 * SubjectPublicKeyInfo. NULL with reasons in OpenSSL's queue. The caller gives it
 * back with evp->release(). */
EVP_PKEY *hd_keys_acquire(const hd_crypto *crypto, const hd_evp_pkey *evp, const uint8_t *der,
                          size_t length, int is_private);

#endif
