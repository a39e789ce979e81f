// The logits tile: register tiles of PRODUCT_UNITS units x PRODUCT_VECTORS vectors of examples.

enum {
  PRODUCT_FEATURES = 128,  // a strip of x for one group of examples stays in the first-level cache
  PRODUCT_PANEL = 16,      // tiles of units whose weights stay in the second-level cache
};

/// One register tile: for each feature, `vectors` loads and `units` broadcasts feed units * vectors sums.
/// `ahead` is the distance to what is fetched meanwhile, 0 for nothing.
INLINE void product_tile(
    int units, int vectors, size_t features, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, ptrdiff_t ahead) {
  wide sum[PRODUCT_UNITS][PRODUCT_VECTORS];
  UNROLL for (int u = 0; u < units; u++)
    UNROLL for (int v = 0; v < vectors; v++) sum[u][v] = load(z + u * z_stride + v * LANES);
  for (size_t f = 0; f < features; f++) {
    wide column[PRODUCT_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) column[v] = load(x + f * x_stride + v * LANES);
    if (ahead != 0) {
      UNROLL for (int v = 0; v < vectors; v++)
        __builtin_prefetch(
            (const char *)(uintptr_t)((uintptr_t)(x + f * x_stride + v * LANES) + (uintptr_t)ahead),
            0, 2);
    }
    UNROLL for (int u = 0; u < units; u++) {
      const wide weight = splat(w[u * w_stride + f]);
      UNROLL for (int v = 0; v < vectors; v++) sum[u][v] = multiply_add(weight, column[v], sum[u][v]);
    }
  }
  UNROLL for (int u = 0; u < units; u++)
    UNROLL for (int v = 0; v < vectors; v++) store(z + u * z_stride + v * LANES, sum[u][v]);
}

#define PRODUCT_CASE(U, V)                                                              \
  case (U) * 4 + (V):                                                                   \
    product_tile(U, V, features, x, x_stride, w, w_stride, z, z_stride, ahead);         \
    break;
#define PRODUCT_CASES(U) PRODUCT_CASE(U, 1) PRODUCT_CASE(U, 2) PRODUCT_CASE(U, 3)

/// A register tile of any size: the compiler sees constants.
static void any_product_tile(
    size_t units, size_t vectors, size_t features, const double *x, size_t x_stride,
    const double *w, size_t w_stride, double *z, size_t z_stride, ptrdiff_t ahead) {
  switch (units * 4 + vectors) {
    PRODUCT_CASES(1)
    PRODUCT_CASES(2)
    PRODUCT_CASES(3)
    PRODUCT_CASES(4)
#if PRODUCT_UNITS > 4
    PRODUCT_CASES(5)
    PRODUCT_CASES(6)
    PRODUCT_CASES(7)
    PRODUCT_CASES(8)
#endif
  default: break;
  }
}

/// Some features of some units, all examples: x strip after strip, each against all the units.
static void product_panel(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, ptrdiff_t ahead) {
  const size_t vectors = rows / LANES;
  for (size_t part = 0, v = 0; v < vectors; part++) {
    const size_t next = part_end(vectors, PRODUCT_VECTORS, part);
    for (size_t tile = 0, u = 0; u < units; tile++) {
      const size_t end = part_end(units, PRODUCT_UNITS, tile);
      any_product_tile(
          end - u, next - v, features, x + v * LANES, x_stride, w + u * w_stride, w_stride,
          z + u * z_stride + v * LANES, z_stride, u == 0 ? ahead : 0);
      u = end;
    }
    v = next;
  }
}

static void add_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const double *next) {
  const ptrdiff_t ahead = next ? (ptrdiff_t)((uintptr_t)next - (uintptr_t)x) : 0;
  for (size_t strip = 0, f = 0; f < features; strip++) {
    const size_t end = part_end(features, PRODUCT_FEATURES, strip);
    for (size_t panel = 0, u = 0; u < units; panel++) {
      const size_t stop = part_end(units, PRODUCT_PANEL * PRODUCT_UNITS, panel);
      product_panel(
          rows, end - f, stop - u, x + f * x_stride, x_stride, w + u * w_stride + f, w_stride,
          z + u * z_stride, z_stride, u == 0 ? ahead : 0);
      u = stop;
    }
    f = end;
  }
}
