/* The built-in tasks: what the files of this directory share. */
#ifndef HD_TASKS_H
#define HD_TASKS_H

#include "heddle.h"

/* The module of all built-in tasks. It lives as long as the library. Any
 * thread. */
const heddle_module *hd_builtin_module(void);

/* needs.c: whether this runtime brings what the built-in task needs. Any thread. */
int hd_builtin_runs(const char *name);

/* hash.c */
heddle_status hd_task_hash(heddle_call *call);
heddle_status hd_task_hmac(heddle_call *call);

/* kdf.c */
heddle_status hd_task_pbkdf2(heddle_call *call);
heddle_status hd_task_scrypt(heddle_call *call);
heddle_status hd_task_hkdf(heddle_call *call);
heddle_status hd_task_argon2(heddle_call *call);

/* cipher.c */
heddle_status hd_task_encrypt(heddle_call *call);
heddle_status hd_task_decrypt(heddle_call *call);

/* sign.c */
heddle_status hd_task_sign(heddle_call *call);
heddle_status hd_task_verify(heddle_call *call);

/* deflate.c */
heddle_status hd_task_gzip(heddle_call *call);
heddle_status hd_task_deflate(heddle_call *call);
heddle_status hd_task_deflate_raw(heddle_call *call);

/* inflate.c */
heddle_status hd_task_gunzip(heddle_call *call);
heddle_status hd_task_inflate(heddle_call *call);
heddle_status hd_task_inflate_raw(heddle_call *call);

/* brotli.c */
heddle_status hd_task_brotli_compress(heddle_call *call);
heddle_status hd_task_brotli_decompress(heddle_call *call);

/* zstd.c */
heddle_status hd_task_zstd_compress(heddle_call *call);
heddle_status hd_task_zstd_decompress(heddle_call *call);

/* crc32.c */
heddle_status hd_task_crc32(heddle_call *call);

/* sort.c, sum.c, matmul.c */
heddle_status hd_task_sort(heddle_call *call);
heddle_status hd_task_sum(heddle_call *call);
heddle_status hd_task_matmul(heddle_call *call);

/* control.c */
heddle_status hd_task_noop(heddle_call *call);
heddle_status hd_task_sleep(heddle_call *call);
heddle_status hd_task_spin(heddle_call *call);

/* file.c */
heddle_status hd_task_write_file(heddle_call *call);

/* The host's words for a failed malloc, for allocations that libraries make. */
static inline heddle_status hd_task_no_memory(heddle_call *call) {
  return heddle_error(call, "ERR_HEDDLE_NO_MEMORY", "out of memory");
}

/* Reports `done` of `total` bytes or elements; a total of 0 means unknown. */
static inline void hd_task_progress(heddle_call *call, uint64_t done, uint64_t total) {
  if (total != 0)
    heddle_progress(call, done >= total ? 1.0 : (double)done / (double)total);
}

/* Bytes of a bytes argument for hd_task_progress(): 0 for a file, and for what
 * is too short to report on. */
static inline uint64_t hd_task_total(const heddle_call *call, uint32_t index) {
  const heddle_value *value = heddle_arg(call, index);
  return value->type == HEDDLE_FILE || value->length <= 65536 ? 0 : value->length;
}

#endif
