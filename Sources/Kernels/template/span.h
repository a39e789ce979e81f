// Operations on plain vectors of any length.

static double dot(size_t count, const double *a, const double *b) {
  wide sum[LANES];
  UNROLL for (int k = 0; k < LANES; k++) sum[k] = splat(0);
  size_t i = 0;
  // 16 doubles at a time, in 16 / LANES chains: additions of different chains are independent.
  for (; i + 4 * LANES <= count; i += 4 * LANES)
    UNROLL for (int k = 0; k < 4; k++)
      sum[k % LANES] = multiply_add(
          load(a + i + k * LANES), load(b + i + k * LANES), sum[k % LANES]);
  for (; i + LANES <= count; i += LANES) sum[0] = multiply_add(load(a + i), load(b + i), sum[0]);
  const wide lanes = sums(sum);
  double total = 0;
  UNROLL for (int k = 0; k < (LANES < 4 ? LANES : 4); k++) total += lanes[k];
  double rest = 0;
  for (; i < count; i++) rest += a[i] * b[i];
  return total + rest;
}

static void add_scaled(size_t count, double a, const double *x, double *y) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store(y + i, multiply_add(splat(a), load(x + i), load(y + i)));
  if (i == count) return;
  // The remainder as a vector: the same arithmetic and bits as for whole vectors.
  wide from = splat(0), to = splat(0);
  for (size_t k = i; k < count; k++) {
    from[k - i] = x[k];
    to[k - i] = y[k];
  }
  to = multiply_add(splat(a), from, to);
  for (size_t k = i; k < count; k++) y[k] = to[k - i];
}

#define FOR_SPAN(NAME, FUNCTION)                                                       \
  static void NAME(size_t count, const double *x, double *y) {                         \
    size_t i = 0;                                                                      \
    for (; i + LANES <= count; i += LANES) store(y + i, FUNCTION(load(x + i)));        \
    if (i == count) return;                                                            \
    wide value = splat(1);                                                             \
    for (size_t k = i; k < count; k++) value[k - i] = x[k];                            \
    value = FUNCTION(value);                                                           \
    for (size_t k = i; k < count; k++) y[k] = value[k - i];                            \
  }

FOR_SPAN(exp_span, exponential)
FOR_SPAN(log_span, logarithm)
