/* crc32: the checksum of RFC 1952, section 8, by the runtime's zlib. */
#include "symbols.h"
#include "tasks.h"

heddle_status hd_task_crc32(heddle_call *call) {
  enum { DATA, VALUE };
  const hd_zlib *zlib = hd_symbols_zlib(call, "crc32");
  if (zlib == NULL)
    return HEDDLE_FAILED;
  uint64_t total = hd_task_total(call, DATA);
  uint64_t done = 0;
  uLong crc = heddle_arg(call, VALUE)->as.u32;
  for (;;) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(call, DATA, &data, &length);
    if (status != HEDDLE_OK)
      return status;
    if (length == 0)
      break;
    crc = zlib->checksum(crc, data, (uInt)length); /* a block is at most 64 KiB */
    done += length;
    hd_task_progress(call, done, total);
  }
  heddle_result_f64(call, (double)(uint32_t)crc);
  return HEDDLE_OK;
}
