/* What of the runtime the built-in tasks need. */
#include <string.h>

#include "codecs.h"
#include "crypto.h"
#include "keys.h"
#include "tasks.h"

static bool argon2_there(void) {
  return hd_symbols_kdf_there("ARGON2ID");
}

static const struct {
  const char *name;
  bool (*there)(void);
} needs[] = {
    {"hash", hd_symbols_crypto_there},
    {"hmac", hd_symbols_crypto_there},
    {"pbkdf2", hd_symbols_crypto_there},
    {"scrypt", hd_symbols_crypto_there},
    {"hkdf", hd_symbols_crypto_there},
    {"argon2", argon2_there},
    {"encrypt", hd_ciphers_there},
    {"decrypt", hd_ciphers_there},
    {"sign", hd_keys_there},
    {"verify", hd_keys_there},
    {"gzip", hd_symbols_zlib_there},
    {"deflate", hd_symbols_zlib_there},
    {"deflateRaw", hd_symbols_zlib_there},
    {"gunzip", hd_symbols_zlib_there},
    {"inflate", hd_symbols_zlib_there},
    {"inflateRaw", hd_symbols_zlib_there},
    {"crc32", hd_symbols_zlib_there},
    {"brotliCompress", hd_codecs_brotli_there},
    {"brotliDecompress", hd_codecs_brotli_there},
    {"zstdCompress", hd_codecs_zstd_there},
    {"zstdDecompress", hd_codecs_zstd_there},
};

int hd_builtin_runs(const char *name) {
  for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
    if (strcmp(needs[i].name, name) == 0)
      return needs[i].there();
  return 1;
}
