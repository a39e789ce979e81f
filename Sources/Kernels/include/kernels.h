// The numerical kernels of Surprisal: computation only; Swift code decides what is computed.
//
// Common conventions. A *tile* is a matrix of doubles whose rows are contiguous: one row per unit
// (class, feature), one column per example; `stride` is the distance between rows in doubles. `rows`
// is the number of examples, always a multiple of 8: callers pad with zeros, so that kernels need no
// remainder loops and an example's result does not depend on its position in the block.
//
// Every kernel exists once per instruction set and once as a plain reference. The functions below use
// the set that is chosen at the first call: the widest one of the machine, or the one named by the
// environment variable SURPRISAL_KERNELS (reference, sse2, avx2, avx512, neon; a name that this
// machine does not support is ignored). Within a set the bits of a result depend only on the
// arguments; between sets results agree to about 1e-12 (those of *_float to about 1e-6). The
// reference has the same bits on every machine with IEEE arithmetic.
#ifndef SURPRISAL_KERNELS_H
#define SURPRISAL_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// z[u][i] += sum_f w[u][f] * x[f][i], the sum over f in ascending order.
void surprisal_add_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride);

/// The same; `next`, if not NULL, has the layout of x and is prefetched into the cache. Only its
/// address is used: it need not be readable.
void surprisal_add_product_fetching(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const double *next);

/// g[u][f] += sum_i s[u][i] * x[f][i].
void surprisal_add_outer_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride);

/// g[f][e] += sum_i h[i] * x[f][i] * x[e][i] for e <= f (the lower triangle only).
void surprisal_add_weighted_gram(
    size_t rows, size_t features, const double *x, size_t x_stride, const double *h, double *g,
    size_t g_stride);

/// log_sum_exp[i] = log sum_u exp(z[u][i]), shifted by the maximum. A column of -infinity gives -infinity.
void surprisal_log_sum_exp(
    size_t rows, size_t units, const double *z, size_t z_stride, double *log_sum_exp);

/// z[u][i] becomes exp(z[u][i] - log_sum_exp[i]) / its sum over u: columns sum to one; log_sum_exp is
/// written as above.
void surprisal_softmax(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_sum_exp);

/// The cross entropy of each example and its derivative. With q = softmax of column i of z and
/// n = totals[i] (1 if totals is NULL; it must be the sum of the p[u][i] if the second result is to be
/// the derivative of the first):
///   values[i] = sum_u p[u][i] * (z[u][i] - max) - n * log sum_u exp(z[u][i] - max) = sum_u p[u][i] log q[u]
///   z[u][i] becomes weights[i] * (p[u][i] - n * q[u])            (weights NULL: 1)
/// A term with p = 0 contributes exactly 0, also if z is -infinity; p > 0 there gives -infinity.
/// values may be NULL. A column without a finite maximum gives NaN.
void surprisal_cross_entropy_score(
    size_t rows, size_t units, const double *p, size_t p_stride, const double *totals,
    const double *weights, double *z, size_t z_stride, double *values);

/// The same for p[u][i] = 1 if u = classes[i], otherwise 0, and n = 1: same bits as with that p.
/// A class outside 0 ..< units means p = 0 for all classes.
void surprisal_class_score(
    size_t rows, size_t units, const int32_t *classes, const double *weights, double *z,
    size_t z_stride, double *values);

/// The curvature of the log of softmax times a direction, for the probabilities q of each example:
/// t[u][i] becomes weights[i] * q[u][i] * (t[u][i] - sum_v q[v][i] * t[v][i]); weights NULL means 1.
void surprisal_softmax_curvature(
    size_t rows, size_t units, const double *q, size_t q_stride, const double *weights, double *t,
    size_t t_stride);

/// sum_i a[i] * b[i]; any count. The order of the sum depends only on count.
double surprisal_dot(size_t count, const double *a, const double *b);

/// y[i] += a * x[i]; any count.
void surprisal_add_scaled(size_t count, double a, const double *x, double *y);

/// y[i] = exp(x[i]), x and y may be the same; any count. Error at most 1.05 units in the last place
/// (measured; 1.16 in the reference); subnormal results rounded correctly, overflow to infinity,
/// exp(-infinity) = 0, NaN stays NaN.
void surprisal_exp(size_t count, const double *x, double *y);

/// y[i] = log(x[i]), x and y may be the same; any count. Error at most 0.81 units in the last place
/// (measured); log 0 = -infinity, NaN below zero.
void surprisal_log(size_t count, const double *x, double *y);

/// The same products for features stored in single precision: each value is converted to double, and
/// sums are in double precision.
void surprisal_add_product_single(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const float *next);
void surprisal_add_outer_product_single(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride);
void surprisal_add_weighted_gram_single(
    size_t rows, size_t features, const float *x, size_t x_stride, const double *h, double *g,
    size_t g_stride);

/// Compressed rows: entries starts[i] ..< starts[i + 1] of columns and values belong to example i,
/// columns in ascending order, which only the gram needs. `values` NULL: all are 1. Here `rows` is
/// the number of examples without padding.
struct surprisal_sparse_rows {
  size_t rows;
  const ptrdiff_t *starts;
  const uint32_t *columns;
  const double *values;
};

/// z[u][i] += sum_f w[u * unit_stride + f * column_stride] * x[i][f], f in ascending order: for finite
/// w the bits of the dense product. Fast if the units of a column are contiguous and padded:
/// unit_stride = 1 and column_stride a multiple of 8.
void surprisal_add_sparse_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t unit_stride,
    size_t column_stride, double *z, size_t z_stride);

/// g[u * unit_stride + f * column_stride] += sum_i s[u][i] * x[i][f], i in ascending order; fast as above.
void surprisal_add_sparse_outer_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride, double *g,
    size_t unit_stride, size_t column_stride);

/// g[f][e] += sum_i h[i] * x[i][f] * x[i][e] for e <= f.
void surprisal_add_sparse_gram(
    const struct surprisal_sparse_rows *x, const double *h, double *g, size_t g_stride);

/// The activations of a network: the value (in place) and the derivative, slope[i], for each y[i]. Any
/// count.
///   0 relu   max(y, 0); slope 1 if y > 0, else 0
///   1 gelu   y s(2 c (y + 0.044715 y^3)), s the logistic function, c = sqrt(2 / pi)
///   2 tanh
/// NaN stays NaN. Absolute error of gelu and tanh at most 4e-16 max(1, |y|).
void surprisal_activate(int kind, size_t count, double *y, double *slope);

/// A step of Adam with decoupled decay (Loshchilov and Hutter 2019). For each i, in this order:
///   x -= x * decay;  m += (g - m) * (1 - beta1);  v = v * beta2 + g * g * (1 - beta2);
///   x -= rate * m / (sqrt(v) * scale + epsilon)
/// `rate` includes the bias correction of m, `scale` that of v. Any count.
struct surprisal_adam {
  double decay, beta1, beta2, rate, scale, epsilon;
};
void surprisal_adam_step(
    size_t count, const struct surprisal_adam *step, const double *g, double *m, double *v, double *x);

/// Predictions through hidden layers in single precision. Tiles are of floats, their `rows` a multiple
/// of 16 unless stated otherwise; sets agree to about 1e-6.

/// z[u][i] += sum_f w[u][f] * x[f][i], products and sums of floats, f in ascending order.
void surprisal_add_product_float(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const float *w,
    size_t w_stride, float *z, size_t z_stride, const float *next);

/// y[f][i] = (x[f][i] - centers[f]) * factors[f], rounded once, from double. largest[i] is updated
/// with the largest magnitude of column i; infinity if a value is NaN. `rows` is a multiple of 8.
void surprisal_standardize_float(
    size_t rows, size_t columns, const double *x, size_t x_stride, const double *centers,
    const double *factors, float *y, size_t y_stride, float *largest);

/// Activations as above without derivatives. `count` is a multiple of 16. NaN stays NaN. Error of gelu
/// and tanh at most 3e-7 max(1, |y|) for |y| up to 1024.
void surprisal_activate_float(int kind, size_t count, float *y);

/// Each column of z: mean 0 and variance 1 over the units (1e-5 is added to the variance), times gains[u],
/// plus shifts[u].
void surprisal_normalize_float(
    size_t rows, size_t units, float *z, size_t z_stride, const float *gains, const float *shifts);

/// largest[i] is updated with the largest magnitude of column i; infinity if a value is NaN.
void surprisal_extent_float(
    size_t rows, size_t units, const float *z, size_t z_stride, float *largest);

/// All kernels of one instruction set, for tests and reports.
struct surprisal_kernels {
  const char *name;
  void (*add_product)(
      size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
      size_t w_stride, double *z, size_t z_stride, const double *next);
  void (*add_outer_product)(
      size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *s,
      size_t s_stride, double *g, size_t g_stride);
  void (*add_weighted_gram)(
      size_t rows, size_t features, const double *x, size_t x_stride, const double *h, double *g,
      size_t g_stride);
  void (*log_sum_exp)(
      size_t rows, size_t units, const double *z, size_t z_stride, double *log_sum_exp);
  void (*softmax)(size_t rows, size_t units, double *z, size_t z_stride, double *log_sum_exp);
  void (*cross_entropy_score)(
      size_t rows, size_t units, const double *p, size_t p_stride, const double *totals,
      const double *weights, double *z, size_t z_stride, double *values);
  void (*class_score)(
      size_t rows, size_t units, const int32_t *classes, const double *weights, double *z,
      size_t z_stride, double *values);
  void (*softmax_curvature)(
      size_t rows, size_t units, const double *q, size_t q_stride, const double *weights, double *t,
      size_t t_stride);
  double (*dot)(size_t count, const double *a, const double *b);
  void (*add_scaled)(size_t count, double a, const double *x, double *y);
  void (*exp)(size_t count, const double *x, double *y);
  void (*log)(size_t count, const double *x, double *y);
  void (*add_product_single)(
      size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *w,
      size_t w_stride, double *z, size_t z_stride, const float *next);
  void (*add_outer_product_single)(
      size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *s,
      size_t s_stride, double *g, size_t g_stride);
  void (*add_weighted_gram_single)(
      size_t rows, size_t features, const float *x, size_t x_stride, const double *h, double *g,
      size_t g_stride);
  void (*add_sparse_product)(
      const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t unit_stride,
      size_t column_stride, double *z, size_t z_stride);
  void (*add_sparse_outer_product)(
      const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride,
      double *g, size_t unit_stride, size_t column_stride);
  void (*add_sparse_gram)(
      const struct surprisal_sparse_rows *x, const double *h, double *g, size_t g_stride);
  void (*activate)(int kind, size_t count, double *y, double *slope);
  void (*adam_step)(
      size_t count, const struct surprisal_adam *step, const double *g, double *m, double *v,
      double *x);
  void (*add_product_float)(
      size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const float *w,
      size_t w_stride, float *z, size_t z_stride, const float *next);
  void (*standardize_float)(
      size_t rows, size_t columns, const double *x, size_t x_stride, const double *centers,
      const double *factors, float *y, size_t y_stride, float *largest);
  void (*activate_float)(int kind, size_t count, float *y);
  void (*normalize_float)(
      size_t rows, size_t units, float *z, size_t z_stride, const float *gains,
      const float *shifts);
  void (*extent_float)(
      size_t rows, size_t units, const float *z, size_t z_stride, float *largest);
};

/// The set that the functions above use. Chosen once; never NULL.
const struct surprisal_kernels *surprisal_kernels_current(void);

/// The set with that name, or NULL if there is none or this machine does not support it.
const struct surprisal_kernels *surprisal_kernels_named(const char *name);

#ifdef __cplusplus
}
#endif

#endif
