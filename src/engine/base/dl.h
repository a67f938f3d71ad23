/* Shared libraries, as the operating system loads them. Any thread. */
#ifndef HD_DL_H
#define HD_DL_H

#include <stddef.h>

typedef enum hd_dl_status {
  HD_DL_OK,
  HD_DL_UNRESOLVED, /* a symbol that it needs is nowhere */
  HD_DL_FAILED      /* anything else: no library, something that it needs is missing */
} hd_dl_status;

/* Opens the library at an absolute path (UTF-8). All its symbols are bound now,
 * not at the first call, and none is offered to other libraries. On failure
 * `words` are the system's, at most `size` bytes. Opened twice, a library is
 * mapped once and has the same handle. */
hd_dl_status hd_dl_open(const char *path, void **handle, char *words, size_t size);

/* NULL when there is none of this name. */
void *hd_dl_symbol(void *handle, const char *name);

void hd_dl_close(void *handle);

#endif
