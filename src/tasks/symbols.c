/* Process-wide state of the tasks: tables of functions, a hd_library each, and a
 * cache of digests. Everything here is published once with an atomic pointer
 * and never changes or goes away afterwards, so no lock is needed; threads
 * that race build the same thing, and the losers free theirs. */
#if !defined(_WIN32) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* RTLD_DEFAULT */
#endif

#include "symbols.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tasks.h"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif

_Static_assert(sizeof(void *) == sizeof(void (*)(void)), "tables are filled by memcpy");

#define ROW(member, name)                                                                          \
  { name, offsetof(hd_crypto, member) }
static const hd_symbol crypto_symbols[] = {
    ROW(version_major, "OPENSSL_version_major"),
    ROW(version_num, "OpenSSL_version_num"),
    ROW(cleanse, "OPENSSL_cleanse"),
    ROW(err_clear, "ERR_clear_error"),
    ROW(err_peek_last, "ERR_peek_last_error"),
    ROW(err_peek, "ERR_peek_error"),
    ROW(err_string, "ERR_error_string_n"),
    ROW(err_reason, "ERR_reason_error_string"),
    ROW(md_fetch, "EVP_MD_fetch"),
    ROW(md_free, "EVP_MD_free"),
    ROW(md_by_name, "EVP_get_digestbyname"),
    ROW(md_name, "EVP_MD_get0_name"),
    ROW(md_size, "EVP_MD_get_size"),
    ROW(md_flags, "EVP_MD_get_flags"),
    ROW(md_is_a, "EVP_MD_is_a"),
    ROW(md_ctx_new, "EVP_MD_CTX_new"),
    ROW(md_ctx_free, "EVP_MD_CTX_free"),
    ROW(digest_init, "EVP_DigestInit_ex"),
    ROW(digest_update, "EVP_DigestUpdate"),
    ROW(digest_final, "EVP_DigestFinal_ex"),
    ROW(digest_final_xof, "EVP_DigestFinalXOF"),
    ROW(mac_fetch, "EVP_MAC_fetch"),
    ROW(mac_free, "EVP_MAC_free"),
    ROW(mac_ctx_new, "EVP_MAC_CTX_new"),
    ROW(mac_ctx_free, "EVP_MAC_CTX_free"),
    ROW(mac_init, "EVP_MAC_init"),
    ROW(mac_update, "EVP_MAC_update"),
    ROW(mac_final, "EVP_MAC_final"),
    ROW(kdf_fetch, "EVP_KDF_fetch"),
    ROW(kdf_free, "EVP_KDF_free"),
    ROW(kdf_ctx_new, "EVP_KDF_CTX_new"),
    ROW(kdf_ctx_free, "EVP_KDF_CTX_free"),
    ROW(kdf_derive, "EVP_KDF_derive"),
    ROW(pbe_scrypt, "EVP_PBE_scrypt"),
    ROW(pbkdf2, "PKCS5_PBKDF2_HMAC"),
};
#undef ROW

#define ROW(member, name)                                                                          \
  { name, offsetof(hd_zlib, member) }
static const hd_symbol zlib_symbols[] = {
    ROW(deflate_init, "deflateInit2_"), ROW(deflate_step, "deflate"),
    ROW(deflate_end, "deflateEnd"),     ROW(inflate_init, "inflateInit2_"),
    ROW(inflate_step, "inflate"),       ROW(inflate_reset, "inflateReset"),
    ROW(inflate_end, "inflateEnd"),     ROW(checksum, "crc32"),
};
#undef ROW

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Published by publish(): NULL is not looked up yet, &missing is not there. */
static _Atomic(void *) crypto_table;
static _Atomic(void *) zlib_table;
static char missing;

/* Slots fill in order, so the first empty one ends a search. */
static _Atomic(hd_digest *) digests[64];

/* ---- Looking up ---------------------------------------------------------- */

/* The libraries to look in: Node is the executable, or libnode. */
enum { LIBRARIES = 2 };

#if defined(_WIN32)
static bool find(int library, const char *name, void *slot) {
  HMODULE module = GetModuleHandleA(library == 0 ? NULL : "libnode.dll");
  FARPROC address = module == NULL ? NULL : GetProcAddress(module, name);
  memcpy(slot, &address, sizeof(address));
  return address != NULL;
}
#else
static bool find(int library, const char *name, void *slot) {
  /* The default scope has the executable and all it is linked to. */
  void *address = library == 0 ? dlsym(RTLD_DEFAULT, name) : NULL;
  memcpy(slot, &address, sizeof(address));
  return address != NULL;
}
#endif

/* Fills the table from one library, or from none. */
static bool fill(void *table, const hd_symbol *symbols, size_t count, const char *prefix) {
  for (int library = 0; library < LIBRARIES; library++) {
    size_t i = 0;
    for (; i < count; i++) {
      char name[64];
      size_t start = strlen(prefix);
      memcpy(name, prefix, start);
      memcpy(name + start, symbols[i].name, strlen(symbols[i].name) + 1);
      if (!find(library, name, (char *)table + symbols[i].offset))
        break;
    }
    if (i == count)
      return true;
  }
  return false;
}

/* Sets `*slot` to `table` unless another thread was first; returns what is
 * there now. */
static void *publish(_Atomic(void *) *slot, void *table) {
  void *first = NULL;
  return atomic_compare_exchange_strong(slot, &first, table) ? table : first;
}

static void crypto_free(hd_crypto *table) {
  if (table->hmac != NULL)
    table->mac_free(table->hmac);
  if (table->hkdf != NULL)
    table->kdf_free(table->hkdf);
  free(table);
}

static void *crypto_lookup(void) {
  hd_crypto *table = calloc(1, sizeof(*table));
  if (table == NULL)
    return NULL;
  /* Functions of BoringSSL or OpenSSL 1.1 must not be called with these types:
   * both functions say what the library is, and they agree. */
  if (!fill(table, crypto_symbols, COUNT(crypto_symbols), "") ||
      table->version_major() != OPENSSL_VERSION_MAJOR ||
      table->version_num() >> 28 != OPENSSL_VERSION_MAJOR) {
    free(table);
    return publish(&crypto_table, &missing);
  }
  table->hmac = table->mac_fetch(NULL, "HMAC", NULL);
  table->hkdf = table->kdf_fetch(NULL, "HKDF", NULL);
  table->err_clear();
  void *published = publish(&crypto_table, table);
  if (published != table)
    crypto_free(table);
  return published;
}

static void *zlib_lookup(void) {
  hd_zlib *table = calloc(1, sizeof(*table));
  if (table == NULL)
    return NULL;
  /* Where there are two, Node's zlib module is the plain one, and only it gives
   * the same bytes; the prefixed one is V8's copy. All come from one flavour,
   * since a stream belongs to the flavour that opened it. */
  if (!fill(table, zlib_symbols, COUNT(zlib_symbols), "") &&
      !fill(table, zlib_symbols, COUNT(zlib_symbols), "Cr_z_")) {
    free(table);
    return publish(&zlib_table, &missing);
  }
  void *published = publish(&zlib_table, table);
  if (published != table)
    free(table);
  return published;
}

/* The table of a library, &missing, or NULL when there is no memory for it. */
static void *look_up(hd_library *library) {
  void *table = atomic_load_explicit(&library->table, memory_order_acquire);
  if (table != NULL)
    return table;
  table = calloc(1, library->size);
  if (table == NULL)
    return NULL;
  if (!fill(table, library->symbols, library->count, "")) {
    free(table);
    return publish(&library->table, &missing);
  }
  void *published = publish(&library->table, table);
  if (published != table)
    free(table);
  return published;
}

static void *crypto_found(void) {
  void *table = atomic_load_explicit(&crypto_table, memory_order_acquire);
  return table == NULL ? crypto_lookup() : table;
}

static void *zlib_found(void) {
  void *table = atomic_load_explicit(&zlib_table, memory_order_acquire);
  return table == NULL ? zlib_lookup() : table;
}

/* `table` to be used; NULL with the error set when it is not there. */
static const void *usable(heddle_call *call, const void *table, const char *task,
                          const char *library) {
  if (table == NULL)
    hd_task_no_memory(call);
  else if (table == &missing)
    heddle_error(call, "ERR_HEDDLE_UNAVAILABLE", "%s: %s is not available in this runtime", task,
                 library);
  else
    return table;
  return NULL;
}

#define OPENSSL_NAME(major) OPENSSL_NAME_(major)
#define OPENSSL_NAME_(major) "OpenSSL " #major

const hd_crypto *hd_symbols_crypto(heddle_call *call, const char *task) {
  return usable(call, crypto_found(), task, OPENSSL_NAME(OPENSSL_VERSION_MAJOR));
}

const hd_zlib *hd_symbols_zlib(heddle_call *call, const char *task) {
  return usable(call, zlib_found(), task, "zlib");
}

const void *hd_library_table(heddle_call *call, hd_library *library, const char *task) {
  return usable(call, look_up(library), task, library->name);
}

static bool is_there(const void *table) {
  return table != NULL && table != &missing;
}

bool hd_library_there(hd_library *library) {
  return is_there(look_up(library));
}

bool hd_symbols_crypto_there(void) {
  return is_there(crypto_found());
}

bool hd_symbols_zlib_there(void) {
  return is_there(zlib_found());
}

bool hd_symbols_kdf_there(const char *name) {
  const hd_crypto *crypto = crypto_found();
  if (!is_there(crypto))
    return false;
  EVP_KDF *kdf = crypto->kdf_fetch(NULL, name, NULL);
  crypto->kdf_free(kdf);
  crypto->err_clear();
  return kdf != NULL;
}

/* ---- Digests ------------------------------------------------------------- */

/* Fetches what `name` means; aliases such as RSA-SHA256 only the older lookup
 * knows. NULL when there is none. */
static EVP_MD *fetch(const hd_crypto *crypto, const char *name) {
  EVP_MD *md = crypto->md_fetch(NULL, name, NULL);
  if (md == NULL) {
    const EVP_MD *known = crypto->md_by_name(name);
    const char *canonical = known == NULL ? NULL : crypto->md_name(known);
    if (canonical != NULL)
      md = crypto->md_fetch(NULL, canonical, NULL);
  }
  crypto->err_clear();
  return md;
}

/* Bytes of the result; 0 when there is nothing to compute. */
static size_t result_size(const hd_crypto *crypto, const EVP_MD *md) {
  /* SHAKE: OpenSSL's default until 3.3, and Node's; 3.4 and later have none. */
  if (crypto->md_is_a(md, "SHAKE128"))
    return 16;
  if (crypto->md_is_a(md, "SHAKE256"))
    return 32;
  int size = crypto->md_size(md);
  return size > 0 && size <= EVP_MAX_MD_SIZE ? (size_t)size : 0;
}

static hd_digest *find_cached(const char *name) {
  for (size_t i = 0; i < COUNT(digests); i++) {
    hd_digest *digest = atomic_load_explicit(&digests[i], memory_order_acquire);
    if (digest == NULL)
      break;
    if (strcmp(digest->name, name) == 0)
      return digest;
  }
  return NULL;
}

/* Puts the digest in the cache if there is room. Returns the one to use, which
 * another thread may have put there first. */
static hd_digest *cache(const hd_crypto *crypto, hd_digest *digest) {
  digest->shared = true;
  for (size_t i = 0; i < COUNT(digests); i++) {
    hd_digest *there = NULL;
    if (atomic_compare_exchange_strong(&digests[i], &there, digest))
      return digest;
    if (strcmp(there->name, digest->name) == 0) {
      digest->shared = false;
      hd_digest_release(crypto, digest);
      return there;
    }
  }
  digest->shared = false;
  return digest;
}

hd_digest *hd_digest_acquire(heddle_call *call, const hd_crypto *crypto, uint32_t index) {
  const heddle_value *name = heddle_arg(call, index);
  hd_digest *digest = find_cached(name->as.string);
  if (digest != NULL && strlen(digest->name) == name->length)
    return digest;
  EVP_MD *md = NULL;
  if (strlen(name->as.string) == name->length)
    md = fetch(crypto, name->as.string);
  size_t size = md == NULL ? 0 : result_size(crypto, md);
  if (size == 0) {
    crypto->md_free(md);
    heddle_error_as(call, HEDDLE_TYPE_ERROR, "ERR_CRYPTO_INVALID_DIGEST", 0, "Invalid digest: %s",
                    name->as.string);
    return NULL;
  }
  digest = calloc(1, sizeof(*digest));
  if (digest == NULL) {
    crypto->md_free(md);
    hd_task_no_memory(call);
    return NULL;
  }
  digest->md = md;
  digest->canonical = crypto->md_name(md);
  digest->size = size;
  digest->xof = (crypto->md_flags(md) & EVP_MD_FLAG_XOF) != 0;
  if (name->length >= sizeof(digest->name))
    return digest;
  memcpy(digest->name, name->as.string, name->length);
  return cache(crypto, digest);
}

void hd_digest_release(const hd_crypto *crypto, hd_digest *digest) {
  if (digest == NULL || digest->shared)
    return;
  crypto->md_free(digest->md);
  free(digest);
}
