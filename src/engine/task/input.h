/* How a task reads its bytes arguments, of memory or of files. On the worker
 * thread of the call. */
#ifndef HD_INPUT_H
#define HD_INPUT_H

#include "call.h"

/* ---- Functions of heddle_host ------------------------------------------- */

heddle_status hd_input_read(heddle_call *call, uint32_t index, const void **data, size_t *length);
heddle_status hd_input_read_all(heddle_call *call, uint32_t index, const void **data,
                                size_t *length);

/* ---- For the files beside ----------------------------------------------- */

/* call->inputs are there. */
void hd_input_close_all(hd_call *call);

#endif
