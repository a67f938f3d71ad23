/* How a task writes files: each has all of its new content once it is closed,
 * or keeps its old (replace.h). On the worker thread of the call. */
#ifndef HD_OUTPUT_H
#define HD_OUTPUT_H

#include "call.h"

/* ---- Functions of heddle_host ------------------------------------------- */

heddle_file *hd_output_create(heddle_call *call, const char *path);
heddle_status hd_output_write(heddle_call *call, heddle_file *file, const void *data,
                              size_t length);
heddle_status hd_output_close(heddle_call *call, heddle_file *file);

/* ---- For the files beside ----------------------------------------------- */

/* Closes the files that the task has left open; `keep` gives them their new
 * content, which it says when it could not. */
heddle_status hd_output_close_all(hd_call *call, bool keep);

#endif
