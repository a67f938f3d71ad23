/* Sorting keys of so few bits that all their values are counted; included after
 * sort_radix.h, with the same names. Nothing is moved: the result is written from
 * the counts, so that it takes no memory for a second copy. */

enum { NAME(VALUES) = 1 << NAME(BITS) };

typedef struct NAME(counted) {
  const KEY *input;
  KEY *result;
  key_kind kind;
  size_t grain;
  size_t (*counts)[NAME(VALUES)]; /* one a chunk; at last the first has the end of each value */
} NAME(counted);

static heddle_status NAME(count_values)(const heddle_call *call, size_t begin, size_t end,
                                        void *data) {
  const NAME(counted) *c = data;
  size_t *counts = c->counts[begin / c->grain];
  memset(counts, 0, sizeof(*c->counts));
  for (size_t i = begin; i < end;) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    KEY keys[NEAR];
    const size_t length = least(end - i, NEAR);
    NAME(load)(c->input + i, keys, length, c->kind);
    for (size_t j = 0; j < length; j++)
      counts[keys[j]]++;
    i += length;
  }
  return HEDDLE_OK;
}

/* Writes begin..end-1 of the result. */
static heddle_status NAME(write_values)(const heddle_call *call, size_t begin, size_t end,
                                        void *data) {
  const NAME(counted) *c = data;
  const size_t *ends = *c->counts;
  size_t value = 0;
  for (size_t half = NAME(VALUES) / 2; half > 0; half /= 2) /* the first that ends behind begin */
    if (ends[value + half - 1] <= begin)
      value += half;
  (void)call; /* a chunk is short */
  for (size_t i = begin; i < end; value++) {
    const KEY key = (KEY)value;
    KEY element;
    NAME(to_elements)(&key, &element, 1, c->kind);
    for (size_t stop = least(ends[value], end); i < stop; i++)
      c->result[i] = element;
  }
  return HEDDLE_OK;
}

static heddle_status NAME(sort_counted)(heddle_call *call, const KEY *input, KEY *result, size_t n,
                                        key_kind kind) {
  size_t chunks = n / (4 * CHUNK);
  chunks = chunks < 1 ? 1 : least(chunks, COUNTS);
  NAME(counted) c = {input, result, kind, 0, NULL};
  c.grain = (n + chunks - 1) / chunks;
  c.counts = heddle_scratch(call, chunks * sizeof(*c.counts));
  if (c.counts == NULL)
    return HEDDLE_FAILED;
  heddle_status status = heddle_for(call, n, c.grain, NAME(count_values), &c);
  if (status != HEDDLE_OK)
    return status;
  heddle_progress(call, 0.5);
  size_t end = 0;
  for (size_t value = 0; value < NAME(VALUES); value++) {
    for (size_t chunk = 0; chunk * c.grain < n; chunk++)
      end += c.counts[chunk][value];
    (*c.counts)[value] = end;
  }
  return heddle_for(call, n, CHUNK, NAME(write_values), &c);
}
