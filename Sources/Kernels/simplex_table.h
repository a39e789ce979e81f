// The functions of simplex.h for one instruction set.
#ifndef SURPRISAL_SIMPLEX_TABLE_H
#define SURPRISAL_SIMPLEX_TABLE_H

#include <stddef.h>

struct surprisal_simplex {
  void (*mean)(
      size_t rows, size_t units, double *z, size_t z_stride, double *log_normalizer, double *work);
  void (*covariance)(
      size_t rows, size_t units, const double *z, size_t z_stride, const double *weights,
      double *pairs, size_t pairs_stride, double *work);
  void (*product)(
      size_t rows, size_t units, const double *z, size_t z_stride, const double *weights,
      double *t, size_t t_stride, double *work);
};

extern const struct surprisal_simplex surprisal_simplex_plain, surprisal_simplex_avx2,
    surprisal_simplex_avx512;

#endif
