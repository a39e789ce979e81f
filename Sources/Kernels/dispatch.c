// Chooses the instruction set at the first call, by the processor and the environment.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "include/kernels.h"

extern const struct surprisal_kernels surprisal_kernels_reference;
#if defined(__x86_64__)
extern const struct surprisal_kernels surprisal_kernels_sse2, surprisal_kernels_avx2,
    surprisal_kernels_avx512;
#elif defined(__aarch64__)
extern const struct surprisal_kernels surprisal_kernels_neon;
#endif

/// The sets this machine can run, best first, ended by NULL.
static void list_kernels(const struct surprisal_kernels *list[5]) {
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                       __builtin_cpu_supports("bmi2");
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    list[count++] = &surprisal_kernels_avx512;
  if (has_avx2) list[count++] = &surprisal_kernels_avx2;
  list[count++] = &surprisal_kernels_sse2;
#elif defined(__aarch64__)
  list[count++] = &surprisal_kernels_neon;
#endif
  list[count++] = &surprisal_kernels_reference;
  list[count] = NULL;
}

const struct surprisal_kernels *surprisal_kernels_named(const char *name) {
  const struct surprisal_kernels *list[5];
  list_kernels(list);
  for (size_t k = 0; list[k]; k++)
    if (strcmp(list[k]->name, name) == 0) return list[k];
  return NULL;
}

const struct surprisal_kernels *surprisal_kernels_current(void) {
  static _Atomic(const struct surprisal_kernels *) chosen = NULL;
  const struct surprisal_kernels *current = atomic_load_explicit(&chosen, memory_order_acquire);
  if (current) return current;
  // Two threads that get here at the same time compute the same value.
  const char *const wanted = getenv("SURPRISAL_KERNELS");
  const struct surprisal_kernels *list[5];
  list_kernels(list);
  current = wanted ? surprisal_kernels_named(wanted) : NULL;
  if (!current) current = list[0];
  atomic_store_explicit(&chosen, current, memory_order_release);
  return current;
}

void surprisal_add_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride) {
  surprisal_kernels_current()->add_product(
      rows, features, units, x, x_stride, w, w_stride, z, z_stride, NULL);
}

void surprisal_add_product_fetching(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const double *next) {
  surprisal_kernels_current()->add_product(
      rows, features, units, x, x_stride, w, w_stride, z, z_stride, next);
}

void surprisal_add_outer_product(
    size_t rows, size_t features, size_t units, const double *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride) {
  surprisal_kernels_current()->add_outer_product(
      rows, features, units, x, x_stride, s, s_stride, g, g_stride);
}

void surprisal_add_weighted_gram(
    size_t rows, size_t features, const double *x, size_t x_stride, const double *h, double *g,
    size_t g_stride) {
  surprisal_kernels_current()->add_weighted_gram(rows, features, x, x_stride, h, g, g_stride);
}

void surprisal_log_sum_exp(
    size_t rows, size_t units, const double *z, size_t z_stride, double *log_sum_exp) {
  surprisal_kernels_current()->log_sum_exp(rows, units, z, z_stride, log_sum_exp);
}

void surprisal_softmax(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_sum_exp) {
  surprisal_kernels_current()->softmax(rows, units, z, z_stride, log_sum_exp);
}

void surprisal_cross_entropy_score(
    size_t rows, size_t units, const double *p, size_t p_stride, const double *totals,
    const double *weights, double *z, size_t z_stride, double *values) {
  surprisal_kernels_current()->cross_entropy_score(
      rows, units, p, p_stride, totals, weights, z, z_stride, values);
}

void surprisal_class_score(
    size_t rows, size_t units, const int32_t *classes, const double *weights, double *z,
    size_t z_stride, double *values) {
  surprisal_kernels_current()->class_score(rows, units, classes, weights, z, z_stride, values);
}

void surprisal_softmax_curvature(
    size_t rows, size_t units, const double *q, size_t q_stride, const double *weights, double *t,
    size_t t_stride) {
  surprisal_kernels_current()->softmax_curvature(rows, units, q, q_stride, weights, t, t_stride);
}

double surprisal_dot(size_t count, const double *a, const double *b) {
  return surprisal_kernels_current()->dot(count, a, b);
}

void surprisal_add_scaled(size_t count, double a, const double *x, double *y) {
  surprisal_kernels_current()->add_scaled(count, a, x, y);
}

void surprisal_exp(size_t count, const double *x, double *y) {
  surprisal_kernels_current()->exp(count, x, y);
}

void surprisal_log(size_t count, const double *x, double *y) {
  surprisal_kernels_current()->log(count, x, y);
}

void surprisal_add_product_single(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *w,
    size_t w_stride, double *z, size_t z_stride, const float *next) {
  surprisal_kernels_current()->add_product_single(
      rows, features, units, x, x_stride, w, w_stride, z, z_stride, next);
}

void surprisal_add_outer_product_single(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const double *s,
    size_t s_stride, double *g, size_t g_stride) {
  surprisal_kernels_current()->add_outer_product_single(
      rows, features, units, x, x_stride, s, s_stride, g, g_stride);
}

void surprisal_add_weighted_gram_single(
    size_t rows, size_t features, const float *x, size_t x_stride, const double *h, double *g,
    size_t g_stride) {
  surprisal_kernels_current()->add_weighted_gram_single(
      rows, features, x, x_stride, h, g, g_stride);
}

void surprisal_add_sparse_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *w, size_t unit_stride,
    size_t column_stride, double *z, size_t z_stride) {
  surprisal_kernels_current()->add_sparse_product(
      x, units, w, unit_stride, column_stride, z, z_stride);
}

void surprisal_add_sparse_outer_product(
    const struct surprisal_sparse_rows *x, size_t units, const double *s, size_t s_stride, double *g,
    size_t unit_stride, size_t column_stride) {
  surprisal_kernels_current()->add_sparse_outer_product(
      x, units, s, s_stride, g, unit_stride, column_stride);
}

void surprisal_add_sparse_gram(
    const struct surprisal_sparse_rows *x, const double *h, double *g, size_t g_stride) {
  surprisal_kernels_current()->add_sparse_gram(x, h, g, g_stride);
}

void surprisal_activate(int kind, size_t count, double *y, double *slope) {
  surprisal_kernels_current()->activate(kind, count, y, slope);
}

void surprisal_adam_step(
    size_t count, const struct surprisal_adam *step, const double *g, double *m, double *v,
    double *x) {
  surprisal_kernels_current()->adam_step(count, step, g, m, v, x);
}

void surprisal_add_product_float(
    size_t rows, size_t features, size_t units, const float *x, size_t x_stride, const float *w,
    size_t w_stride, float *z, size_t z_stride, const float *next) {
  surprisal_kernels_current()->add_product_float(
      rows, features, units, x, x_stride, w, w_stride, z, z_stride, next);
}

void surprisal_standardize_float(
    size_t rows, size_t columns, const double *x, size_t x_stride, const double *centers,
    const double *factors, float *y, size_t y_stride, float *largest) {
  surprisal_kernels_current()->standardize_float(
      rows, columns, x, x_stride, centers, factors, y, y_stride, largest);
}

void surprisal_activate_float(int kind, size_t count, float *y) {
  surprisal_kernels_current()->activate_float(kind, count, y);
}

void surprisal_normalize_float(
    size_t rows, size_t units, float *z, size_t z_stride, const float *gains, const float *shifts) {
  surprisal_kernels_current()->normalize_float(rows, units, z, z_stride, gains, shifts);
}

void surprisal_extent_float(
    size_t rows, size_t units, const float *z, size_t z_stride, float *largest) {
  surprisal_kernels_current()->extent_float(rows, units, z, z_stride, largest);
}
