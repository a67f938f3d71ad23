/* Values inside the engine: results, which own their memory, and errors. */
#ifndef HD_VALUE_H
#define HD_VALUE_H

#include <stdbool.h>

#include "heddle.h"

/* Types that only the engine uses, beyond heddle_type's. */
enum {
  HD_VALUE_PREVIOUS = 64, /* an argument to be replaced by the prior step's result */
  HD_VALUE_ERROR,         /* a result: as.data is an hd_error */
  HD_VALUE_NONE           /* no result was set */
};

/* The `element` of a result's string that is not its own: it lies in the room of a step. */
enum { HD_IN_ROOM = 255, HD_SHORT = 80 /* bytes: a SHA-256 in hexadecimal, say */ };

enum { HD_MAX_FIELDS = 64, HD_MAX_PARAMS = 32 };

/* An error on its way to JavaScript. One block; the strings follow it. */
typedef struct hd_error {
  heddle_error_kind kind;
  bool system; /* made by the operating system: plain Error with these fields */
  int number;  /* errno as JavaScript shows it, 0 for none */
  const char *code;
  const char *message;
  const char *syscall; /* NULL for none */
  const char *path;    /* NULL for none */
} hd_error;

typedef struct hd_field {
  char *name;
  heddle_value value;
} hd_field;

/* A result with named fields; as.data of HEDDLE_RECORD. */
typedef struct hd_record {
  size_t count;
  size_t capacity;
  hd_field *fields;
} hd_record;

/* The error for a failed allocation: static, never freed. */
extern const hd_error hd_error_no_memory;

/* Makes `value` an error. Falls back to hd_error_no_memory. */
void hd_value_error(heddle_value *value, const hd_error *error);

/* Frees what a result owns and makes it HD_VALUE_NONE; `wipe` zeroes it first. */
void hd_value_free(heddle_value *value, bool wipe);

/* Bytes of a result's data block: 0 for plain numbers. */
size_t hd_value_bytes(const heddle_value *value);

/* What a value is called in an error's words: "a string". */
const char *hd_value_name(const heddle_value *value);

#endif
