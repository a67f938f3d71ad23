/* Large arrays of keys of one width, with all threads; included after
 * sort_radix.h, with the same names.
 *
 * Keys are told apart by 16 bits: those between the least and the greatest of most
 * keys of a sample. Runs of the values of these are parts of about the same size,
 * as the sample has it. Each key is moved to its part, and the parts are sorted,
 * each in a thread's cache. */

typedef struct NAME(split) {
  const KEY *input; /* elements; read only where they become keys */
  KEY *buffers[2];  /* the first is the result's memory, too */
  key_kind kind;
  bool *sorted;          /* one a chunk */
  size_t (*ends)[PARTS]; /* one a chunk: first its counts, then the places of its next keys */

  /* What is sorted now: all, or a part of it that was too large. */
  size_t at;
  size_t n;
  unsigned depth;
  KEY base;
  unsigned shift;
  uint8_t part[VALUES];
  size_t starts[DEPTH][PARTS + 1];
} NAME(split);

static inline KEY *NAME(keys)(const SPLIT *s) {
  return s->buffers[s->depth & 1] + s->at;
}

/* Where the keys are moved to. */
static inline KEY *NAME(room)(const SPLIT *s) {
  return s->buffers[~s->depth & 1] + s->at;
}

/* A part that has more is left to all threads. */
static inline size_t NAME(most)(const SPLIT *s) {
  return s->n / PARTS * 8 > FEW ? s->n / PARTS * 8 : FEW;
}

/* Which of the values a key has. */
static inline size_t NAME(value)(const SPLIT *s, KEY key) {
  KEY above = key < s->base ? 0 : (KEY)(key - s->base) >> s->shift;
  return above < VALUES ? (size_t)above : VALUES - 1;
}

/* Makes parts of the sample, which is sorted. */
static void NAME(map_parts)(SPLIT *s, const KEY *sample, size_t n) {
  const size_t margin = n / 128;
  const size_t target = 2 * n / PARTS; /* of two neighbours one has half of it */
  s->base = sample[margin];
  unsigned bits = bit_length((KEY)(sample[n - 1 - margin] - s->base));
  s->shift = bits > VALUE_BITS ? bits - VALUE_BITS : 0;
  size_t part = 0, sum = 0, mapped = 0;
  for (size_t i = 0; i < n;) {
    size_t value = NAME(value)(s, sample[i]);
    size_t count = 1;
    while (i + count < n && NAME(value)(s, sample[i + count]) == value)
      count++;
    if (sum > 0 && sum + count > target && part < PARTS - 1) {
      memset(s->part + mapped, (int)part++, value - mapped);
      mapped = value;
      sum = 0;
    }
    sum += count;
    i += count;
  }
  memset(s->part + mapped, (int)part, VALUES - mapped);
}

static heddle_status NAME(take_sample)(const heddle_call *call, SPLIT *s, KEY *sample) {
  uint32_t random = 1;
  const size_t stride = s->n / SAMPLE;
  const KEY *keys = NAME(keys)(s);
  for (size_t i = 0; i < SAMPLE; i++) {
    random = random * 1664525u + 1013904223u; /* Numerical Recipes 7.1 */
    size_t at = i * stride + (size_t)((uint64_t)random * stride >> 32);
    if (s->depth > 0)
      sample[i] = keys[at];
    else
      NAME(load)(s->input + at, sample + i, 1, s->kind);
  }
  heddle_status status =
      NAME(order)(call, sample, sample + SAMPLE, sample, SAMPLE, KEY_UNSIGNED, 0);
  if (status == HEDDLE_OK)
    NAME(map_parts)(s, sample, SAMPLE);
  return status;
}

/* ---- Bodies of heddle_for() -------------------------------------------------- */

/* A chunk: loads it, looks at it, and counts its parts. */
static heddle_status NAME(count_chunk)(const heddle_call *call, size_t begin, size_t end,
                                       void *data) {
  SPLIT *s = data;
  (void)call;
  size_t *counts = s->ends[begin / CHUNK];
  KEY last = 0;
  bool sorted = true;
  memset(counts, 0, sizeof(*s->ends));
  for (size_t i = begin; i < end;) {
    size_t length = least(end - i, NEAR);
    KEY *keys = NAME(keys)(s) + i;
    if (s->depth == 0)
      NAME(load)(s->input + i, keys, length, s->kind);
    for (size_t k = 0; k < length; k++) {
      sorted &= last <= keys[k];
      last = keys[k];
      counts[s->part[NAME(value)(s, last)]]++;
    }
    i += length;
  }
  s->sorted[begin / CHUNK] = sorted;
  return HEDDLE_OK;
}

static heddle_status NAME(move_chunk)(const heddle_call *call, size_t begin, size_t end,
                                      void *data) {
  const SPLIT *s = data;
  (void)call;
  size_t *ends = s->ends[begin / CHUNK];
  const KEY *keys = NAME(keys)(s);
  KEY *room = NAME(room)(s);
  for (size_t i = begin; i < end; i++) {
    KEY key = keys[i];
    room[ends[s->part[NAME(value)(s, key)]]++] = key;
  }
  return HEDDLE_OK;
}

static heddle_status NAME(store_chunk)(const heddle_call *call, size_t begin, size_t end,
                                       void *data) {
  const SPLIT *s = data;
  return NAME(store)(call, NAME(keys)(s) + begin, s->buffers[0] + s->at + begin, end - begin,
                     s->kind);
}

static heddle_status NAME(sort_part)(const heddle_call *call, const SPLIT *s, size_t at, size_t n) {
  return NAME(order)(call, NAME(room)(s) + at, NAME(keys)(s) + at, s->buffers[0] + s->at + at, n,
                     s->kind, 0);
}

static heddle_status NAME(sort_parts)(const heddle_call *call, size_t begin, size_t end,
                                      void *data) {
  const SPLIT *s = data;
  const size_t *start = s->starts[s->depth];
  for (size_t part = begin; part < end; part++) {
    size_t n = start[part + 1] - start[part];
    if (n == 0 || n > NAME(most)(s))
      continue;
    heddle_status status = NAME(sort_part)(call, s, start[part], n);
    if (status != HEDDLE_OK)
      return status;
  }
  return HEDDLE_OK;
}

/* ---- The task's thread ------------------------------------------------------- */

static bool NAME(is_sorted)(const SPLIT *s, size_t chunks) {
  const KEY *keys = NAME(keys)(s);
  bool sorted = s->sorted[0];
  for (size_t c = 1; c < chunks; c++)
    sorted = sorted && s->sorted[c] && keys[c * CHUNK - 1] <= keys[c * CHUNK];
  return sorted;
}

/* Counts to places, chunk after chunk within a part. */
static void NAME(place_parts)(SPLIT *s, size_t chunks) {
  size_t *start = s->starts[s->depth];
  size_t at = 0;
  for (size_t part = 0; part < PARTS; part++) {
    start[part] = at;
    for (size_t c = 0; c < chunks; c++) {
      size_t count = s->ends[c][part];
      s->ends[c][part] = at;
      at += count;
    }
  }
  start[PARTS] = at;
}

static heddle_status NAME(split_sort)(heddle_call *call, SPLIT *s, KEY *sample);

/* What the sample did not tell apart: by all threads again, while that makes it
 * smaller. */
static heddle_status NAME(split_part)(heddle_call *call, SPLIT *s, KEY *sample, size_t at,
                                      size_t n) {
  const size_t whole = s->n;
  if (s->depth + 1 == DEPTH || n == whole)
    return NAME(sort_part)(call, s, at, n);
  s->at += at;
  s->n = n;
  s->depth++;
  heddle_status status = NAME(split_sort)(call, s, sample);
  s->at -= at;
  s->n = whole;
  s->depth--;
  return status;
}

/* `sample` has room for twice SAMPLE keys. */
static heddle_status NAME(split_sort)(heddle_call *call, SPLIT *s, KEY *sample) {
  const size_t chunks = (s->n + CHUNK - 1) / CHUNK;
  const size_t *start = s->starts[s->depth];
  heddle_status status = NAME(take_sample)(call, s, sample);
  if (status == HEDDLE_OK)
    status = heddle_for(call, s->n, CHUNK, NAME(count_chunk), s);
  if (status != HEDDLE_OK)
    return status;
  if (NAME(is_sorted)(s, chunks))
    return heddle_for(call, s->n, CHUNK, NAME(store_chunk), s);
  NAME(place_parts)(s, chunks);
  if (s->depth == 0)
    heddle_progress(call, 0.25);
  status = heddle_for(call, s->n, CHUNK, NAME(move_chunk), s);
  if (s->depth == 0)
    heddle_progress(call, 0.5);
  if (status == HEDDLE_OK)
    status = heddle_for(call, PARTS, 1, NAME(sort_parts), s);
  for (size_t part = 0; part < PARTS && status == HEDDLE_OK; part++)
    if (start[part + 1] - start[part] > NAME(most)(s))
      status = NAME(split_part)(call, s, sample, start[part], start[part + 1] - start[part]);
  return status;
}

static heddle_status NAME(sort_many)(heddle_call *call, const KEY *input, KEY *result, size_t n,
                                     key_kind kind) {
  const size_t chunks = (n + CHUNK - 1) / CHUNK;
  KEY *room = heddle_scratch(call, n * sizeof(KEY));
  SPLIT *s = room == NULL ? NULL : heddle_scratch(call, sizeof(*s));
  KEY *sample = s == NULL ? NULL : heddle_scratch(call, 2 * SAMPLE * sizeof(KEY));
  bool *sorted = sample == NULL ? NULL : heddle_scratch(call, chunks * sizeof(*sorted));
  size_t(*ends)[PARTS] = sorted == NULL ? NULL : heddle_scratch(call, chunks * sizeof(*ends));
  if (ends == NULL)
    return HEDDLE_FAILED;
  s->input = input;
  s->buffers[0] = result;
  s->buffers[1] = room;
  s->kind = kind;
  s->sorted = sorted;
  s->ends = ends;
  s->at = 0;
  s->n = n;
  s->depth = 0;
  return NAME(split_sort)(call, s, sample);
}
