/* What the tasks of OpenSSL share. Any thread. */
#ifndef HD_CRYPTO_H
#define HD_CRYPTO_H

#include "symbols.h"

/* The error for a function of OpenSSL that failed, with the reason from the
 * thread's error queue, which it clears. */
heddle_status hd_crypto_failed(heddle_call *call, const hd_crypto *crypto, const char *task);

/* The same, as Node words it: `error:1C800064:Provider routines::bad decrypt` with
 * the code ERR_OSSL_BAD_DECRYPT; `words` where OpenSSL gives no reason. */
heddle_status hd_crypto_refused(heddle_call *call, const hd_crypto *crypto, const char *words);

/* cipher.c: whether encrypt and decrypt have what they need. */
bool hd_ciphers_there(void);

/* hd_digest_acquire(), less those with extendable output: HMAC is not defined
 * for them, nor what is built on it. */
hd_digest *hd_crypto_hmac_digest(heddle_call *call, const hd_crypto *crypto, uint32_t index);

#endif
