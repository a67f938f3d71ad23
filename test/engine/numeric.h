/* Built-in tasks that share out large data: what of src/tasks is linked here. Their
 * own header has the name of one of the tests'. */
#ifndef TEST_NUMERIC_H
#define TEST_NUMERIC_H

#include "heddle.h"

heddle_status hd_task_sort(heddle_call *call);
heddle_status hd_task_sum(heddle_call *call);
heddle_status hd_task_matmul(heddle_call *call);

#define SORT_SIGNATURE "array: any[] -> any[]"
#define SUM_SIGNATURE "array: any[] -> f64 | i64 | u64"
#define MATMUL_SIGNATURE "a: array, b: array, m: u32, k: u32, n: u32 -> array"

#endif
