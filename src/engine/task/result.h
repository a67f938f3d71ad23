/* Results: what a task sets on its call, by these functions of heddle_host. */
#ifndef HD_RESULT_H
#define HD_RESULT_H

#include "heddle.h"

void hd_result_field(heddle_call *call, const char *name);
void hd_result_set(heddle_call *call, const heddle_value *value);
void *hd_result_bytes(heddle_call *call, size_t length);
void *hd_result_resize(heddle_call *call, size_t length);
void *hd_result_array(heddle_call *call, heddle_element element, size_t length);
heddle_status hd_result_string(heddle_call *call, const char *utf8, size_t length);

#endif
