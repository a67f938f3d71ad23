#include "host.h"

#include "call.h"
#include "input.h"
#include "loop.h"
#include "output.h"
#include "result.h"

const heddle_host hd_host = {.abi = HEDDLE_ABI,
                             .size = sizeof(heddle_host),
                             .cancelled = hd_call_cancelled,
                             .progress = hd_call_progress,
                             .error = hd_call_error,
                             .system_error = hd_call_system_error,
                             .scratch = hd_call_scratch,
                             .read = hd_input_read,
                             .read_all = hd_input_read_all,
                             .create = hd_output_create,
                             .write = hd_output_write,
                             .close = hd_output_close,
                             .now = hd_call_now,
                             .wait = hd_call_wait,
                             .field = hd_result_field,
                             .result = hd_result_set,
                             .result_bytes = hd_result_bytes,
                             .result_resize = hd_result_resize,
                             .result_array = hd_result_array,
                             .result_string = hd_result_string,
                             .loop = hd_loop_run};
