// The portable build, and the choice among the instruction sets.
#include <string.h>

#include "include/kernels.h"
#include "include/simplex.h"

#define TABLE surprisal_simplex_plain
#include "template/simplex.h"

// The same instruction set as for the other kernels.
static const struct surprisal_simplex *current(void) {
#if defined(__x86_64__)
  const char *const name = surprisal_kernels_current()->name;
  if (strcmp(name, "avx512") == 0) return &surprisal_simplex_avx512;
  if (strcmp(name, "avx2") == 0) return &surprisal_simplex_avx2;
#endif
  return &surprisal_simplex_plain;
}

size_t surprisal_simplex_workspace(size_t units) { return 6 * units * LANES + LANES; }

void surprisal_simplex_mean(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_normalizer, double *work) {
  current()->mean(rows, units, z, z_stride, log_normalizer, work);
}

void surprisal_simplex_covariance(
    size_t rows, size_t units, const double *z, size_t z_stride, const double *weights,
    double *pairs, size_t pairs_stride, double *work) {
  current()->covariance(rows, units, z, z_stride, weights, pairs, pairs_stride, work);
}

void surprisal_simplex_product(
    size_t rows, size_t units, const double *z, size_t z_stride, const double *weights, double *t,
    size_t t_stride, double *work) {
  current()->product(rows, units, z, z_stride, weights, t, t_stride, work);
}
