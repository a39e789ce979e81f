// Products with compressed rows. If the units of a column are contiguous, an entry of a row is
// multiplied by whole vectors of units: 8 * groups of them stay in registers while a row is read.

enum {
  SPARSE_UNITS = 32,            // units at a time: 4 groups of 8
  SPARSE_VECTORS = 8 / LANES,   // vectors of a group
  SPARSE_AHEAD = 12,            // distance, in entries, of the prefetch
};

/// An entry; 1 where there are no values.
INLINE double entry(const double *values, size_t k) { return values ? values[k] : 1; }

/// A row: its entries, and how many are left in it and the rows behind it.
struct sparse_row {
  size_t count, rest;
  const uint32_t *columns;
  const double *values;
};

INLINE struct sparse_row sparse_row_at(const struct surprisal_sparse_rows *x, size_t i) {
  const ptrdiff_t start = x->starts[i];
  return (struct sparse_row){
      (size_t)(x->starts[i + 1] - start), (size_t)(x->starts[x->rows] - start), x->columns + start,
      x->values ? x->values + start : NULL};
}

/// Calls `f` with the number of groups of 8 units as a constant, so that its loops are unrolled.
#define FOR_GROUPS(units, f, ...) \
  switch (((units) + 7) / 8) { \
  case 1: f(1, __VA_ARGS__); break; \
  case 2: f(2, __VA_ARGS__); break; \
  case 3: f(3, __VA_ARGS__); break; \
  default: f(4, __VA_ARGS__); break; \
  }

INLINE void fetch_column(int groups, const double *from) {
  UNROLL for (int v = 0; v < groups; v++) __builtin_prefetch(from + 8 * v, 0, 3);
}

/// sum[u] += sum over the entries of a row of w[column][u] * value. `rest` is the number of entries in
/// this row and all later ones: the first entries of a row are prefetched while the previous row is read.
INLINE void sparse_product_row(
    int groups, struct sparse_row row, const double *w,
    size_t column_stride, double *sum) {
  wide total[SPARSE_UNITS / LANES];
  UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++) total[v] = load(sum + v * LANES);
  for (size_t k = 0; k < row.count; k++) {
    if (k + SPARSE_AHEAD < row.rest) fetch_column(groups, w + row.columns[k + SPARSE_AHEAD] * column_stride);
    const double *const from = w + row.columns[k] * column_stride;
    UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++)
      total[v] = multiply_add(load(from + v * LANES), splat(entry(row.values, k)), total[v]);
  }
  UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++) store(sum + v * LANES, total[v]);
}

/// g[column][u] += s[u] * value for the entries of a row.
INLINE void sparse_outer_row(
    int groups, struct sparse_row row, const double *s,
    double *g, size_t column_stride) {
  wide score[SPARSE_UNITS / LANES];
  UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++) score[v] = load(s + v * LANES);
  for (size_t k = 0; k < row.count; k++) {
    if (k + SPARSE_AHEAD < row.rest) fetch_column(groups, g + row.columns[k + SPARSE_AHEAD] * column_stride);
    double *const to = g + row.columns[k] * column_stride;
    UNROLL for (int v = 0; v < groups * SPARSE_VECTORS; v++)
      store(to + v * LANES, multiply_add(score[v], splat(entry(row.values, k)), load(to + v * LANES)));
  }
}

/// Units in vectors: one strip of units, all examples.
static void add_sparse_product_strip(
    const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t column_stride,
    double *z, size_t z_stride) {
  for (size_t i = 0; i < x->rows; i++) {
    const struct sparse_row row = sparse_row_at(x, i);
    double sum[SPARSE_UNITS] = {0};
    for (size_t u = 0; u < units; u++) sum[u] = z[u * z_stride + i];
    FOR_GROUPS(units, sparse_product_row, row, w, column_stride, sum);
    for (size_t u = 0; u < units; u++) z[u * z_stride + i] = sum[u];
  }
}

static void add_sparse_outer_product_strip(
    const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride, double *g,
    size_t column_stride) {
  for (size_t i = 0; i < x->rows; i++) {
    const struct sparse_row row = sparse_row_at(x, i);
    double score[SPARSE_UNITS] = {0};
    for (size_t u = 0; u < units; u++) score[u] = s[u * s_stride + i];
    FOR_GROUPS(units, sparse_outer_row, row, score, g, column_stride);
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
            w[u * unit_stride + x->columns[k] * column_stride], entry(x->values, (size_t)k), sum);
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
        *to = multiply_add_one(s[u * s_stride + i], entry(x->values, (size_t)k), *to);
      }
}

static void add_sparse_gram(
    const struct surprisal_sparse_rows *x, const double *h, double *g, size_t g_stride) {
  for (size_t i = 0; i < x->rows; i++)
    for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++) {
      const double scaled = h[i] * entry(x->values, (size_t)k);
      double *const row = g + x->columns[k] * g_stride;
      for (ptrdiff_t j = x->starts[i]; j <= k; j++)
        row[x->columns[j]] =
            multiply_add_one(scaled, entry(x->values, (size_t)j), row[x->columns[j]]);
    }
}
