/* gunzip, inflate, inflateRaw: RFC 1952, 1950, 1951, by the zlib of the
 * runtime, with the errors of Node's zlib module. */
#include <stdlib.h>
#include <string.h>

#include "slot.h"
#include "tasks.h"
#include "zstream.h"

enum { DATA, WINDOW_BITS, MAX_OUTPUT, SLOT, LAST };

typedef struct expander {
  heddle_call *call;
  const hd_zlib *zlib;
  z_stream stream;
  hd_zoutput output;
  hd_zpace pace;
  uint64_t done;
  uint64_t total;
  int members;     /* gzip: another member may follow one that has ended */
  int window;      /* zlib: most bits that the header may ask for; 0 for any */
  int ended;       /* the stream, or a member */
  int over;        /* what follows is not ours to read */
  uint8_t head[2]; /* of the data, while `window` is not checked */
  size_t head_length;
  uint64_t written; /* by earlier chunks */
} expander;

/* Expands what the stream points at, to the end of it or of the stream. */
static heddle_status step(expander *self) {
  for (;;) {
    heddle_status status = hd_zoutput_room(&self->output, &self->stream, 1, 65536);
    if (status != HEDDLE_OK)
      return status;
    int code = self->zlib->inflate_step(&self->stream, Z_NO_FLUSH);
    status = hd_zoutput_wrote(&self->output, &self->stream);
    if (status != HEDDLE_OK)
      return status;
    if (code == Z_NEED_DICT)
      return hd_zlib_failed(self->call, &self->stream, code, "Missing dictionary");
    /* Z_BUF_ERROR: nothing to do with the input and room there is. */
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return hd_zlib_failed(self->call, &self->stream, code, "Zlib error");
    self->ended = code == Z_STREAM_END;
    if (self->ended || self->stream.avail_out != 0)
      return HEDDLE_OK;
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
  }
}

/* zlib's own check of a stream's header, by windowBits: see expand(). */
static heddle_status check_window(expander *self, const uint8_t *data, size_t length) {
  int window = self->window;
  const uint8_t *head = self->head;
  for (size_t i = 0; i < length && window != 0 && self->head_length < sizeof(self->head); i++)
    self->head[self->head_length++] = data[i];
  if (window == 0 || self->head_length < sizeof(self->head))
    return HEDDLE_OK;
  self->window = 0;
  if ((head[0] & 15) != Z_DEFLATED || (head[0] * 256 + head[1]) % 31 != 0 ||
      (head[0] >> 4) + 8 <= window)
    return HEDDLE_OK;
  return heddle_error_as(self->call, HEDDLE_PLAIN_ERROR, "Z_DATA_ERROR", Z_DATA_ERROR,
                         "invalid window size");
}

/* Expands a piece of input, which may hold the ends of several members. As in
 * Node, a zero byte after a member is padding and ends it all, anything else
 * is taken for the next member. */
static heddle_status expand_piece(expander *self, const uint8_t *data, size_t length) {
  self->stream.next_in = (Bytef *)data;
  self->stream.avail_in = (uInt)length;
  while (self->stream.avail_in != 0 && !self->over) {
    if (self->ended) {
      self->over = !self->members || self->stream.next_in[0] == 0;
      if (self->over)
        break;
      int code = self->zlib->inflate_reset(&self->stream);
      if (code != Z_OK)
        return hd_zlib_failed(self->call, &self->stream, code, "Zlib error");
    }
    heddle_status status = step(self);
    if (status != HEDDLE_OK)
      return status;
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
  }
  return HEDDLE_OK;
}

static heddle_status expand_block(expander *self, const uint8_t *data, size_t length) {
  if (check_window(self, data, length) != HEDDLE_OK)
    return HEDDLE_FAILED;
  while (length != 0 && !self->over) {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    hd_zpace_start(&self->pace, self->call);
    size_t size = length < self->pace.step ? length : self->pace.step;
    heddle_status status = expand_piece(self, data, size);
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
static heddle_status expand_blocks(expander *self) {
  while (!self->over) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(self->call, DATA, &data, &length);
    if (status == HEDDLE_OK && length != 0)
      status = expand_block(self, data, length);
    if (status != HEDDLE_OK || length == 0)
      return status;
  }
  return HEDDLE_OK;
}

static heddle_status finish(expander *self) {
  if (!self->ended)
    return hd_zlib_failed(self->call, &self->stream, Z_BUF_ERROR, "unexpected end of file");
  return HEDDLE_OK;
}

/* `window_bits` as inflateInit2() takes it: 16 more is gzip, negative is raw. It
 * is the largest window, whatever windowBits says: data may refer back to all
 * that zlib has put out in one step, and Node's steps are longer than these.
 * `window` is the largest that a zlib header may ask for, 0 for any. */
static heddle_status begin(expander *self, heddle_call *call, const char *task, int window_bits,
                           int members, int window) {
  memset(self, 0, sizeof(*self));
  self->call = call;
  self->members = members;
  self->window = window;
  self->zlib = hd_symbols_zlib(call, task);
  if (self->zlib == NULL)
    return HEDDLE_FAILED;
  int code =
      self->zlib->inflate_init(&self->stream, window_bits, ZLIB_VERSION, (int)sizeof(z_stream));
  return code == Z_OK ? HEDDLE_OK : hd_zlib_failed(call, &self->stream, code, "Init error");
}

static heddle_status open_output(expander *self) {
  const heddle_value *data = heddle_arg(self->call, DATA);
  uint64_t length = data->type == HEDDLE_FILE ? 65536 : data->length;
  return hd_zoutput_open(&self->output, self->call, MAX_OUTPUT, length * 4, self->written);
}

static heddle_status expand_all(heddle_call *call, const char *task, int window_bits, int members,
                                int window) {
  expander self;
  heddle_status status = begin(&self, call, task, window_bits, members, window);
  if (status != HEDDLE_OK)
    return status;
  self.total = hd_task_total(call, DATA);
  status = open_output(&self);
  if (status == HEDDLE_OK)
    status = expand_blocks(&self);
  if (status == HEDDLE_OK)
    status = finish(&self);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self.output);
  /* Fails for a stream that is none only. */
  (void)self.zlib->inflate_end(&self.stream);
  return status;
}

static void release(void *state) {
  expander *self = state;
  (void)self->zlib->inflate_end(&self->stream);
  free(self);
}

/* All of the data, or a chunk of it where the call has a slot. */
static heddle_status expand(heddle_call *call, const char *task, int window_bits, int members,
                            int window) {
  if (call->argc <= SLOT)
    return expand_all(call, task, window_bits, members, window);
  hd_slot *slot = hd_slot_of(call, SLOT);
  if (slot == NULL)
    return HEDDLE_FAILED;
  expander *self = slot->state;
  heddle_status status;
  if (self == NULL) {
    if ((self = malloc(sizeof(*self))) == NULL)
      return hd_task_no_memory(call);
    status = begin(self, call, task, window_bits, members, window);
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
    status = expand_blocks(self);
  if (status == HEDDLE_OK && hd_slot_is_last(call, LAST))
    status = finish(self);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self->output);
  self->written += self->output.length;
  return status;
}

/* windowBits 0: as the header of the data says. */

heddle_status hd_task_gunzip(heddle_call *call) {
  int bits = heddle_arg(call, WINDOW_BITS)->as.i32;
  if (bits != 0 && bits < 8)
    return hd_zlib_window_error(call, 8, bits);
  return expand(call, "gunzip", MAX_WBITS + 16, 1, 0);
}

heddle_status hd_task_inflate(heddle_call *call) {
  int bits = heddle_arg(call, WINDOW_BITS)->as.i32;
  if (bits != 0 && bits < 8)
    return hd_zlib_window_error(call, 8, bits);
  return expand(call, "inflate", MAX_WBITS, 0, bits);
}

heddle_status hd_task_inflate_raw(heddle_call *call) {
  int bits = heddle_arg(call, WINDOW_BITS)->as.i32;
  if (bits < 8)
    return hd_zlib_window_error(call, 8, bits);
  return expand(call, "inflateRaw", -MAX_WBITS, 0, 0);
}
