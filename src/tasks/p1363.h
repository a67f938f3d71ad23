/* Signatures of ECDSA and DSA: r and s one after the other, as IEEE P1363 has
 * them, and as OpenSSL has them, a SEQUENCE of two INTEGERs in DER. */
#ifndef HD_P1363_H
#define HD_P1363_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of r, and of a signature in DER: of both what 66 (P-521) and more need. */
enum { HD_P1363_MOST = 72, HD_P1363_DER_MOST = 2 * HD_P1363_MOST + 16 };

/* Writes 2 * `bytes`; returns 0 for what is no such signature. */
int hd_p1363_from_der(const uint8_t *der, size_t length, size_t bytes, uint8_t *raw);

/* Writes at most HD_P1363_DER_MOST; returns how many. */
size_t hd_p1363_to_der(const uint8_t *raw, size_t bytes, uint8_t *der);

#endif
