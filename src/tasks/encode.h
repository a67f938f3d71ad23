/* The outputEncoding option, in one place. Any thread. */
#ifndef HD_ENCODE_H
#define HD_ENCODE_H

#include "heddle.h"

/* Sets the result of the call to `bytes` in the encoding that the string
 * argument `index` names: hex, base64, base64url, latin1 or binary as a
 * string, buffer as bytes. `wipe`, unless NULL, clears what was made on the
 * way. */
heddle_status hd_encode_result(heddle_call *call, uint32_t index, const uint8_t *bytes,
                               size_t length, void (*wipe)(void *memory, size_t size));

#endif
