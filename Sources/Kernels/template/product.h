// The product that computes logits, in register tiles of PRODUCT_UNITS units x PRODUCT_VECTORS vectors
// of examples. Included once for each type of stored features, given by STORED, LOAD (loads a vector)
// and NAMED (names functions), and for each type of weights and sums, given by NUMBER, VECTOR (WIDTH
// numbers) and OF (its operations).

#ifndef PRODUCT_SHAPES
#define PRODUCT_SHAPES
enum {
  PRODUCT_FEATURES = 160,  // a strip of x for one group of examples stays in the first-level cache
  PRODUCT_PANEL = 16,      // tiles of units whose weights stay in the second-level cache
};

/// What is prefetched into the second-level cache while a tile is computed: the line `distance` bytes
/// after each line that is read, for the features f with f & mask == phase. The processor drops
/// prefetches that are too dense, so two tiles that read the same strip share them.
struct fetching {
  ptrdiff_t distance;  // 0: nothing
  size_t mask, phase;
};

INLINE void fetch(const void *from, ptrdiff_t distance) {
  __builtin_prefetch((const void *)((uintptr_t)from + (uintptr_t)distance), 0, 2);
}
#endif

/// One register tile: for each feature, `vectors` loads and `units` broadcasts feed units * vectors sums.
INLINE void NAMED(product_tile)(
    int units, int vectors, int fetches, size_t features, const STORED *x, size_t x_stride,
    const NUMBER *w, size_t w_stride, NUMBER *z, size_t z_stride, struct fetching ahead) {
  VECTOR sum[PRODUCT_UNITS][PRODUCT_VECTORS];
  UNROLL for (int u = 0; u < units; u++)
    UNROLL for (int v = 0; v < vectors; v++) sum[u][v] = OF(load)(z + u * z_stride + v * WIDTH);
  for (size_t f = 0; f < features; f++) {
    VECTOR column[PRODUCT_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) column[v] = LOAD(x + f * x_stride + v * WIDTH);
    if (fetches && (f & ahead.mask) == ahead.phase) {
      UNROLL for (int v = 0; v < vectors; v++) fetch(x + f * x_stride + v * WIDTH, ahead.distance);
    }
    UNROLL for (int u = 0; u < units; u++) {
      const VECTOR weight = OF(splat)(w[u * w_stride + f]);
      UNROLL for (int v = 0; v < vectors; v++)
        sum[u][v] = OF(multiply_add)(weight, column[v], sum[u][v]);
    }
  }
  UNROLL for (int u = 0; u < units; u++)
    UNROLL for (int v = 0; v < vectors; v++) OF(store)(z + u * z_stride + v * WIDTH, sum[u][v]);
}

#define PRODUCT_CASE(U, V)                                                            \
  case (U) * 4 + (V):                                                                 \
    if (ahead.distance)                                                               \
      NAMED(product_tile)(U, V, 1, features, x, x_stride, w, w_stride, z, z_stride, ahead);  \
    else                                                                              \
      NAMED(product_tile)(U, V, 0, features, x, x_stride, w, w_stride, z, z_stride, ahead);  \
    break;
#if PRODUCT_VECTORS > 2
#define PRODUCT_CASES(U) PRODUCT_CASE(U, 1) PRODUCT_CASE(U, 2) PRODUCT_CASE(U, 3)
#else
#define PRODUCT_CASES(U) PRODUCT_CASE(U, 1) PRODUCT_CASE(U, 2)
#endif

/// A register tile of any size: the compiler sees constants.
static void NAMED(any_product_tile)(
    size_t units, size_t vectors, size_t features, const STORED *x, size_t x_stride,
    const NUMBER *w, size_t w_stride, NUMBER *z, size_t z_stride, struct fetching ahead) {
  switch (units * 4 + vectors) {
    PRODUCT_CASES(1)
    PRODUCT_CASES(2)
    PRODUCT_CASES(3)
    PRODUCT_CASES(4)
    PRODUCT_CASES(5)
#if PRODUCT_UNITS > 5
    PRODUCT_CASES(6)
#endif
#if PRODUCT_UNITS > 6
    PRODUCT_CASES(7)
    PRODUCT_CASES(8)
#endif
  default: break;
  }
}

/// Some features of some units, all examples: for each group of examples all the units.
/// `distance` as in fetching.
static void NAMED(product_panel)(
    size_t rows, size_t features, size_t units, const STORED *x, size_t x_stride, const NUMBER *w,
    size_t w_stride, NUMBER *z, size_t z_stride, ptrdiff_t distance) {
  const size_t vectors = rows / WIDTH, mask = units > PRODUCT_UNITS ? 1 : 0;
  for (size_t part = 0, v = 0; v < vectors; part++) {
    const size_t next = part_end(vectors, PRODUCT_VECTORS, part);
    for (size_t tile = 0, u = 0; u < units; tile++) {
      const size_t end = part_end(units, PRODUCT_UNITS, tile);
      const struct fetching ahead = {tile <= mask ? distance : 0, mask, tile};
      NAMED(any_product_tile)(
          end - u, next - v, features, x + v * WIDTH, x_stride, w + u * w_stride, w_stride,
          z + u * z_stride + v * WIDTH, z_stride, ahead);
      u = end;
    }
    v = next;
  }
}

/// Strip by strip of features; the following strip, in this block or the next, is prefetched.
static void NAMED(add_product)(
    size_t rows, size_t features, size_t units, const STORED *x, size_t x_stride, const NUMBER *w,
    size_t w_stride, NUMBER *z, size_t z_stride, const STORED *next) {
  for (size_t strip = 0, f = 0; f < features; strip++) {
    const size_t end = part_end(features, PRODUCT_FEATURES, strip);
    const STORED *const here = x + f * x_stride;
    const STORED *const following = end < features ? x + end * x_stride : next;
    const ptrdiff_t distance = following ? (ptrdiff_t)((uintptr_t)following - (uintptr_t)here) : 0;
    for (size_t panel = 0, u = 0; u < units; panel++) {
      const size_t stop = part_end(units, PRODUCT_PANEL * PRODUCT_UNITS, panel);
      NAMED(product_panel)(
          rows, end - f, stop - u, here, x_stride, w + u * w_stride + f, w_stride,
          z + u * z_stride, z_stride, u == 0 ? distance : 0);
      u = stop;
    }
    f = end;
  }
}
