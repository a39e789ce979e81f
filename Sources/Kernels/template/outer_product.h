// The gradient tile and the weighted Gram: register tiles of dot products over the examples. Included once
// for each type of stored features, like product.h.

#ifndef OUTER_PRODUCT_SHAPES
#define OUTER_PRODUCT_SHAPES
enum {
  DOT_PANEL = 4,    // tiles of units whose scores stay in the first-level cache
  DOT_ROWS = 256,   // examples of a strip of the Gram
  DOT_SUMS = (DOT_UNITS * DOT_FEATURES + LANES - 1) / LANES * LANES,
};
#endif

/// total[u * features + f] = sum_i s[u][i] * x[f][i] over `rows` examples.
INLINE void NAMED(dot_tile)(
    int units, int features, size_t rows, const STORED *x, size_t x_stride, const double *s,
    size_t s_stride, double *total) {
  wide sum[DOT_SUMS];
  UNROLL for (int k = 0; k < DOT_SUMS; k++) sum[k] = splat(0);
  for (size_t i = 0; i < rows; i += LANES) {
    wide score[DOT_UNITS];
    UNROLL for (int u = 0; u < units; u++) score[u] = load(s + u * s_stride + i);
    UNROLL for (int f = 0; f < features; f++) {
      const wide column = LOAD(x + f * x_stride + i);
      UNROLL for (int u = 0; u < units; u++)
        sum[u * features + f] = multiply_add(score[u], column, sum[u * features + f]);
    }
  }
  UNROLL for (int k = 0; k < units * features; k += LANES) store(total + k, sums(sum + k));
}

#define DOT_CASE(U, F)                                             \
  case (U) * 16 + (F):                                             \
    NAMED(dot_tile)(U, F, rows, x, x_stride, s, s_stride, total);         \
    break;
#if DOT_FEATURES > 4
#define DOT_CASES(U) \
  DOT_CASE(U, 1) DOT_CASE(U, 2) DOT_CASE(U, 3) DOT_CASE(U, 4) DOT_CASE(U, 5)
#else
#define DOT_CASES(U) DOT_CASE(U, 1) DOT_CASE(U, 2) DOT_CASE(U, 3) DOT_CASE(U, 4)
#endif

/// A register tile of any size.
static void NAMED(any_dot_tile)(
    size_t units, size_t features, size_t rows, const STORED *x, size_t x_stride, const double *s,
    size_t s_stride, double *total) {
  switch (units * 16 + features) {
    DOT_CASES(1)
    DOT_CASES(2)
    DOT_CASES(3)
#if DOT_UNITS > 3
    DOT_CASES(4)
    DOT_CASES(5)
#endif
  default: break;
  }
}

static void NAMED(add_outer_product)(
    size_t rows, size_t features, size_t units, const STORED *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride) {
  double total[DOT_SUMS];
  for (size_t panel = 0, first = 0; first < units; panel++) {
    const size_t stop = part_end(units, DOT_PANEL * DOT_UNITS, panel);
    for (size_t strip = 0, f = 0; f < features; strip++) {
      const size_t next = part_end(features, DOT_FEATURES, strip), width = next - f;
      for (size_t tile = 0, u = first; u < stop; tile++) {
        const size_t end = first + part_end(stop - first, DOT_UNITS, tile);
        NAMED(any_dot_tile)(
            end - u, width, rows, x + f * x_stride, x_stride, s + u * s_stride, s_stride, total);
        for (size_t a = u; a < end; a++)
          for (size_t b = 0; b < width; b++)
            g[a * g_stride + f + b] += total[(a - u) * width + b];
        u = end;
      }
      f = next;
    }
    first = stop;
  }
}

/// Rows of the Gram `from ..< to`, at most DOT_UNITS, columns up to `to`, for one strip of examples.
static void NAMED(add_gram_rows)(
    size_t rows, size_t from, size_t to, const STORED *x, size_t x_stride, const double *h,
    double *g, size_t g_stride) {
  double scaled[DOT_UNITS][DOT_ROWS], total[DOT_SUMS];
  for (size_t f = from; f < to; f++)
    for (size_t i = 0; i < rows; i += LANES)
      store(scaled[f - from] + i, load(h + i) * LOAD(x + f * x_stride + i));
  for (size_t strip = 0, e = 0; e < to; strip++) {
    const size_t next = part_end(to, DOT_FEATURES, strip), width = next - e;
    NAMED(any_dot_tile)(to - from, width, rows, x + e * x_stride, x_stride, scaled[0], DOT_ROWS, total);
    for (size_t f = from; f < to; f++)
      for (size_t b = 0; b < width && e + b <= f; b++)
        g[f * g_stride + e + b] += total[(f - from) * width + b];
    e = next;
  }
}

static void NAMED(add_weighted_gram)(
    size_t rows, size_t features, const STORED *x, size_t x_stride, const double *h, double *g,
    size_t g_stride) {
  for (size_t i = 0; i < rows; i += DOT_ROWS) {
    const size_t count = smaller(DOT_ROWS, rows - i);
    for (size_t tile = 0, f = 0; f < features; tile++) {
      const size_t end = part_end(features, DOT_UNITS, tile);
      NAMED(add_gram_rows)(count, f, end, x + i, x_stride, h + i, g, g_stride);
      f = end;
    }
  }
}
