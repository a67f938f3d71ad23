#include "codecs.h"

#include <stddef.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define ROW(member, name)                                                                          \
  { name, offsetof(hd_brotli, member) }
static const hd_symbol brotli_symbols[] = {
    ROW(encoder_new, "BrotliEncoderCreateInstance"),
    ROW(encoder_free, "BrotliEncoderDestroyInstance"),
    ROW(encoder_set, "BrotliEncoderSetParameter"),
    ROW(encoder_step, "BrotliEncoderCompressStream"),
    ROW(encoder_more, "BrotliEncoderHasMoreOutput"),
    ROW(encoder_finished, "BrotliEncoderIsFinished"),
    ROW(decoder_new, "BrotliDecoderCreateInstance"),
    ROW(decoder_free, "BrotliDecoderDestroyInstance"),
    ROW(decoder_set, "BrotliDecoderSetParameter"),
    ROW(decoder_step, "BrotliDecoderDecompressStream"),
    ROW(decoder_error, "BrotliDecoderGetErrorCode"),
    ROW(decoder_words, "BrotliDecoderErrorString"),
};
#undef ROW

#define ROW(member, name)                                                                          \
  { name, offsetof(hd_zstd, member) }
static const hd_symbol zstd_symbols[] = {
    ROW(packer_new, "ZSTD_createCCtx"),          ROW(packer_free, "ZSTD_freeCCtx"),
    ROW(packer_set, "ZSTD_CCtx_setParameter"),   ROW(packer_size, "ZSTD_CCtx_setPledgedSrcSize"),
    ROW(packer_step, "ZSTD_compressStream2"),    ROW(expander_new, "ZSTD_createDCtx"),
    ROW(expander_free, "ZSTD_freeDCtx"),         ROW(expander_set, "ZSTD_DCtx_setParameter"),
    ROW(expander_step, "ZSTD_decompressStream"), ROW(is_error, "ZSTD_isError"),
    ROW(error_code, "ZSTD_getErrorCode"),        ROW(error_words, "ZSTD_getErrorName"),
};
#undef ROW

static hd_library brotli = {"Brotli", brotli_symbols, COUNT(brotli_symbols), sizeof(hd_brotli),
                            NULL};
static hd_library zstd = {"zstd", zstd_symbols, COUNT(zstd_symbols), sizeof(hd_zstd), NULL};

const hd_brotli *hd_codecs_brotli(heddle_call *call, const char *task) {
  return hd_library_table(call, &brotli, task);
}

const hd_zstd *hd_codecs_zstd(heddle_call *call, const char *task) {
  return hd_library_table(call, &zstd, task);
}

bool hd_codecs_brotli_there(void) {
  return hd_library_there(&brotli);
}

bool hd_codecs_zstd_there(void) {
  return hd_library_there(&zstd);
}

heddle_status hd_codecs_refused(heddle_call *call, const char *text) {
  return heddle_error_as(call, HEDDLE_PLAIN_ERROR, "ERR_ZLIB_INITIALIZATION_FAILED", 0, "%s", text);
}

const void *hd_codecs_params(const heddle_call *call, uint32_t index, size_t *count) {
  const heddle_value *params = heddle_arg(call, index);
  *count = params->type == HEDDLE_ARRAY ? params->length / 2 : 0;
  return params->as.data;
}
