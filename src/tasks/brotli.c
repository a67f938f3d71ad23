/* brotliCompress, brotliDecompress: RFC 7932, by the Brotli that Node's own zlib
 * module uses, with the same bytes as the result. */
#include <stdlib.h>
#include <string.h>

#include "codecs.h"
#include "slot.h"
#include "tasks.h"

enum { DATA, PARAMS, MAX_OUTPUT, SLOT, LAST };
enum { DEFAULT_QUALITY = 11, DEFAULT_LGWIN = 22, LEAST_LGWIN = 10, MOST_LGWIN = 30 };
enum { ROOM = 65536, PIECE = 65536 };

typedef struct packer {
  heddle_call *call;
  const hd_brotli *brotli;
  hd_brotli_encoder *state;
  hd_zoutput output;
  size_t piece;     /* how much is given at once */
  uint64_t written; /* by earlier chunks */
} packer;

/* ---- Compressing --------------------------------------------------------- */

/* Sets what params say. What Brotli would find out about a length when it is given
 * all at once is said here: it is given in pieces. */
static heddle_status set_up(packer *self, size_t length) {
  size_t count;
  const uint32_t *pairs = hd_codecs_params(self->call, PARAMS, &count);
  uint32_t quality = DEFAULT_QUALITY;
  uint32_t window = DEFAULT_LGWIN;
  uint32_t hint = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t name = pairs[2 * i];
    uint32_t value = pairs[2 * i + 1];
    if (!self->brotli->encoder_set(self->state, (int)name, value))
      return hd_codecs_refused(self->call, "Initialization failed");
    if (name == HD_BROTLI_QUALITY)
      quality = value;
    if (name == HD_BROTLI_LGWIN)
      window = value;
    if (name == HD_BROTLI_SIZE_HINT)
      hint = value;
  }
  if (hint == 0)
    (void)self->brotli->encoder_set(self->state, HD_BROTLI_SIZE_HINT,
                                    length > (1 << 30) ? 1 << 30 : (uint32_t)length);
  /* The two quick ones make a block of what they are given, as large as the window. */
  window = window < LEAST_LGWIN ? LEAST_LGWIN : window > MOST_LGWIN ? MOST_LGWIN : window;
  self->piece = quality < 2 ? (size_t)1 << window : PIECE;
  return HEDDLE_OK;
}

static heddle_status pack_piece(packer *self, const uint8_t *data, size_t length, int operation) {
  do {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    heddle_status status = hd_zoutput_grow(&self->output, 1);
    if (status != HEDDLE_OK)
      return status;
    size_t room = self->output.capacity - self->output.length;
    size_t left = room;
    uint8_t *next = self->output.data + self->output.length;
    if (!self->brotli->encoder_step(self->state, operation, &length, &data, &left, &next, NULL))
      return heddle_error_as(self->call, HEDDLE_PLAIN_ERROR, "ERR_BROTLI_COMPRESSION_FAILED", -1,
                             "Compression failed");
    status = hd_zoutput_add(&self->output, room - left);
    if (status != HEDDLE_OK)
      return status;
  } while (length != 0 || self->brotli->encoder_more(self->state) ||
           (operation == HD_BROTLI_FINISH && !self->brotli->encoder_finished(self->state)));
  return HEDDLE_OK;
}

static heddle_status pack(packer *self, const uint8_t *data, size_t length, bool ends) {
  size_t total = length;
  for (;;) {
    size_t size = length < self->piece ? length : self->piece;
    bool last = size == length;
    heddle_status status =
        pack_piece(self, data, size, last && ends ? HD_BROTLI_FINISH : HD_BROTLI_PROCESS);
    if (status != HEDDLE_OK || last)
      return status;
    data += size;
    length -= size;
    hd_task_progress(self->call, total - length, total);
  }
}

static void packer_release(void *state) {
  packer *self = state;
  self->brotli->encoder_free(self->state);
  free(self);
}

/* One chunk of the data. How much there will be is not known. */
static heddle_status pack_chunk(heddle_call *call) {
  hd_slot *slot = hd_slot_of(call, SLOT);
  if (slot == NULL)
    return HEDDLE_FAILED;
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, DATA, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  packer *self = slot->state;
  if (self == NULL) {
    const hd_brotli *brotli = hd_codecs_brotli(call, "brotliCompress");
    if (brotli == NULL)
      return HEDDLE_FAILED;
    if ((self = calloc(1, sizeof(*self))) == NULL)
      return hd_task_no_memory(call);
    self->call = call;
    self->brotli = brotli;
    if ((self->state = brotli->encoder_new(NULL, NULL, NULL)) == NULL) {
      free(self);
      return hd_task_no_memory(call);
    }
    slot->state = self;
    slot->release = packer_release;
    status = set_up(self, 0);
  }
  self->call = call;
  if (status == HEDDLE_OK)
    status = hd_zoutput_open(&self->output, call, MAX_OUTPUT, length / 2 + 64, self->written);
  if (status == HEDDLE_OK)
    status = pack(self, data, length, hd_slot_is_last(call, LAST));
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self->output);
  self->written += self->output.length;
  return status;
}

heddle_status hd_task_brotli_compress(heddle_call *call) {
  if (call->argc > SLOT)
    return pack_chunk(call);
  packer self;
  memset(&self, 0, sizeof(self));
  self.call = call;
  self.brotli = hd_codecs_brotli(call, "brotliCompress");
  if (self.brotli == NULL)
    return HEDDLE_FAILED;
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, DATA, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  self.state = self.brotli->encoder_new(NULL, NULL, NULL);
  if (self.state == NULL)
    return hd_task_no_memory(call);
  status = set_up(&self, length);
  if (status == HEDDLE_OK)
    status = hd_zoutput_open(&self.output, call, MAX_OUTPUT, length / 2 + 64, 0);
  if (status == HEDDLE_OK)
    status = pack(&self, data, length, true);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self.output);
  self.brotli->encoder_free(self.state);
  return status;
}

/* ---- Expanding ----------------------------------------------------------- */

typedef struct expander {
  heddle_call *call;
  const hd_brotli *brotli;
  hd_brotli_decoder *state;
  hd_zoutput output;
  hd_zpace pace;
  uint64_t done;
  uint64_t total;
  int ended;        /* what follows is not read, as in Node */
  uint64_t written; /* by earlier chunks */
} expander;

static heddle_status set_up_expander(expander *self) {
  size_t count;
  const uint32_t *pairs = hd_codecs_params(self->call, PARAMS, &count);
  for (size_t i = 0; i < count; i++)
    if (!self->brotli->decoder_set(self->state, (int)pairs[2 * i], pairs[2 * i + 1]))
      return hd_codecs_refused(self->call, "Initialization failed");
  return HEDDLE_OK;
}

static heddle_status broken(expander *self) {
  int error = self->brotli->decoder_error(self->state);
  const char *words = self->brotli->decoder_words(error);
  if (words != NULL && strstr(words, "ALLOC") != NULL)
    return hd_task_no_memory(self->call);
  char code[96] = "ERR_";
  strncat(code, words == NULL ? "" : words, sizeof(code) - 8);
  return heddle_error_as(self->call, HEDDLE_PLAIN_ERROR, code, error, "Decompression failed");
}

/* Expands a piece of input, 64 KiB of output at a time. */
static heddle_status expand_piece(expander *self, const uint8_t *data, size_t length) {
  for (;;) {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    heddle_status status = hd_zoutput_grow(&self->output, 1);
    if (status != HEDDLE_OK)
      return status;
    size_t room = self->output.capacity - self->output.length;
    room = room < ROOM ? room : ROOM;
    size_t left = room;
    uint8_t *next = self->output.data + self->output.length;
    int result = self->brotli->decoder_step(self->state, &length, &data, &left, &next, NULL);
    status = hd_zoutput_add(&self->output, room - left);
    if (status != HEDDLE_OK)
      return status;
    if (result == HD_BROTLI_ERROR)
      return broken(self);
    self->ended = result == HD_BROTLI_SUCCESS;
    if (self->ended || result == HD_BROTLI_MORE_INPUT)
      return HEDDLE_OK;
  }
}

static heddle_status expand_block(expander *self, const uint8_t *data, size_t length) {
  while (length != 0 && !self->ended) {
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
static heddle_status expand(expander *self, bool ends) {
  while (!self->ended) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(self->call, DATA, &data, &length);
    if (status == HEDDLE_OK && length == 0)
      return ends ? hd_zlib_cut(self->call) : HEDDLE_OK;
    if (status == HEDDLE_OK)
      status = expand_block(self, data, length);
    if (status != HEDDLE_OK)
      return status;
  }
  return HEDDLE_OK;
}

static heddle_status open_output(expander *self) {
  const heddle_value *data = heddle_arg(self->call, DATA);
  uint64_t length = data->type == HEDDLE_FILE ? 65536 : data->length;
  return hd_zoutput_open(&self->output, self->call, MAX_OUTPUT, length * 4, self->written);
}

static void expander_release(void *state) {
  expander *self = state;
  self->brotli->decoder_free(self->state);
  free(self);
}

/* One chunk of the data. */
static heddle_status expand_chunk(heddle_call *call) {
  hd_slot *slot = hd_slot_of(call, SLOT);
  if (slot == NULL)
    return HEDDLE_FAILED;
  expander *self = slot->state;
  heddle_status status = HEDDLE_OK;
  if (self == NULL) {
    const hd_brotli *brotli = hd_codecs_brotli(call, "brotliDecompress");
    if (brotli == NULL)
      return HEDDLE_FAILED;
    if ((self = calloc(1, sizeof(*self))) == NULL)
      return hd_task_no_memory(call);
    self->call = call;
    self->brotli = brotli;
    if ((self->state = brotli->decoder_new(NULL, NULL, NULL)) == NULL) {
      free(self);
      return hd_task_no_memory(call);
    }
    slot->state = self;
    slot->release = expander_release;
    status = set_up_expander(self);
  }
  self->call = call;
  if (status == HEDDLE_OK)
    status = open_output(self);
  if (status == HEDDLE_OK)
    status = expand(self, hd_slot_is_last(call, LAST));
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self->output);
  self->written += self->output.length;
  return status;
}

heddle_status hd_task_brotli_decompress(heddle_call *call) {
  if (call->argc > SLOT)
    return expand_chunk(call);
  expander self;
  memset(&self, 0, sizeof(self));
  self.call = call;
  self.brotli = hd_codecs_brotli(call, "brotliDecompress");
  if (self.brotli == NULL)
    return HEDDLE_FAILED;
  self.total = hd_task_total(call, DATA);
  self.state = self.brotli->decoder_new(NULL, NULL, NULL);
  if (self.state == NULL)
    return hd_task_no_memory(call);
  heddle_status status = set_up_expander(&self);
  if (status == HEDDLE_OK)
    status = open_output(&self);
  if (status == HEDDLE_OK)
    status = expand(&self, true);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self.output);
  self.brotli->decoder_free(self.state);
  return status;
}
