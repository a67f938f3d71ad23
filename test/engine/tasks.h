/* Tasks that tests run, and the gate by which a test holds them. */
#ifndef TEST_TASKS_H
#define TEST_TASKS_H

#include "world.h"

typedef struct gate {
  uv_sem_t entered; /* posted by each that comes in */
  uv_sem_t open;    /* each that leaves takes one */
  atomic_int inside;
  atomic_int most; /* at once, ever */
  atomic_int ran;
  atomic_bool saw_cancel;
} gate;

void gate_init(gate *g);
void gate_destroy(gate *g);
/* Waits until `count` more have come in. */
void gate_entered(gate *g, int count);
/* Lets `count` out. */
void gate_open(gate *g, int count);

/* One that comes in and one that leaves. */
void gate_count_in(gate *g);
void gate_count_out(gate *g);

typedef struct kit {
  const hd_definition *add;          /* "f64, f64 -> f64" */
  const hd_definition *fail;         /* "f64 -> f64": ERR_TEST, "failed N" */
  const hd_definition *gate;         /* "u64 -> f64": in, waits, out; blind to cancelling */
  const hd_definition *poll;         /* "u64 -> f64": in, until cancelled, out */
  const hd_definition *count;        /* "u64 -> f64": in and out at once */
  const hd_definition *failing_gate; /* "u64 -> f64": in, waits, fails */
  const hd_definition *yield;        /* "u64 -> f64": polls a while, true to what it is told */
  const hd_definition *spin;         /* "u64 -> f64": 100 us of work, in and out */
  const hd_definition *make;         /* "f64 -> bytes": N bytes of value 'a' */
  const hd_definition *length;       /* "bytes -> f64" */
  const hd_definition *echo;         /* "bytes -> string" */
  const hd_definition *address;      /* "bytes -> u64": where they are */
} kit;

void kit_define(world *w, kit *k);

#endif
