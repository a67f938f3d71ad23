#include "zstream.h"

#include <string.h>

#include "tasks.h"

enum { FIRST_LEAST = 64, FIRST_MOST = 1 << 20 };

heddle_status hd_zoutput_open(hd_zoutput *output, heddle_call *call, uint32_t limit_index,
                              uint64_t guess, uint64_t before) {
  memset(output, 0, sizeof(*output));
  output->call = call;
  output->wanted = heddle_arg(call, limit_index)->as.f64;
  /* Half of SIZE_MAX, so that growing cannot overflow. */
  output->limit = output->wanted >= (double)(SIZE_MAX / 2) ? SIZE_MAX / 2 : (size_t)output->wanted;
  output->limit -= before < output->limit ? (size_t)before : output->limit;
  if (guess > FIRST_MOST)
    guess = FIRST_MOST + (guess - FIRST_MOST) / 4;
  if (guess < FIRST_LEAST)
    guess = FIRST_LEAST;
  output->capacity = guess > output->limit ? output->limit + 1 : (size_t)guess;
  output->data = heddle_result_bytes(call, output->capacity);
  return output->data == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}

heddle_status hd_zoutput_grow(hd_zoutput *output, size_t least) {
  if (output->capacity - output->length >= least)
    return HEDDLE_OK;
  size_t half = output->capacity / 2;
  size_t grown = output->capacity + (half < 16384 ? 16384 : half);
  if (grown > output->limit)
    grown = output->limit + 1;
  if (grown - output->length < least)
    grown = output->length + least;
  uint8_t *data = heddle_result_resize(output->call, grown);
  if (data == NULL)
    return HEDDLE_FAILED;
  output->data = data;
  output->capacity = grown;
  return HEDDLE_OK;
}

heddle_status hd_zoutput_add(hd_zoutput *output, size_t length) {
  output->length += length;
  if (output->length <= output->limit)
    return HEDDLE_OK;
  return heddle_error_as(output->call, HEDDLE_RANGE_ERROR, "ERR_BUFFER_TOO_LARGE", 0,
                         "Cannot create a Buffer larger than %.16g bytes", output->wanted);
}

heddle_status hd_zoutput_room(hd_zoutput *output, z_stream *stream, size_t least, size_t most) {
  heddle_status status = hd_zoutput_grow(output, least);
  if (status != HEDDLE_OK)
    return status;
  size_t room = output->capacity - output->length;
  stream->next_out = output->data + output->length;
  stream->avail_out = (uInt)(room < most ? room : most);
  return HEDDLE_OK;
}

heddle_status hd_zoutput_wrote(hd_zoutput *output, const z_stream *stream) {
  return hd_zoutput_add(output, (size_t)(stream->next_out - output->data) - output->length);
}

heddle_status hd_zoutput_close(hd_zoutput *output) {
  if (output->length == output->capacity)
    return HEDDLE_OK;
  return heddle_result_resize(output->call, output->length) == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}

enum { STEP_LEAST = 64, STEP_FIRST = 2048, STEP_MOST = 16384 };
enum { STEP_NS = 250000 }; /* what a step is meant to take at most */

void hd_zpace_start(hd_zpace *pace, const heddle_call *call) {
  if (pace->step == 0)
    pace->step = STEP_FIRST;
  pace->started = heddle_now(call);
}

void hd_zpace_stop(hd_zpace *pace, const heddle_call *call) {
  uint64_t took = heddle_now(call) - pace->started;
  if (took > STEP_NS)
    pace->step = (size_t)(pace->step * (uint64_t)STEP_NS / took);
  else if (took < STEP_NS / 3)
    pace->step *= 2;
  if (pace->step < STEP_LEAST)
    pace->step = STEP_LEAST;
  if (pace->step > STEP_MOST)
    pace->step = STEP_MOST;
}

heddle_status hd_zlib_failed(heddle_call *call, const z_stream *stream, int code,
                             const char *text) {
  static const struct {
    int code;
    const char *name;
  } names[] = {
      {Z_NEED_DICT, "Z_NEED_DICT"},         {Z_ERRNO, "Z_ERRNO"},
      {Z_STREAM_ERROR, "Z_STREAM_ERROR"},   {Z_DATA_ERROR, "Z_DATA_ERROR"},
      {Z_BUF_ERROR, "Z_BUF_ERROR"},         {Z_MEM_ERROR, "Z_MEM_ERROR"},
      {Z_VERSION_ERROR, "Z_VERSION_ERROR"},
  };
  if (code == Z_MEM_ERROR)
    return hd_task_no_memory(call);
  const char *name = "Z_STREAM_ERROR";
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if (names[i].code == code)
      name = names[i].name;
  }
  return heddle_error_as(call, HEDDLE_PLAIN_ERROR, name, code, "%s",
                         stream->msg != NULL ? stream->msg : text);
}

heddle_status hd_zlib_cut(heddle_call *call) {
  return heddle_error_as(call, HEDDLE_PLAIN_ERROR, "Z_BUF_ERROR", Z_BUF_ERROR, "%s",
                         "unexpected end of file");
}

heddle_status hd_zlib_window_error(heddle_call *call, int least, int bits) {
  return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_OUT_OF_RANGE", 0,
                         "The value of \"options.windowBits\" is out of range. It must be >= %d "
                         "and <= 15. Received %d",
                         least, bits);
}
