// Softmax and functions of it. Works on strips of examples; within a strip it reads whole rows of
// the tile one by one, so that memory is read in order; the state of a strip (maximum, sum, value)
// stays in the first-level cache.

enum { SOFTMAX_ROWS = 256 };

/// top[i] = the maximum of a column, or 0 if that is infinite: no shift, to avoid infinity - infinity.
INLINE void find_shift(size_t rows, size_t units, const double *z, size_t z_stride, double *top) {
  for (size_t i = 0; i < rows; i += LANES) store(top + i, splat(-__builtin_inf()));
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < rows; i += LANES) {
      const wide value = load(z + u * z_stride + i), best = load(top + i);
      store(top + i, value > best ? value : best);
    }
  for (size_t i = 0; i < rows; i += LANES) {
    const wide best = load(top + i), size = best < splat(0) ? -best : best;
    store(top + i, size == splat(__builtin_inf()) ? splat(0) : best);
  }
}

/// sum[i] = sum_u exp(z[u][i] - top[i]); the terms replace z if `keep`.
INLINE void add_exponentials(
    int keep, size_t rows, size_t units, double *z, size_t z_stride, const double *top,
    double *sum) {
  for (size_t i = 0; i < rows; i += LANES) store(sum + i, splat(0));
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < rows; i += LANES) {
      const wide term = exponential(load(z + u * z_stride + i) - load(top + i));
      if (keep) store(z + u * z_stride + i, term);
      store(sum + i, load(sum + i) + term);
    }
}

static void log_sum_exp(
    size_t rows, size_t units, const double *z, size_t z_stride, double *result) {
  double top[SOFTMAX_ROWS], sum[SOFTMAX_ROWS];
  for (size_t start = 0; start < rows; start += SOFTMAX_ROWS) {
    const size_t count = smaller(SOFTMAX_ROWS, rows - start);
    find_shift(count, units, z + start, z_stride, top);
    add_exponentials(0, count, units, (double *)(uintptr_t)(z + start), z_stride, top, sum);
    for (size_t i = 0; i < count; i += LANES)
      store(result + start + i, load(top + i) + logarithm(load(sum + i)));
  }
}

static void softmax(size_t rows, size_t units, double *z, size_t z_stride, double *result) {
  double top[SOFTMAX_ROWS], sum[SOFTMAX_ROWS];
  for (size_t start = 0; start < rows; start += SOFTMAX_ROWS) {
    const size_t count = smaller(SOFTMAX_ROWS, rows - start);
    find_shift(count, units, z + start, z_stride, top);
    add_exponentials(1, count, units, z + start, z_stride, top, sum);
    for (size_t i = 0; i < count; i += LANES) {
      store(result + start + i, load(top + i) + logarithm(load(sum + i)));
      store(sum + i, splat(1) / load(sum + i));
    }
    for (size_t u = 0; u < units; u++)
      for (size_t i = 0; i < count; i += LANES) {
        double *const at = z + u * z_stride + start + i;
        store(at, load(at) * load(sum + i));
      }
  }
}

/// p[u][i]: read, or 1 if the class of the example is u. Shared, so that both have the same bits.
INLINE wide target(
    const double *p, size_t p_stride, const double *classes, size_t unit, size_t i) {
  if (p) return load(p + unit * p_stride + i);
  return load(classes + i) == splat((double)unit) ? splat(1) : splat(0);
}

/// A strip of cross entropies and scores; either p or classes (as doubles) is NULL.
INLINE void score_strip(
    size_t rows, size_t units, const double *p, size_t p_stride, const double *classes,
    const double *totals, const double *weights, double *z, size_t z_stride, double *values) {
  double top[SOFTMAX_ROWS], sum[SOFTMAX_ROWS], value[SOFTMAX_ROWS];
  find_shift(rows, units, z, z_stride, top);
  for (size_t i = 0; i < rows; i += LANES) {
    store(sum + i, splat(0));
    store(value + i, splat(0));
  }
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < rows; i += LANES) {
      const wide below = load(z + u * z_stride + i) - load(top + i), term = exponential(below);
      const wide share = target(p, p_stride, classes, u, i);
      store(z + u * z_stride + i, term);
      store(sum + i, load(sum + i) + term);
      store(value + i, load(value + i) + (share == splat(0) ? splat(0) : share * below));
    }
  for (size_t i = 0; i < rows; i += LANES) {
    const wide total = totals ? load(totals + i) : splat(1), normalizer = load(sum + i);
    if (values) store(values + i, load(value + i) - total * logarithm(normalizer));
    store(sum + i, total / normalizer);
  }
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < rows; i += LANES) {
      double *const at = z + u * z_stride + i;
      const wide share = target(p, p_stride, classes, u, i);
      const wide score = multiply_add(-load(at), load(sum + i), share);
      store(at, weights ? load(weights + i) * score : score);
    }
}

static void cross_entropy_score(
    size_t rows, size_t units, const double *p, size_t p_stride, const double *totals,
    const double *weights, double *z, size_t z_stride, double *values) {
  for (size_t start = 0; start < rows; start += SOFTMAX_ROWS)
    score_strip(
        smaller(SOFTMAX_ROWS, rows - start), units, p + start, p_stride, NULL,
        totals ? totals + start : NULL, weights ? weights + start : NULL, z + start, z_stride,
        values ? values + start : NULL);
}

static void class_score(
    size_t rows, size_t units, const int32_t *classes, const double *weights, double *z,
    size_t z_stride, double *values) {
  double index[SOFTMAX_ROWS];
  for (size_t start = 0; start < rows; start += SOFTMAX_ROWS) {
    const size_t count = smaller(SOFTMAX_ROWS, rows - start);
    for (size_t i = 0; i < count; i++) index[i] = classes[start + i];
    score_strip(
        count, units, NULL, 0, index, NULL, weights ? weights + start : NULL, z + start, z_stride,
        values ? values + start : NULL);
  }
}

static void softmax_curvature(
    size_t rows, size_t units, const double *q, size_t q_stride, const double *weights, double *t,
    size_t t_stride) {
  double mean[SOFTMAX_ROWS];
  for (size_t start = 0; start < rows; start += SOFTMAX_ROWS) {
    const size_t count = smaller(SOFTMAX_ROWS, rows - start);
    for (size_t i = 0; i < count; i += LANES) store(mean + i, splat(0));
    for (size_t u = 0; u < units; u++)
      for (size_t i = 0; i < count; i += LANES)
        store(mean + i, multiply_add(
            load(q + u * q_stride + start + i), load(t + u * t_stride + start + i), load(mean + i)));
    for (size_t u = 0; u < units; u++)
      for (size_t i = 0; i < count; i += LANES) {
        double *const at = t + u * t_stride + start + i;
        const wide bent = load(q + u * q_stride + start + i) * (load(at) - load(mean + i));
        store(at, weights ? load(weights + start + i) * bent : bent);
      }
  }
}
