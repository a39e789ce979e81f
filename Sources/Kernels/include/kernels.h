// The numerical kernels of Surprisal: compute only, no policy. Swift decides what is computed.
//
// Common conventions. A *tile* is a matrix of doubles whose rows are contiguous: one row per unit
// (class, feature), one column per example; `stride` is the distance between rows in doubles. `rows` is the
// number of examples, always a multiple of 8: callers pad with zeros, so that no kernel has a tail and an
// example's result does not depend on its place in the block.
#ifndef SURPRISAL_KERNELS_H
#define SURPRISAL_KERNELS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// z[u][i] += sum_f w[u][f] * x[f][i], the sum over f in ascending order.
void surprisal_add_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride);

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

/// z[u][i] becomes exp(z[u][i] - log_sum_exp[i]) / its sum over u: rows sum to one; log_sum_exp is written as above.
void surprisal_softmax(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_sum_exp);

/// sum_i a[i] * b[i].
double surprisal_dot(size_t count, const double *a, const double *b);

/// y[i] += a * x[i].
void surprisal_add_scaled(size_t count, double a, const double *x, double *y);

#ifdef __cplusplus
}
#endif

#endif
