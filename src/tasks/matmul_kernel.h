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

/* A block of C from packed blocks of A and B. Polls for each panel of B. */
static heddle_status NAME(block)(heddle_call *call, REAL *c, size_t stride, const REAL *packed_a,
                                 const REAL *packed_b, size_t rows, size_t columns, size_t depth,
                                 bool first) {
  REAL tile[ROWS * COLUMNS];
  for (size_t j = 0; j < columns; j += COLUMNS) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    size_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
    for (size_t i = 0; i < rows; i += ROWS) {
      size_t height = rows - i < ROWS ? rows - i : ROWS;
      NAME(tile)(tile, packed_a + i * depth, packed_b + j * depth, depth);
      NAME(put)(c + i * stride + j, stride, tile, height, width, first);
    }
  }
  return HEDDLE_OK;
}

static heddle_status NAME(multiply)(heddle_call *call, const REAL *a, const REAL *b, REAL *c,
                                    shape size) {
  /* Panels are padded to whole tiles, hence the blocks' sizes. */
  REAL *packed_a = heddle_scratch(call, sizeof(REAL) * BLOCK_M * BLOCK_K);
  REAL *packed_b = packed_a == NULL ? NULL : heddle_scratch(call, sizeof(REAL) * BLOCK_K * BLOCK_N);
  if (packed_b == NULL)
    return HEDDLE_FAILED;
  double done = 0;
  const double total = (double)size.m * (double)size.k * (double)size.n;
  for (size_t j = 0; j < size.n; j += BLOCK_N) {
    size_t columns = least(BLOCK_N, size.n - j);
    for (size_t p = 0; p < size.k; p += BLOCK_K) {
      size_t depth = least(BLOCK_K, size.k - p);
      NAME(pack_b)(packed_b, b + p * size.n + j, size.n, depth, columns);
      for (size_t i = 0; i < size.m; i += BLOCK_M) {
        size_t rows = least(BLOCK_M, size.m - i);
        NAME(pack_a)(packed_a, a + i * size.k + p, size.k, rows, depth);
        heddle_status status = NAME(block)(call, c + i * size.n + j, size.n, packed_a, packed_b,
                                           rows, columns, depth, p == 0);
        if (status != HEDDLE_OK)
          return status;
        done += (double)rows * (double)columns * (double)depth;
        heddle_progress(call, done < total ? done / total : 1.0);
      }
    }
  }
  return HEDDLE_OK;
}

#undef REAL
#undef NAME
#undef COLUMNS
