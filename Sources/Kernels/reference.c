// The plain form of every kernel: the reference for tests, with the same bits on every machine. One
// loop per index, sums in ascending order, every operation rounded (no fused multiply-add), own exp
// and log.
#include "include/kernels.h"
#include "template/table.h"

#pragma STDC FP_CONTRACT OFF

static const double infinity = __builtin_inf();

/// exp(x) = 2^k exp(r), |r| <= log(2) / 2, by the Taylor series of degree 13.
static double exponential(double x) {
  if (x != x) return x;
  if (x > 710) return infinity;
  if (x < -746) return 0;
  const int k = (int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
  const double r = (x - k * 0x1.62e42fefa38p-1) - k * 0x1.ef35793c7673p-45;
  double series = 0;
  for (int term = 13; term >= 1; term--) series = (series + 1) * r / term;
  return __builtin_ldexp(1 + series, k);
}

/// log(x) = k log 2 + log(1 + f), sqrt(1/2) <= 1 + f < sqrt(2), by the series of the inverse
/// hyperbolic tangent.
static double logarithm(double x) {
  if (!(x >= 0)) return __builtin_nan("");
  if (x == 0) return -infinity;
  if (x == infinity) return x;
  int k;
  double mantissa = __builtin_frexp(x, &k);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    k -= 1;
  }
  const double f = mantissa - 1, s = f / (2 + f), half = f * f / 2;
  double series = 0;
  for (int odd = 23; odd >= 3; odd -= 2) series = (series + 2.0 / odd) * s * s;
  return k * 0x1.62e42fefa38p-1 + (f - (half - (s * (half + series) + k * 0x1.ef35793c7673p-45)));
}

static double dot(size_t count, const double *a, const double *b) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

static void add_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const double *next) {
  (void)next;
  for (size_t u = 0; u < units; u++)
    for (size_t f = 0; f < features; f++)
      for (size_t i = 0; i < rows; i++)
        z[u * z_stride + i] += w[u * w_stride + f] * x[f * x_stride + i];
}

static void add_outer_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride) {
  for (size_t u = 0; u < units; u++)
    for (size_t f = 0; f < features; f++)
      g[u * g_stride + f] += dot(rows, s + u * s_stride, x + f * x_stride);
}

static void add_weighted_gram(
    size_t rows, size_t features, const double *x, size_t x_stride, const double *h, double *g,
    size_t g_stride) {
  for (size_t f = 0; f < features; f++)
    for (size_t e = 0; e <= f; e++) {
      double sum = 0;
      for (size_t i = 0; i < rows; i++) sum += h[i] * x[f * x_stride + i] * x[e * x_stride + i];
      g[f * g_stride + e] += sum;
    }
}

/// The maximum of column i, or 0 if it is infinite.
static double shift(size_t units, const double *z, size_t z_stride, size_t i) {
  double top = -infinity;
  for (size_t u = 0; u < units; u++)
    if (z[u * z_stride + i] > top) top = z[u * z_stride + i];
  return top == infinity || top == -infinity ? 0 : top;
}

static void log_sum_exp(
    size_t rows, size_t units, const double *z, size_t z_stride, double *result) {
  for (size_t i = 0; i < rows; i++) {
    const double top = shift(units, z, z_stride, i);
    double sum = 0;
    for (size_t u = 0; u < units; u++) sum += exponential(z[u * z_stride + i] - top);
    result[i] = top + logarithm(sum);
  }
}

static void softmax(size_t rows, size_t units, double *z, size_t z_stride, double *result) {
  for (size_t i = 0; i < rows; i++) {
    const double top = shift(units, z, z_stride, i);
    double sum = 0;
    for (size_t u = 0; u < units; u++) {
      z[u * z_stride + i] = exponential(z[u * z_stride + i] - top);
      sum += z[u * z_stride + i];
    }
    for (size_t u = 0; u < units; u++) z[u * z_stride + i] /= sum;
    result[i] = top + logarithm(sum);
  }
}

static void cross_entropy_score(
    size_t rows, size_t units, const double *p, size_t p_stride, const double *totals,
    const double *weights, double *z, size_t z_stride, double *values) {
  for (size_t i = 0; i < rows; i++) {
    const double top = shift(units, z, z_stride, i), total = totals ? totals[i] : 1;
    double sum = 0, value = 0;
    for (size_t u = 0; u < units; u++) {
      const double below = z[u * z_stride + i] - top, share = p[u * p_stride + i];
      z[u * z_stride + i] = exponential(below);
      sum += z[u * z_stride + i];
      if (share != 0) value += share * below;
    }
    if (values) values[i] = value - total * logarithm(sum);
    for (size_t u = 0; u < units; u++) {
      const double score = p[u * p_stride + i] - total * (z[u * z_stride + i] / sum);
      z[u * z_stride + i] = weights ? weights[i] * score : score;
    }
  }
}

static void class_score(
    size_t rows, size_t units, const int32_t *classes, const double *weights, double *z,
    size_t z_stride, double *values) {
  for (size_t i = 0; i < rows; i++) {
    const double top = shift(units, z, z_stride, i);
    double sum = 0, value = 0;
    for (size_t u = 0; u < units; u++) {
      const double below = z[u * z_stride + i] - top;
      z[u * z_stride + i] = exponential(below);
      sum += z[u * z_stride + i];
      if (classes[i] >= 0 && u == (size_t)classes[i]) value += below;
    }
    if (values) values[i] = value - logarithm(sum);
    for (size_t u = 0; u < units; u++) {
      const double share = classes[i] >= 0 && u == (size_t)classes[i] ? 1 : 0;
      const double score = share - z[u * z_stride + i] / sum;
      z[u * z_stride + i] = weights ? weights[i] * score : score;
    }
  }
}

static void softmax_curvature(
    size_t rows, size_t units, const double *q, size_t q_stride, const double *weights, double *t,
    size_t t_stride) {
  for (size_t i = 0; i < rows; i++) {
    double mean = 0;
    for (size_t u = 0; u < units; u++) mean += q[u * q_stride + i] * t[u * t_stride + i];
    for (size_t u = 0; u < units; u++) {
      const double bent = q[u * q_stride + i] * (t[u * t_stride + i] - mean);
      t[u * t_stride + i] = weights ? weights[i] * bent : bent;
    }
  }
}

static void add_scaled(size_t count, double a, const double *x, double *y) {
  for (size_t i = 0; i < count; i++) y[i] += a * x[i];
}

static void exp_span(size_t count, const double *x, double *y) {
  for (size_t i = 0; i < count; i++) y[i] = exponential(x[i]);
}

static void log_span(size_t count, const double *x, double *y) {
  for (size_t i = 0; i < count; i++) y[i] = logarithm(x[i]);
}

static void add_product_single(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const float *next) {
  (void)next;
  for (size_t u = 0; u < units; u++)
    for (size_t f = 0; f < features; f++)
      for (size_t i = 0; i < rows; i++)
        z[u * z_stride + i] += w[u * w_stride + f] * (double)x[f * x_stride + i];
}

static void add_outer_product_single(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride) {
  for (size_t u = 0; u < units; u++)
    for (size_t f = 0; f < features; f++) {
      double sum = 0;
      for (size_t i = 0; i < rows; i++) sum += s[u * s_stride + i] * (double)x[f * x_stride + i];
      g[u * g_stride + f] += sum;
    }
}

static void add_weighted_gram_single(
    size_t rows, size_t features, const float *x, size_t x_stride, const double *h, double *g,
    size_t g_stride) {
  for (size_t f = 0; f < features; f++)
    for (size_t e = 0; e <= f; e++) {
      double sum = 0;
      for (size_t i = 0; i < rows; i++)
        sum += h[i] * (double)x[f * x_stride + i] * (double)x[e * x_stride + i];
      g[f * g_stride + e] += sum;
    }
}

static double entry(const struct surprisal_sparse_rows *x, ptrdiff_t k) {
  return x->values ? x->values[k] : 1;
}

static void add_sparse_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t unit_stride,
    size_t column_stride, double *z, size_t z_stride) {
  for (size_t i = 0; i < x->rows; i++)
    for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++)
      for (size_t u = 0; u < units; u++)
        z[u * z_stride + i] +=
            w[u * unit_stride + x->columns[k] * column_stride] * entry(x, k);
}

static void add_sparse_outer_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride, double *g,
    size_t unit_stride, size_t column_stride) {
  for (size_t i = 0; i < x->rows; i++)
    for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++)
      for (size_t u = 0; u < units; u++)
        g[u * unit_stride + x->columns[k] * column_stride] += s[u * s_stride + i] * entry(x, k);
}

static void add_sparse_gram(
    const struct surprisal_sparse_rows *x, const double *h, double *g, size_t g_stride) {
  for (size_t i = 0; i < x->rows; i++)
    for (ptrdiff_t k = x->starts[i]; k < x->starts[i + 1]; k++)
      for (ptrdiff_t j = x->starts[i]; j <= k; j++)
        g[x->columns[k] * g_stride + x->columns[j]] += h[i] * entry(x, k) * entry(x, j);
}

static double logistic(double x) { return 1 / (1 + exponential(-x)); }

static void activate(int kind, size_t count, double *y, double *slope) {
  const double c = 0x1.9884533d43651p-1;  // sqrt(2 / pi)
  for (size_t i = 0; i < count; i++) {
    const double x = y[i];
    if (kind == 0) {
      slope[i] = x > 0 ? 1 : x != x ? x : 0;
      y[i] = x < 0 ? 0 : x;
    } else if (kind == 1) {
      const double s = logistic(2 * c * (x + 0.044715 * x * x * x));
      slope[i] = s == 0 || s == 1 ? s : s + x * s * (1 - s) * 2 * c * (1 + 3 * 0.044715 * x * x);
      y[i] = s == 0 ? 0 : x * s;
    } else {
      const double value = 2 * logistic(2 * x) - 1;
      slope[i] = 1 - value * value;
      y[i] = value;
    }
  }
}

static void adam_step(
    size_t count, const struct surprisal_adam *step, const double *g, double *m, double *v,
    double *x) {
  for (size_t i = 0; i < count; i++) {
    m[i] += (g[i] - m[i]) * (1 - step->beta1);
    v[i] = v[i] * step->beta2 + g[i] * g[i] * (1 - step->beta2);
    x[i] -= x[i] * step->decay;
    x[i] -= step->rate * m[i] / (__builtin_sqrt(v[i]) * step->scale + step->epsilon);
  }
}

static void add_product_float(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const float *w,
    size_t w_stride, float *z, size_t z_stride, const float *next) {
  (void)next;
  for (size_t u = 0; u < units; u++)
    for (size_t f = 0; f < features; f++)
      for (size_t i = 0; i < rows; i++)
        z[u * z_stride + i] += w[u * w_stride + f] * x[f * x_stride + i];
}

/// The larger of two magnitudes; NaN counts as the largest.
static float larger(float a, float b) {
  const float size = b < 0 ? -b : b;
  if (size != size) return (float)infinity;
  return size > a ? size : a;
}

static void standardize_float(
    size_t rows, size_t columns, const double *x, size_t x_stride, const double *centers,
    const double *factors, float *y, size_t y_stride, float *largest) {
  for (size_t f = 0; f < columns; f++)
    for (size_t i = 0; i < rows; i++) {
      const float value = (float)((x[f * x_stride + i] - centers[f]) * factors[f]);
      y[f * y_stride + i] = value;
      largest[i] = larger(largest[i], value);
    }
}

static void activate_float(int kind, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) {
    double value = y[i], slope;
    activate(kind, 1, &value, &slope);
    y[i] = (float)value;
  }
}

static void normalize_float(
    size_t rows, size_t units, float *z, size_t z_stride, const float *gains, const float *shifts) {
  for (size_t i = 0; i < rows; i++) {
    float mean = 0, square = 0;
    for (size_t u = 0; u < units; u++) mean += z[u * z_stride + i];
    mean /= (float)units;
    for (size_t u = 0; u < units; u++) {
      z[u * z_stride + i] -= mean;
      square += z[u * z_stride + i] * z[u * z_stride + i];
    }
    const float inverse = 1 / __builtin_sqrtf(square / (float)units + 1e-5f);
    for (size_t u = 0; u < units; u++)
      z[u * z_stride + i] = gains[u] * (z[u * z_stride + i] * inverse) + shifts[u];
  }
}

static void extent_float(
    size_t rows, size_t units, const float *z, size_t z_stride, float *largest) {
  for (size_t u = 0; u < units; u++)
    for (size_t i = 0; i < rows; i++) largest[i] = larger(largest[i], z[u * z_stride + i]);
}

const struct surprisal_kernels surprisal_kernels_reference = {
    "reference",
    KERNEL_FUNCTIONS,
};
