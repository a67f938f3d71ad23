/* Sorting for one width of keys; sort.c includes it once for each. Takes KEY, an
 * unsigned type; NAME, which makes names of its own; and, where there are floats
 * of that width, FLOAT_INFINITY, their bits of +Inf. */

enum { NAME(BITS) = sizeof(KEY) * 8, NAME(TOP) = NAME(BITS) - 1 };

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

static heddle_status NAME(store)(const heddle_call *call, const KEY *keys, KEY *elements, size_t n,
                                 key_kind kind) {
  for (size_t done = 0; done < n; done += BLOCK) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    NAME(to_elements)(keys + done, elements + done, least(n - done, BLOCK), kind);
  }
  return HEDDLE_OK;
}

/* Puts begin..end-1 where they belong among all up to there, by insertion, unless
 * a key has far to go: then false, and the keys are there in some order. */
static bool NAME(insert)(KEY *keys, size_t begin, size_t end, size_t far) {
  for (size_t i = begin; i < end; i++) {
    KEY key = keys[i];
    size_t at = i;
    const size_t last = i > far ? i - far : 0;
    for (; at > last && keys[at - 1] > key; at--)
      keys[at] = keys[at - 1];
    keys[at] = key;
    if (at == last && at > 0 && keys[at - 1] > key)
      return false;
  }
  return true;
}

/* Says in `*done` whether insertion was enough. */
static heddle_status NAME(touch_up)(const heddle_call *call, KEY *keys, size_t n, bool *done) {
  *done = true;
  for (size_t i = 0; i < n && *done; i += BLOCK) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    *done = NAME(insert)(keys, i, i + least(n - i, BLOCK), FAR);
  }
  return HEDDLE_OK;
}

typedef struct NAME(range) {
  KEY least;
  KEY most;
  bool sorted;
} NAME(range);

/* Looks at keys that follow those looked at before. */
static void NAME(look)(const KEY *keys, size_t n, RANGE *range) {
  KEY low = range->least, high = range->most, last = range->sorted ? high : 0;
  bool sorted = range->sorted;
  for (size_t i = 0; i < n; i++) {
    KEY key = keys[i];
    sorted &= last <= key;
    last = key;
    low = key < low ? key : low;
    high = key > high ? key : high;
  }
  *range = (RANGE){low, high, sorted};
}

/* One pass over the digit at `shift`, counted from `base`, from `keys` to `moved`.
 * Says in `*all_same` that no key had to move, and none was. */
static heddle_status NAME(pass)(const heddle_call *call, const KEY *keys, KEY *moved, size_t n,
                                KEY base, unsigned shift, bool *all_same) {
  size_t ends[DIGITS] = {0};
  for (size_t done = 0; done < n;) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    for (size_t stop = done + least(n - done, BLOCK); done < stop; done++)
      ends[(KEY)(keys[done] - base) >> shift & (DIGITS - 1)]++;
  }
  *all_same = ends[(KEY)(keys[0] - base) >> shift & (DIGITS - 1)] == n;
  if (*all_same)
    return HEDDLE_OK;
  size_t start = 0;
  for (unsigned digit = 0; digit < DIGITS; digit++) {
    size_t count = ends[digit];
    ends[digit] = start;
    start += count;
  }
  for (size_t done = 0; done < n;) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    for (size_t stop = done + least(n - done, BLOCK); done < stop; done++)
      moved[ends[(KEY)(keys[done] - base) >> shift & (DIGITS - 1)]++] = keys[done];
  }
  return HEDDLE_OK;
}

/* Passes from `shift` up. Keys and room change places as they are used. */
static heddle_status NAME(passes)(const heddle_call *call, KEY **keys, KEY **room, size_t n,
                                  KEY base, unsigned shift, unsigned bits) {
  for (; shift < bits; shift += DIGIT_BITS) {
    bool all_same;
    heddle_status status = NAME(pass)(call, *keys, *room, n, base, shift, &all_same);
    if (status != HEDDLE_OK)
      return status;
    if (!all_same) {
      KEY *filled = *room;
      *room = *keys;
      *keys = filled;
    }
  }
  return HEDDLE_OK;
}

/* Sorts n keys, with room for as many; the elements go to `result`, which may be
 * either. First by as many of the highest bits that differ as tell most keys
 * apart, `spare` bits more than are needed for keys that lie evenly; then the few
 * that are left are put right by insertion. */
static heddle_status NAME(order)(const heddle_call *call, KEY *keys, KEY *room, KEY *result,
                                 size_t n, key_kind kind, unsigned spare) {
  RANGE range = {.least = (KEY)-1, .sorted = true};
  for (size_t done = 0; done < n; done += BLOCK) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    NAME(look)(keys + done, least(n - done, BLOCK), &range);
  }
  if (!range.sorted) {
    unsigned bits = bit_length((KEY)(range.most - range.least));
    unsigned wanted = bit_length(n) + spare;
    wanted += (DIGIT_BITS - wanted % DIGIT_BITS) % DIGIT_BITS;
    unsigned shift = bits > wanted ? bits - wanted : 0;
    heddle_status status = NAME(passes)(call, &keys, &room, n, range.least, shift, bits);
    bool done = shift == 0;
    if (status == HEDDLE_OK && !done)
      status = NAME(touch_up)(call, keys, n, &done);
    if (status == HEDDLE_OK && !done)
      status = NAME(passes)(call, &keys, &room, n, range.least, 0, bits);
    if (status != HEDDLE_OK)
      return status;
  }
  return NAME(store)(call, keys, result, n, kind);
}

/* Copies elements, which are read once: others may write to them meanwhile, if
 * they are shared. */
static void NAME(load)(const KEY *elements, KEY *keys, size_t n, key_kind kind) {
  memcpy(keys, elements, n * sizeof(KEY));
  NAME(to_keys)(keys, n, kind);
}

static heddle_status NAME(sort_few)(heddle_call *call, const KEY *input, KEY *result, size_t n,
                                    key_kind kind) {
  for (size_t done = 0; done < n; done += BLOCK) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    NAME(load)(input + done, result + done, least(n - done, BLOCK), kind);
  }
  if (n <= INSERTION) {
    (void)NAME(insert)(result, 0, n, n);
    NAME(to_elements)(result, result, n, kind);
    return HEDDLE_OK;
  }
  KEY *room = heddle_scratch(call, n * sizeof(KEY));
  if (room == NULL)
    return HEDDLE_FAILED;
  return NAME(order)(call, result, room, result, n, kind, kind == KEY_FLOAT ? EXPONENT_BITS : 0);
}
