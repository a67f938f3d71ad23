/* Radix sort for one width of keys; sort.c includes it once for each. Takes
 * KEY, an unsigned type; NAME, which makes names of its own; and, where there
 * are floats of that width, FLOAT_INFINITY, their bits of +Inf. */

enum {
  NAME(PASSES) = (sizeof(KEY) * 8 + DIGIT_BITS - 1) / DIGIT_BITS,
  NAME(TOP) = sizeof(KEY) * 8 - 1
};

static inline unsigned NAME(digit)(KEY key, unsigned pass) {
  return (unsigned)(key >> (pass * DIGIT_BITS)) & (DIGITS - 1);
}

/* Elements to keys. A negative float has all bits flipped, another one its
 * sign; a NaN loses its sign first, so that it comes last. */
static void NAME(to_keys)(KEY *keys, size_t n, key_kind kind) {
  const KEY sign = (KEY)((KEY)1 << NAME(TOP));
  if (kind == KEY_SIGNED) {
    for (size_t i = 0; i < n; i++)
      keys[i] = (KEY)(keys[i] ^ sign);
  }
#ifdef FLOAT_INFINITY
  if (kind == KEY_FLOAT) {
    for (size_t i = 0; i < n; i++) {
      KEY key = keys[i];
      KEY magnitude = (KEY)(key & (KEY)~sign);
      key = magnitude > FLOAT_INFINITY ? magnitude : key;
      keys[i] = (KEY)(key ^ ((KEY)(0 - (key >> NAME(TOP))) | sign));
    }
  }
#endif
}

/* Back; `keys` and `elements` may be the same. */
static void NAME(to_elements)(const KEY *keys, KEY *elements, size_t n, key_kind kind) {
  const KEY sign = (KEY)((KEY)1 << NAME(TOP));
  if (kind == KEY_FLOAT) {
    for (size_t i = 0; i < n; i++)
      elements[i] = (KEY)(keys[i] ^ ((KEY)((keys[i] >> NAME(TOP)) - 1) | sign));
  } else {
    const KEY flip = kind == KEY_SIGNED ? sign : 0;
    for (size_t i = 0; i < n; i++)
      elements[i] = (KEY)(keys[i] ^ flip);
  }
}

static void NAME(insertion)(KEY *keys, size_t n) {
  for (size_t i = 1; i < n; i++) {
    KEY key = keys[i];
    size_t at = i;
    for (; at > 0 && keys[at - 1] > key; at--)
      keys[at] = keys[at - 1];
    keys[at] = key;
  }
}

/* Copies and counts. Others may write to the input meanwhile, if it is shared:
 * it is read once, so that the counts are those of the copy. Returns whether
 * the keys are in order already. */
static bool NAME(count)(KEY *keys, size_t n, KEY last, size_t (*counts)[DIGITS]) {
  bool sorted = true;
  for (size_t i = 0; i < n; i++) {
    KEY key = keys[i];
    sorted &= last <= key;
    last = key;
    for (unsigned pass = 0; pass < NAME(PASSES); pass++)
      counts[pass][NAME(digit)(key, pass)]++;
  }
  return sorted;
}

/* One pass, from `keys` to `moved`. `ends` are the counts of its digit. */
static heddle_status NAME(scatter)(heddle_call *call, const KEY *keys, KEY *moved, size_t n,
                                   unsigned pass, size_t *ends) {
  size_t start = 0;
  for (unsigned digit = 0; digit < DIGITS; digit++) {
    size_t count = ends[digit];
    ends[digit] = start;
    start += count;
  }
  for (size_t done = 0; done < n;) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    size_t stop = n - done < BLOCK ? n : done + BLOCK;
    for (; done < stop; done++)
      moved[ends[NAME(digit)(keys[done], pass)]++] = keys[done];
  }
  return HEDDLE_OK;
}

/* Copies the elements to `result` as keys, and counts their digits. */
static heddle_status NAME(load)(heddle_call *call, const KEY *input, KEY *result, size_t n,
                                key_kind kind, size_t (*counts)[DIGITS], bool *sorted) {
  *sorted = true;
  for (size_t done = 0; done < n;) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    size_t length = n - done < BLOCK ? n - done : BLOCK;
    memcpy(result + done, input + done, length * sizeof(KEY));
    NAME(to_keys)(result + done, length, kind);
    KEY last = done == 0 ? 0 : result[done - 1];
    *sorted &= NAME(count)(result + done, length, last, counts);
    done += length;
  }
  return HEDDLE_OK;
}

static heddle_status NAME(store)(heddle_call *call, const KEY *keys, KEY *result, size_t n,
                                 key_kind kind) {
  for (size_t done = 0; done < n; done += BLOCK) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    size_t length = n - done < BLOCK ? n - done : BLOCK;
    NAME(to_elements)(keys + done, result + done, length, kind);
  }
  return HEDDLE_OK;
}

static heddle_status NAME(sort)(heddle_call *call, const KEY *input, KEY *result, size_t n,
                                key_kind kind) {
  if (n <= INSERTION) {
    if (n != 0)
      memcpy(result, input, n * sizeof(KEY));
    NAME(to_keys)(result, n, kind);
    NAME(insertion)(result, n);
    NAME(to_elements)(result, result, n, kind);
    return HEDDLE_OK;
  }
  const size_t counts_size = sizeof(size_t) * NAME(PASSES) * DIGITS;
  size_t(*counts)[DIGITS] = heddle_scratch(call, counts_size);
  if (counts == NULL)
    return HEDDLE_FAILED;
  memset(counts, 0, counts_size);
  bool sorted;
  heddle_status status = NAME(load)(call, input, result, n, kind, counts, &sorted);
  if (status != HEDDLE_OK || sorted)
    return status == HEDDLE_OK ? NAME(store)(call, result, result, n, kind) : status;
  KEY *from = result;
  KEY *to = heddle_scratch(call, n * sizeof(KEY));
  if (to == NULL)
    return HEDDLE_FAILED;
  for (unsigned pass = 0; pass < NAME(PASSES); pass++) {
    heddle_progress(call, (double)pass / NAME(PASSES));
    if (counts[pass][NAME(digit)(from[0], pass)] == n)
      continue; /* all keys share the digit */
    status = NAME(scatter)(call, from, to, n, pass, counts[pass]);
    if (status != HEDDLE_OK)
      return status;
    KEY *filled = to;
    to = from;
    from = filled;
  }
  return NAME(store)(call, from, result, n, kind);
}

#undef KEY
#undef NAME
#undef FLOAT_INFINITY
