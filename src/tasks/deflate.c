/* gzip, deflate, deflateRaw: RFC 1952, 1950, 1951, by the zlib that Node's own
 * zlib module uses, with the same bytes as the result. */
#include <stdlib.h>
#include <string.h>

#include "slot.h"
#include "tasks.h"
#include "zstream.h"

enum { DATA, LEVEL, MEM_LEVEL, WINDOW_BITS, STRATEGY, MAX_OUTPUT, SLOT, LAST };

typedef struct compressor {
  heddle_call *call;
  const hd_zlib *zlib;
  z_stream stream;
  hd_zoutput output;
  hd_zpace pace;
  uint64_t done;
  uint64_t total;
  size_t window;
  size_t least; /* room of output to give at once */
  size_t most;
  uint64_t written; /* by earlier chunks */
} compressor;

/* Compresses what the stream points at, to the end of it; with Z_FINISH, to
 * the end of the stream. */
static heddle_status step(compressor *self, int flush) {
  for (;;) {
    heddle_status status = hd_zoutput_room(&self->output, &self->stream, self->least, self->most);
    if (status != HEDDLE_OK)
      return status;
    int code = self->zlib->deflate_step(&self->stream, flush);
    if (code == Z_STREAM_ERROR)
      return hd_zlib_failed(self->call, &self->stream, code, "Zlib error");
    status = hd_zoutput_wrote(&self->output, &self->stream);
    if (status != HEDDLE_OK || code == Z_STREAM_END)
      return status;
    if (self->stream.avail_out != 0) /* Z_FINISH gets here with Z_STREAM_END only */
      return HEDDLE_OK;
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
  }
}

/* deflate() slides its window when that is nearly full. Input that ends there
 * would make it slide a little earlier than with all input at hand, and in
 * rare cases find another match: end before, or at the window's end. 262 is
 * MIN_LOOKAHEAD of zlib's deflate.h. */
static size_t step_size(const compressor *self, size_t left) {
  size_t size = self->pace.step;
  size_t missing = self->window - (size_t)((self->done + size) % self->window);
  if (missing <= 262)
    size += missing;
  return size < left ? size : left;
}

/* Compresses one block in steps. */
static heddle_status compress_block(compressor *self, const uint8_t *data, size_t length) {
  while (length != 0) {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    hd_zpace_start(&self->pace, self->call);
    size_t size = step_size(self, length);
    self->stream.next_in = (Bytef *)data;
    self->stream.avail_in = (uInt)size;
    heddle_status status = step(self, Z_NO_FLUSH);
    if (status != HEDDLE_OK)
      return status;
    hd_zpace_stop(&self->pace, self->call);
    data += size;
    length -= size;
    self->done += size;
    hd_task_progress(self->call, self->done, self->total);
  }
  return HEDDLE_OK;
}

/* All that there is of the data. */
static heddle_status compress_blocks(compressor *self) {
  for (;;) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(self->call, DATA, &data, &length);
    if (status == HEDDLE_OK && length != 0)
      status = compress_block(self, data, length);
    if (status != HEDDLE_OK || length == 0)
      return status;
  }
}

static heddle_status finish(compressor *self) {
  self->stream.next_in = NULL;
  self->stream.avail_in = 0;
  return step(self, Z_FINISH);
}

static heddle_status compress_stream(compressor *self) {
  heddle_status status = compress_blocks(self);
  return status == HEDDLE_OK ? finish(self) : status;
}

/* Level 0. The sizes of stored blocks depend on how much input and room
 * deflate() sees: all of the input and always 16 KiB in Node. The result takes as
 * much memory as the input anyway. */
static heddle_status store(compressor *self) {
  const uint32_t most = UINT32_C(1) << 31;
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(self->call, DATA, &data, &length);
  self->least = self->most = 16384;
  self->stream.next_in = (Bytef *)data;
  while (status == HEDDLE_OK) {
    self->stream.avail_in = length > most ? most : (uInt)length;
    length -= self->stream.avail_in;
    status = step(self, length == 0 ? Z_FINISH : Z_NO_FLUSH);
    if (length == 0)
      break;
  }
  return status;
}

/* `window_bits` as deflateInit2() takes it: 16 more is gzip, negative is raw. */
static heddle_status begin(compressor *self, heddle_call *call, const char *task, int window_bits) {
  memset(self, 0, sizeof(*self));
  self->call = call;
  self->zlib = hd_symbols_zlib(call, task);
  if (self->zlib == NULL)
    return HEDDLE_FAILED;
  self->window = (size_t)1 << (heddle_arg(call, WINDOW_BITS)->as.i32 == 8
                                   ? 9 /* zlib does likewise */
                                   : heddle_arg(call, WINDOW_BITS)->as.i32);
  self->least = 1;
  self->most = 65536;
  int code = self->zlib->deflate_init(&self->stream, heddle_arg(call, LEVEL)->as.i32, Z_DEFLATED,
                                      window_bits, heddle_arg(call, MEM_LEVEL)->as.i32,
                                      heddle_arg(call, STRATEGY)->as.i32, ZLIB_VERSION,
                                      (int)sizeof(z_stream));
  return code == Z_OK ? HEDDLE_OK : hd_zlib_failed(call, &self->stream, code, "Init error");
}

/* What does not compress grows by 5 bytes each 16 KiB or so, and a header. */
static heddle_status open_output(compressor *self) {
  const heddle_value *data = heddle_arg(self->call, DATA);
  uint64_t length = data->type == HEDDLE_FILE ? 65536 : data->length;
  return hd_zoutput_open(&self->output, self->call, MAX_OUTPUT, length + length / 1024 + 64,
                         self->written);
}

static heddle_status compress_all(heddle_call *call, const char *task, int window_bits) {
  compressor self;
  heddle_status status = begin(&self, call, task, window_bits);
  if (status != HEDDLE_OK)
    return status;
  self.total = hd_task_total(call, DATA);
  status = open_output(&self);
  if (status == HEDDLE_OK)
    status = heddle_arg(call, LEVEL)->as.i32 == 0 ? store(&self) : compress_stream(&self);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self.output);
  /* Only says whether input was left: it was, if this failed. */
  (void)self.zlib->deflate_end(&self.stream);
  return status;
}

static void release(void *state) {
  compressor *self = state;
  (void)self->zlib->deflate_end(&self->stream);
  free(self);
}

/* One chunk of the data. */
static heddle_status compress_chunk(heddle_call *call, hd_slot *slot, const char *task,
                                    int window_bits) {
  compressor *self = slot->state;
  heddle_status status;
  if (self == NULL) {
    if ((self = malloc(sizeof(*self))) == NULL)
      return hd_task_no_memory(call);
    status = begin(self, call, task, window_bits);
    if (status != HEDDLE_OK) {
      free(self);
      return status;
    }
    slot->state = self;
    slot->release = release;
  }
  self->call = call;
  status = open_output(self);
  if (status == HEDDLE_OK)
    status = compress_blocks(self);
  if (status == HEDDLE_OK && hd_slot_is_last(call, LAST))
    status = finish(self);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self->output);
  self->written += self->output.length;
  return status;
}

/* All of the data, or a chunk of it where the call has a slot. */
static heddle_status compress_data(heddle_call *call, const char *task, int window_bits) {
  if (call->argc <= SLOT)
    return compress_all(call, task, window_bits);
  hd_slot *slot = hd_slot_of(call, SLOT);
  return slot == NULL ? HEDDLE_FAILED : compress_chunk(call, slot, task, window_bits);
}

heddle_status hd_task_gzip(heddle_call *call) {
  int bits = heddle_arg(call, WINDOW_BITS)->as.i32;
  if (bits == 8)
    return hd_zlib_window_error(call, 9, bits);
  return compress_data(call, "gzip", bits + 16);
}

heddle_status hd_task_deflate(heddle_call *call) {
  return compress_data(call, "deflate", heddle_arg(call, WINDOW_BITS)->as.i32);
}

heddle_status hd_task_deflate_raw(heddle_call *call) {
  int bits = heddle_arg(call, WINDOW_BITS)->as.i32;
  return compress_data(call, "deflateRaw", bits == 8 ? -9 : -bits);
}
