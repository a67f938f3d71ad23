/* Matrix multiplication for one type of float; matmul.c includes it twice.
 * Takes REAL, NAME, which makes names of its own, and COLUMNS of a tile. */

/* Copies rows [row, row + rows) and columns [p, p + depth) of A into panels of
 * ROWS rows, column by column; missing rows become zeros. */
static void NAME(pack_a)(REAL *panel, const REAL *a, size_t stride, size_t rows, size_t depth) {
  for (size_t i = 0; i < rows; i += ROWS) {
    size_t height = rows - i < ROWS ? rows - i : ROWS;
    for (size_t p = 0; p < depth; p++) {
      for (size_t r = 0; r < ROWS; r++)
        *panel++ = r < height ? a[(i + r) * stride + p] : 0;
    }
  }
}

/* The same for B: panels of COLUMNS columns, row by row. */
static void NAME(pack_b)(REAL *panel, const REAL *b, size_t stride, size_t depth, size_t columns) {
  for (size_t j = 0; j < columns; j += COLUMNS) {
    size_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
    for (size_t p = 0; p < depth; p++) {
      for (size_t c = 0; c < COLUMNS; c++)
        *panel++ = c < width ? b[p * stride + j + c] : 0;
    }
  }
}

/* One tile, ROWS by COLUMNS, of the product of two panels. Its rows are
 * variables, so that they stay in registers. */
static void NAME(tile)(REAL *tile, const REAL *a, const REAL *b, size_t depth) {
  REAL row0[COLUMNS] = {0}, row1[COLUMNS] = {0}, row2[COLUMNS] = {0}, row3[COLUMNS] = {0};
  for (size_t p = 0; p < depth; p++, a += ROWS, b += COLUMNS) {
    for (size_t c = 0; c < COLUMNS; c++) {
      row0[c] += a[0] * b[c];
      row1[c] += a[1] * b[c];
      row2[c] += a[2] * b[c];
      row3[c] += a[3] * b[c];
    }
  }
  for (size_t c = 0; c < COLUMNS; c++) {
    tile[c] = row0[c];
    tile[COLUMNS + c] = row1[c];
    tile[2 * COLUMNS + c] = row2[c];
    tile[3 * COLUMNS + c] = row3[c];
  }
}

/* Adds a tile to C, or sets C to it; what sticks out of C is left. */
static void NAME(put)(REAL *c, size_t stride, const REAL *tile, size_t rows, size_t columns,
                      bool first) {
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++) {
      REAL value = tile[i * COLUMNS + j];
      c[i * stride + j] = first ? value : c[i * stride + j] + value;
    }
  }
}

/* A block of B, shared out by panels. */
typedef struct NAME(product) {
  const REAL *a;
  const REAL *b;
  REAL *c;
  shape size;
  REAL *packed_b;
  size_t j, p;           /* the block of B */
  size_t columns, depth; /* its size */
  size_t width;          /* columns that one body works on */
} NAME(product);

static heddle_status NAME(pack_panels)(const heddle_call *call, size_t begin, size_t end,
                                       void *data) {
  const PRODUCT *x = data;
  (void)call;
  const REAL *b = x->b + x->p * x->size.n + x->j + begin;
  NAME(pack_b)(x->packed_b + begin * x->depth, b, x->size.n, x->depth, end - begin);
  return HEDDLE_OK;
}

/* Blocks of C, numbered row by row. Polls for each panel of B. */
static heddle_status NAME(multiply_blocks)(const heddle_call *call, size_t begin, size_t end,
                                           void *data) {
  const PRODUCT *x = data;
  REAL packed_a[BLOCK_M * BLOCK_K];
  REAL tile[ROWS * COLUMNS];
  const size_t across = (x->columns + x->width - 1) / x->width;
  const size_t stride = x->size.n;
  for (size_t block = begin; block < end; block++) {
    const size_t row = block / across * BLOCK_M;
    const size_t first = block % across * x->width;
    const size_t rows = least(BLOCK_M, x->size.m - row);
    const size_t last = least(first + x->width, x->columns);
    NAME(pack_a)(packed_a, x->a + row * x->size.k + x->p, x->size.k, rows, x->depth);
    for (size_t j = first; j < last; j += COLUMNS) {
      if (heddle_cancelled(call))
        return HEDDLE_CANCELLED;
      for (size_t i = 0; i < rows; i += ROWS) {
        NAME(tile)(tile, packed_a + i * x->depth, x->packed_b + j * x->depth, x->depth);
        NAME(put)
        (x->c + (row + i) * stride + x->j + j, stride, tile, least(ROWS, rows - i),
         least(COLUMNS, last - j), x->p == 0);
      }
    }
  }
  return HEDDLE_OK;
}

/* One block of B with all of A: where that is little, in one piece. */
static heddle_status NAME(multiply_block)(heddle_call *call, PRODUCT *x) {
  const size_t down = (x->size.m + BLOCK_M - 1) / BLOCK_M;
  const bool alone = (double)x->size.m * (double)x->columns * (double)x->depth < ALONE;
  x->width = alone || down >= MANY ? BLOCK_N : BLOCK_N / MANY;
  const size_t blocks = down * ((x->columns + x->width - 1) / x->width);
  heddle_status status =
      heddle_for(call, x->columns, alone ? BLOCK_N : BLOCK_N / MANY, NAME(pack_panels), x);
  if (status == HEDDLE_OK)
    status = heddle_for(call, blocks, alone ? blocks : 1, NAME(multiply_blocks), x);
  return status;
}

static heddle_status NAME(multiply)(heddle_call *call, const REAL *a, const REAL *b, REAL *c,
                                    shape size) {
  /* Panels are padded to whole tiles, hence the blocks' sizes. */
  NAME(product) x = {.a = a, .b = b, .c = c, .size = size};
  x.packed_b = heddle_scratch(call, sizeof(REAL) * BLOCK_K * BLOCK_N);
  if (x.packed_b == NULL)
    return HEDDLE_FAILED;
  double done = 0;
  const double total = (double)size.k * (double)size.n;
  for (x.j = 0; x.j < size.n; x.j += BLOCK_N) {
    x.columns = least(BLOCK_N, size.n - x.j);
    for (x.p = 0; x.p < size.k; x.p += BLOCK_K) {
      x.depth = least(BLOCK_K, size.k - x.p);
      heddle_status status = NAME(multiply_block)(call, &x);
      if (status != HEDDLE_OK)
        return status;
      done += (double)x.columns * (double)x.depth;
      heddle_progress(call, done < total ? done / total : 1.0);
    }
  }
  return HEDDLE_OK;
}

#undef REAL
#undef NAME
#undef COLUMNS
