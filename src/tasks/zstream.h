/* What the compressors and expanders share: the output that grows, steps that
 * are short, and Node's errors. */
#ifndef HD_ZSTREAM_H
#define HD_ZSTREAM_H

#include "symbols.h"

/* The result of the call while it grows. Zeroed at first. */
typedef struct hd_zoutput {
  heddle_call *call;
  uint8_t *data; /* the call's result; moves when it grows */
  size_t length;
  size_t capacity; /* `limit` + 1 is enough: one byte too many shows */
  size_t limit;    /* maxOutputLength */
  double wanted;   /* the same, as it was given */
} hd_zoutput;

/* Makes the output, with room for about `guess` bytes. `before`: bytes of earlier chunks,
 * which count against the limit. */
heddle_status hd_zoutput_open(hd_zoutput *output, heddle_call *call, uint32_t limit_index,
                              uint64_t guess, uint64_t before);

/* Makes room for at least `least` more bytes at data + length. */
heddle_status hd_zoutput_grow(hd_zoutput *output, size_t least);

/* Counts what has been written there; the error when over the limit. */
heddle_status hd_zoutput_add(hd_zoutput *output, size_t length);

/* Points the stream at free room, from `least` to `most` bytes, growing the
 * output when there is less. */
heddle_status hd_zoutput_room(hd_zoutput *output, z_stream *stream, size_t least, size_t most);

/* Counts what the stream has written since; the error when over the limit. */
heddle_status hd_zoutput_wrote(hd_zoutput *output, const z_stream *stream);

/* Cuts the result to its length. */
heddle_status hd_zoutput_close(hd_zoutput *output);

/* How much input to give at once: adapts so that a step takes well under a
 * millisecond whatever the data and the level. */
typedef struct hd_zpace {
  size_t step;
  uint64_t started;
} hd_zpace;

void hd_zpace_start(hd_zpace *pace, const heddle_call *call);
void hd_zpace_stop(hd_zpace *pace, const heddle_call *call);

/* The error for a result of zlib as Node's zlib module makes it. `text` is
 * used when the stream has no message. */
heddle_status hd_zlib_failed(heddle_call *call, const z_stream *stream, int code, const char *text);

/* Node's error for data that ends too early. */
heddle_status hd_zlib_cut(heddle_call *call);

/* Node's error for windowBits under `least`. */
heddle_status hd_zlib_window_error(heddle_call *call, int least, int bits);

#endif
