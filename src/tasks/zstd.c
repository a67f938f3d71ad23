/* zstdCompress, zstdDecompress: RFC 8878, by the zstd that Node's own zlib module
 * uses, with the same bytes as the result. On one thread: zstd's own are off. */
#include <stdlib.h>
#include <string.h>

#include "codecs.h"
#include "slot.h"
#include "tasks.h"

enum { DATA, PARAMS, MAX_OUTPUT, SLOT, LAST };
/* ROOM is Node's chunkSize: what zstd does at the end depends on it. PIECE is
 * zstd's largest block. */
enum { ROOM = 16384, PIECE = 131072 };
enum { WINDOW_LOG_MAX = 100, WORKERS = 400 }; /* of parameters */

/* As Node names them. */
static const struct {
  int code;
  const char *name;
} names[] = {
    {10, "ZSTD_error_prefix_unknown"},
    {12, "ZSTD_error_version_unsupported"},
    {14, "ZSTD_error_frameParameter_unsupported"},
    {16, "ZSTD_error_frameParameter_windowTooLarge"},
    {20, "ZSTD_error_corruption_detected"},
    {22, "ZSTD_error_checksum_wrong"},
    {24, "ZSTD_error_literals_headerWrong"},
    {30, "ZSTD_error_dictionary_corrupted"},
    {32, "ZSTD_error_dictionary_wrong"},
    {34, "ZSTD_error_dictionaryCreation_failed"},
    {40, "ZSTD_error_parameter_unsupported"},
    {41, "ZSTD_error_parameter_combination_unsupported"},
    {42, "ZSTD_error_parameter_outOfBound"},
    {44, "ZSTD_error_tableLog_tooLarge"},
    {46, "ZSTD_error_maxSymbolValue_tooLarge"},
    {48, "ZSTD_error_maxSymbolValue_tooSmall"},
    {50, "ZSTD_error_stabilityCondition_notRespected"},
    {60, "ZSTD_error_stage_wrong"},
    {62, "ZSTD_error_init_missing"},
    {66, "ZSTD_error_workSpace_tooSmall"},
    {70, "ZSTD_error_dstSize_tooSmall"},
    {72, "ZSTD_error_srcSize_wrong"},
    {74, "ZSTD_error_dstBuffer_null"},
    {80, "ZSTD_error_noForwardProgress_destFull"},
    {82, "ZSTD_error_noForwardProgress_inputEmpty"},
};
enum { NO_MEMORY = 64 };

static heddle_status failed(heddle_call *call, const hd_zstd *zstd, size_t result) {
  int code = zstd->error_code(result);
  if (code == NO_MEMORY)
    return hd_task_no_memory(call);
  const char *name = "ZSTD_error_GENERIC";
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (names[i].code == code)
      name = names[i].name;
  return heddle_error_as(call, HEDDLE_PLAIN_ERROR, name, code, "%s", zstd->error_words(result));
}

/* ---- Compressing --------------------------------------------------------- */

typedef struct packer {
  heddle_call *call;
  const hd_zstd *zstd;
  hd_zstd_packer *state;
  hd_zoutput output;
  size_t room;      /* left of the last ROOM bytes that were begun */
  uint64_t written; /* by earlier chunks */
} packer;

/* Beyond are those that change without notice, and how memory is used. Threads of
 * zstd's own are refused. */
static int is_stable(int32_t parameter, int32_t value) {
  return parameter >= 100 && parameter < 500 && (parameter != WORKERS || value == 0);
}

static heddle_status set_up(packer *self) {
  size_t count;
  const int32_t *pairs = hd_codecs_params(self->call, PARAMS, &count);
  for (size_t i = 0; i < count; i++)
    if (!is_stable(pairs[2 * i], pairs[2 * i + 1]) ||
        self->zstd->is_error(self->zstd->packer_set(self->state, pairs[2 * i], pairs[2 * i + 1])))
      return hd_codecs_refused(self->call, "Setting parameter failed");
  return HEDDLE_OK;
}

/* The size is said as it is when all is given at once: it is given in pieces. */
static heddle_status say_size(packer *self, size_t length) {
  size_t result = self->zstd->packer_size(self->state, length);
  return self->zstd->is_error(result) ? failed(self->call, self->zstd, result) : HEDDLE_OK;
}

/* Compresses a piece. It has been taken when there is room left; the end is
 * written when zstd has nothing left. */
static heddle_status pack_piece(packer *self, const uint8_t *data, size_t length, int operation) {
  hd_zstd_in in = {data, length, 0};
  for (;;) {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    if (self->room == 0)
      self->room = ROOM;
    heddle_status status = hd_zoutput_grow(&self->output, self->room);
    if (status != HEDDLE_OK)
      return status;
    hd_zstd_out out = {self->output.data + self->output.length, self->room, 0};
    size_t result = self->zstd->packer_step(self->state, &out, &in, operation);
    if (self->zstd->is_error(result))
      return failed(self->call, self->zstd, result);
    self->room -= out.at;
    status = hd_zoutput_add(&self->output, out.at);
    if (status != HEDDLE_OK)
      return status;
    if (operation == HD_ZSTD_END ? result == 0 : in.at == in.size && self->room != 0)
      return HEDDLE_OK;
  }
}

static heddle_status pack(packer *self, const uint8_t *data, size_t length, bool ends) {
  size_t total = length;
  for (;;) {
    size_t size = length < PIECE ? length : PIECE;
    bool last = size == length;
    heddle_status status =
        pack_piece(self, data, size, last && ends ? HD_ZSTD_END : HD_ZSTD_CONTINUE);
    if (status != HEDDLE_OK || last)
      return status;
    data += size;
    length -= size;
    hd_task_progress(self->call, total - length, total);
  }
}

static void packer_release(void *state) {
  packer *self = state;
  (void)self->zstd->packer_free(self->state); /* fails for static memory only */
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
    const hd_zstd *zstd = hd_codecs_zstd(call, "zstdCompress");
    if (zstd == NULL)
      return HEDDLE_FAILED;
    if ((self = calloc(1, sizeof(*self))) == NULL)
      return hd_task_no_memory(call);
    self->call = call;
    self->zstd = zstd;
    if ((self->state = zstd->packer_new()) == NULL) {
      free(self);
      return hd_task_no_memory(call);
    }
    slot->state = self;
    slot->release = packer_release;
    status = set_up(self);
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

heddle_status hd_task_zstd_compress(heddle_call *call) {
  if (call->argc > SLOT)
    return pack_chunk(call);
  packer self;
  memset(&self, 0, sizeof(self));
  self.call = call;
  self.zstd = hd_codecs_zstd(call, "zstdCompress");
  if (self.zstd == NULL)
    return HEDDLE_FAILED;
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, DATA, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  self.state = self.zstd->packer_new();
  if (self.state == NULL)
    return hd_task_no_memory(call);
  status = set_up(&self);
  if (status == HEDDLE_OK)
    status = say_size(&self, length);
  if (status == HEDDLE_OK)
    status = hd_zoutput_open(&self.output, call, MAX_OUTPUT, length / 2 + 64, 0);
  if (status == HEDDLE_OK)
    status = pack(&self, data, length, true);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self.output);
  (void)self.zstd->packer_free(self.state); /* fails for static memory only */
  return status;
}

/* ---- Expanding ----------------------------------------------------------- */

typedef struct expander {
  heddle_call *call;
  const hd_zstd *zstd;
  hd_zstd_expander *state;
  hd_zoutput output;
  hd_zpace pace;
  uint64_t done;
  uint64_t total;
  uint8_t magic[4]; /* of what follows a frame, as far as it has been read */
  size_t read;
  int ended;        /* a frame, and no other has begun */
  int over;         /* what follows is none */
  uint64_t written; /* by earlier chunks */
} expander;

static heddle_status set_up_expander(expander *self) {
  size_t count;
  const int32_t *pairs = hd_codecs_params(self->call, PARAMS, &count);
  for (size_t i = 0; i < count; i++)
    if (pairs[2 * i] != WINDOW_LOG_MAX ||
        self->zstd->is_error(self->zstd->expander_set(self->state, pairs[2 * i], pairs[2 * i + 1])))
      return hd_codecs_refused(self->call, "Setting parameter failed");
  return HEDDLE_OK;
}

static heddle_status expand_piece(expander *self, const uint8_t *data, size_t length) {
  hd_zstd_in in = {data, length, 0};
  for (;;) {
    if (heddle_cancelled(self->call))
      return HEDDLE_CANCELLED;
    heddle_status status = hd_zoutput_grow(&self->output, 1);
    if (status != HEDDLE_OK)
      return status;
    size_t room = self->output.capacity - self->output.length;
    hd_zstd_out out = {self->output.data + self->output.length, room < 65536 ? room : 65536, 0};
    size_t result = self->zstd->expander_step(self->state, &out, &in);
    if (self->zstd->is_error(result))
      return failed(self->call, self->zstd, result);
    status = hd_zoutput_add(&self->output, out.at);
    if (status != HEDDLE_OK)
      return status;
    self->ended = result == 0;
    if (self->ended || (in.at == in.size && out.at < out.size)) {
      self->done += in.at;
      return HEDDLE_OK;
    }
  }
}

/* A frame, or one that is to be skipped (RFC 8878, 3.1). */
static int begins_frame(const uint8_t *magic) {
  if (magic[0] == 0x28)
    return magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd;
  return (magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18;
}

/* What follows a frame: the next one, or what is not read. Returns how much of it
 * was taken. */
static size_t take_magic(expander *self, const uint8_t *data, size_t length) {
  size_t taken = 0;
  while (taken < length && self->read < sizeof(self->magic))
    self->magic[self->read++] = data[taken++];
  return taken;
}

static heddle_status expand_block(expander *self, const uint8_t *data, size_t length) {
  while (length != 0 && !self->over) {
    heddle_status status = HEDDLE_OK;
    uint64_t before = self->done;
    size_t size;
    if (self->ended) {
      size = take_magic(self, data, length);
      if (self->read == sizeof(self->magic)) {
        self->read = 0;
        self->over = !begins_frame(self->magic);
        if (!self->over)
          status = expand_piece(self, self->magic, sizeof(self->magic));
      }
      self->done = before + size;
    } else {
      hd_zpace_start(&self->pace, self->call);
      size = length < self->pace.step ? length : self->pace.step;
      status = expand_piece(self, data, size);
      hd_zpace_stop(&self->pace, self->call);
      size = (size_t)(self->done - before); /* less where a frame has ended */
    }
    if (status != HEDDLE_OK)
      return status;
    data += size;
    length -= size;
    hd_task_progress(self->call, self->done, self->total);
  }
  return HEDDLE_OK;
}

/* All that there is of the data. */
static heddle_status expand(expander *self, bool ends) {
  while (!self->over) {
    const void *data;
    size_t length;
    heddle_status status = heddle_read(self->call, DATA, &data, &length);
    if (status == HEDDLE_OK && length == 0)
      return self->ended || !ends ? HEDDLE_OK : hd_zlib_cut(self->call);
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
  (void)self->zstd->expander_free(self->state);
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
    const hd_zstd *zstd = hd_codecs_zstd(call, "zstdDecompress");
    if (zstd == NULL)
      return HEDDLE_FAILED;
    if ((self = calloc(1, sizeof(*self))) == NULL)
      return hd_task_no_memory(call);
    self->call = call;
    self->zstd = zstd;
    if ((self->state = zstd->expander_new()) == NULL) {
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

heddle_status hd_task_zstd_decompress(heddle_call *call) {
  if (call->argc > SLOT)
    return expand_chunk(call);
  expander self;
  memset(&self, 0, sizeof(self));
  self.call = call;
  self.zstd = hd_codecs_zstd(call, "zstdDecompress");
  if (self.zstd == NULL)
    return HEDDLE_FAILED;
  self.total = hd_task_total(call, DATA);
  self.state = self.zstd->expander_new();
  if (self.state == NULL)
    return hd_task_no_memory(call);
  heddle_status status = set_up_expander(&self);
  if (status == HEDDLE_OK)
    status = open_output(&self);
  if (status == HEDDLE_OK)
    status = expand(&self, true);
  if (status == HEDDLE_OK)
    status = hd_zoutput_close(&self.output);
  (void)self.zstd->expander_free(self.state);
  return status;
}
