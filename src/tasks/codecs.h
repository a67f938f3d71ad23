/* The functions of Brotli and zstd that the runtime brings. Neither has headers
 * among Node's: what is here is the part of their stable interfaces that is
 * used, enums as int. Any thread. */
#ifndef HD_CODECS_H
#define HD_CODECS_H

#include "zstream.h"

/* <brotli/encode.h>, <brotli/decode.h> */
enum {
  HD_BROTLI_PROCESS = 0,
  HD_BROTLI_FINISH = 2,
  HD_BROTLI_QUALITY = 1,
  HD_BROTLI_LGWIN = 2,
  HD_BROTLI_SIZE_HINT = 5,
  HD_BROTLI_ERROR = 0,
  HD_BROTLI_SUCCESS = 1,
  HD_BROTLI_MORE_INPUT = 2
};

typedef struct hd_brotli_encoder hd_brotli_encoder;
typedef struct hd_brotli_decoder hd_brotli_decoder;

/* Members are named as the functions, less Brotli. */
typedef struct hd_brotli {
  hd_brotli_encoder *(*encoder_new)(void *allocate, void *release, void *opaque);
  void (*encoder_free)(hd_brotli_encoder *state);
  int (*encoder_set)(hd_brotli_encoder *state, int parameter, uint32_t value);
  int (*encoder_step)(hd_brotli_encoder *state, int operation, size_t *available_in,
                      const uint8_t **next_in, size_t *available_out, uint8_t **next_out,
                      size_t *total);
  int (*encoder_more)(hd_brotli_encoder *state);
  int (*encoder_finished)(hd_brotli_encoder *state);
  hd_brotli_decoder *(*decoder_new)(void *allocate, void *release, void *opaque);
  void (*decoder_free)(hd_brotli_decoder *state);
  int (*decoder_set)(hd_brotli_decoder *state, int parameter, uint32_t value);
  int (*decoder_step)(hd_brotli_decoder *state, size_t *available_in, const uint8_t **next_in,
                      size_t *available_out, uint8_t **next_out, size_t *total);
  int (*decoder_error)(const hd_brotli_decoder *state);
  const char *(*decoder_words)(int error);
} hd_brotli;

/* <zstd.h> */
enum { HD_ZSTD_CONTINUE = 0, HD_ZSTD_END = 2 };

typedef struct hd_zstd_packer hd_zstd_packer;     /* ZSTD_CCtx */
typedef struct hd_zstd_expander hd_zstd_expander; /* ZSTD_DCtx */

typedef struct hd_zstd_in {
  const void *data;
  size_t size;
  size_t at;
} hd_zstd_in;

typedef struct hd_zstd_out {
  void *data;
  size_t size;
  size_t at;
} hd_zstd_out;

/* Members are named as the functions, less ZSTD_. */
typedef struct hd_zstd {
  hd_zstd_packer *(*packer_new)(void);
  size_t (*packer_free)(hd_zstd_packer *state);
  size_t (*packer_set)(hd_zstd_packer *state, int parameter, int value);
  size_t (*packer_size)(hd_zstd_packer *state, unsigned long long size);
  size_t (*packer_step)(hd_zstd_packer *state, hd_zstd_out *out, hd_zstd_in *in, int operation);
  hd_zstd_expander *(*expander_new)(void);
  size_t (*expander_free)(hd_zstd_expander *state);
  size_t (*expander_set)(hd_zstd_expander *state, int parameter, int value);
  size_t (*expander_step)(hd_zstd_expander *state, hd_zstd_out *out, hd_zstd_in *in);
  unsigned (*is_error)(size_t code);
  int (*error_code)(size_t code);
  const char *(*error_words)(size_t code);
} hd_zstd;

/* NULL with the error set when the runtime has no such library. */
const hd_brotli *hd_codecs_brotli(heddle_call *call, const char *task);
const hd_zstd *hd_codecs_zstd(heddle_call *call, const char *task);

bool hd_codecs_brotli_there(void);
bool hd_codecs_zstd_there(void);

/* Node's error for a state that takes none of its settings. */
heddle_status hd_codecs_refused(heddle_call *call, const char *text);

/* The pairs of a parameter and its value that the array argument `index` has:
 * `*count` of them. */
const void *hd_codecs_params(const heddle_call *call, uint32_t index, size_t *count);

#endif
