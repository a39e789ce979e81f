// Exponential distributions on the simplex: density exp(z . x) / C(z), with Lebesgue measure on all
// coordinates but the last.
//
// C(z) is the divided difference of exp at z. All functions work on groups of eight examples, one per
// lane; the content of one lane changes no bit of another. `rows` is a multiple of eight.
#ifndef SURPRISAL_SIMPLEX_H
#define SURPRISAL_SIMPLEX_H

#include <stddef.h>

// The number of doubles of scratch memory that the functions below need for `units` classes.
size_t surprisal_simplex_workspace(size_t units);

// Replaces logits by the mean and writes log C(z - max z).
void surprisal_simplex_mean(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_normalizer, double *work);

// Writes weights[i] times the covariance to the pairs u (u + 1) / 2 + v, v <= u.
void surprisal_simplex_covariance(
    size_t rows, size_t units, const double *z, size_t z_stride, const double *weights,
    double *pairs, size_t pairs_stride, double *work);

// Replaces directions t by weights[i] times the covariance times t.
void surprisal_simplex_product(
    size_t rows, size_t units, const double *z, size_t z_stride, const double *weights, double *t,
    size_t t_stride, double *work);

#endif
