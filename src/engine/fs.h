/* Regular files, by libuv's synchronous calls. Any thread. Errors are set on
 * the call, as Node words them. */
#ifndef HD_FS_H
#define HD_FS_H

#include <stdbool.h>
#include <uv.h>

#include "call.h"

/* Opens a regular file; its size goes to *size when that is not NULL. A FIFO
 * or a device, which could block for ever, is refused. */
bool hd_fs_open(hd_call *call, const char *path, int flags, uv_file *file, uint64_t *size);

/* Bytes read, 0 at the end, negative with the error set. */
ptrdiff_t hd_fs_read(hd_call *call, uv_file file, const char *path, void *data, size_t length);
bool hd_fs_write(hd_call *call, uv_file file, const char *path, const void *data, size_t length);
bool hd_fs_close(hd_call *call, uv_file file, const char *path);

/* Closes without a word: on paths that already have an error, or only read. */
void hd_fs_discard(uv_file file);

#endif
