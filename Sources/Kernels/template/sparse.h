// Products with compressed rows. Where the units of a column lie together, an entry of a row meets whole vectors
// of units: 8 * groups of them stay in registers while a row is read.

enum {
  SPARSE_UNITS = 32,            // units at a time: 4 groups of 8
  SPARSE_VECTORS = 8 / LANES,   // vectors of a group
  SPARSE_AHEAD = 12,            // entries between the one in use and the one whose column is fetched
};

/// An entry; 1 where there are no values.
INLINE double entry(const double *values, ptrdiff_t k) { return values ? values[k] : 1; }

INLINE void fetch_column(int groups, const double *from) {
  UNROLL for (int v = 0; v < groups; v++) __builtin_prefetch(from + 8 * v, 0, 3);
}

/// sum[u] += sum over the entries of a row of w[column][u] * value. `rest` entries are left in this row and those
/// behind it: the first of a row are fetched while the row before it is read.
INLINE void sparse_product_row(
    int groups, size_t count, size_t rest, const uint32_t *columns, const double *values, const double *w,
    size_t column_stride, double *sum) {
  wide total[SPARSE_UNITS / LANES];
  UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++) total[v] = load(sum + v * LANES);
  for (size_t k = 0; k < count; k++) {
    if (k + SPARSE_AHEAD < rest) fetch_column(groups, w + columns[k + SPARSE_AHEAD] * column_stride);
    const double *const from = w + columns[k] * column_stride;
    UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++)
      total[v] = multiply_add(load(from + v * LANES), splat(entry(values, (ptrdiff_t)k)), total[v]);
  }
  UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++) store(sum + v * LANES, total[v]);
}

/// g[column][u] += s[u] * value for the entries of a row.
INLINE void sparse_outer_row(
    int groups, size_t count, size_t rest, const uint32_t *columns, const double *values, const double *s,
    double *g, size_t column_stride) {
  wide score[SPARSE_UNITS / LANES];
  UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++) score[v] = load(s + v * LANES);
  for (size_t k = 0; k < count; k++) {
    if (k + SPARSE_AHEAD < rest) fetch_column(groups, g + columns[k + SPARSE_AHEAD] * column_stride);
    double *const to = g + columns[k] * column_stride;
    UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++)
      store(to + v * LANES, multiply_add(score[v], splat(entry(values, (ptrdiff_t)k)), load(to + v * LANES)));
  }
}

/// Units in vectors: one strip of units, all examples.
static void add_sparse_product_strip(
    const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t column_stride,
    double *z, size_t z_stride) {
  for (size_t i = 0; i < x->rows; i++) {
    const ptrdiff_t start = x->starts[i];
    const size_t count = (size_t)(x->starts[i + 1] - start);
    const size_t rest = (size_t)(x->starts[x->rows] - start);
    const uint32_t *const columns = x->columns + start;
    const double *const values = x->values ? x->values + start : NULL;
    double sum[SPARSE_UNITS] = {0};
    for (size_t u = 0; u < units; u++) sum[u] = z[u * z_stride + i];
    switch ((units + 7) / 8) {
    case 1: sparse_product_row(1, count, rest, columns, values, w, column_stride, sum); break;
    case 2: sparse_product_row(2, count, rest, columns, values, w, column_stride, sum); break;
    case 3: sparse_product_row(3, count, rest, columns, values, w, column_stride, sum); break;
    default: sparse_product_row(4, count, rest, columns, values, w, column_stride, sum); break;
    }
    for (size_t u = 0; u < units; u++) z[u * z_stride + i] = sum[u];
  }
}

static void add_sparse_outer_product_strip(
    const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride, double *g,
    size_t column_stride) {
  for (size_t i = 0; i < x->rows; i++) {
    const ptrdiff_t start = x->starts[i];
    const size_t count = (size_t)(x->starts[i + 1] - start);
    const size_t rest = (size_t)(x->starts[x->rows] - start);
    const uint32_t *const columns = x->columns + start;
    const double *const values = x->values ? x->values + start : NULL;
    double score[SPARSE_UNITS] = {0};
    for (size_t u = 0; u < units; u++) score[u] = s[u * s_stride + i];
    switch ((units + 7) / 8) {
    case 1: sparse_outer_row(1, count, rest, columns, values, score, g, column_stride); break;
    case 2: sparse_outer_row(2, count, rest, columns, values, score, g, column_stride); break;
    case 3: sparse_outer_row(3, count, rest, columns, values, score, g, column_stride); break;
    default: sparse_outer_row(4, count, rest, columns, values, score, g, column_stride); break;
    }
  }
}

static void add_sparse_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t unit_stride,
    size_t column_stride, double *z, size_t z_stride) {
  if (unit_stride == 1 && column_stride % 8 == 0) {
    for (size_t u = 0; u < units; u += SPARSE_UNITS)
      add_sparse_product_strip(
          x, smaller(SPARSE_UNITS, units - u), w + u, column_stride, z + u * z_stride, z_stride);
    return;
  }
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < x->rows; i++) {
      double sum = z[u * z_stride + i];
      for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++)
        sum = multiply_add_one(
            w[u * unit_stride + x->columns[k] * column_stride], entry(x->values, k), sum);
      z[u * z_stride + i] = sum;
    }
}

static void add_sparse_outer_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride, double *g,
    size_t unit_stride, size_t column_stride) {
  if (unit_stride == 1 && column_stride % 8 == 0) {
    for (size_t u = 0; u < units; u += SPARSE_UNITS)
      add_sparse_outer_product_strip(
          x, smaller(SPARSE_UNITS, units - u), s + u * s_stride, s_stride, g + u, column_stride);
    return;
  }
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < x->rows; i++)
      for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++) {
        double *const to = g + u * unit_stride + x->columns[k] * column_stride;
        *to = multiply_add_one(s[u * s_stride + i], entry(x->values, k), *to);
      }
}

static void add_sparse_gram(
    const struct surprisal_sparse_rows *x, const double *h, double *g, size_t g_stride) {
  for (size_t i = 0; i < x->rows; i++)
    for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++) {
      const double scaled = h[i] * entry(x->values, k);
      double *const row = g + x->columns[k] * g_stride;
      for (ptrdiff_t j = x->starts[i]; j <= k; j++)
        row[x->columns[j]] =
            multiply_add_one(scaled, entry(x->values, j), row[x->columns[j]]);
    }
}
