#include "kernels.h"

#include <math.h>

void surprisal_add_product(
    size_t rows, size_t features, size_t units, const double *restrict x, size_t x_stride,
    const double *restrict w, size_t w_stride, double *restrict z, size_t z_stride) {
  for (size_t u = 0; u < units; u++) {
    double *restrict to = z + u * z_stride;
    for (size_t f = 0; f < features; f++) {
      const double weight = w[u * w_stride + f];
      const double *restrict from = x + f * x_stride;
      for (size_t i = 0; i < rows; i++) to[i] += weight * from[i];
    }
  }
}

void surprisal_add_outer_product(
    size_t rows, size_t features, size_t units, const double *restrict x, size_t x_stride,
    const double *restrict s, size_t s_stride, double *restrict g, size_t g_stride) {
  for (size_t u = 0; u < units; u++) {
    for (size_t f = 0; f < features; f++)
      g[u * g_stride + f] += surprisal_dot(rows, s + u * s_stride, x + f * x_stride);
  }
}

void surprisal_add_weighted_gram(
    size_t rows, size_t features, const double *restrict x, size_t x_stride,
    const double *restrict h, double *restrict g, size_t g_stride) {
  for (size_t f = 0; f < features; f++) {
    for (size_t e = 0; e <= f; e++) {
      const double *restrict a = x + f * x_stride, *restrict b = x + e * x_stride;
      double lanes[8] = {0};
      for (size_t i = 0; i < rows; i += 8)
        for (size_t k = 0; k < 8; k++) lanes[k] += h[i + k] * a[i + k] * b[i + k];
      g[f * g_stride + e] += ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
                             ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    }
  }
}

void surprisal_log_sum_exp(
    size_t rows, size_t units, const double *z, size_t z_stride, double *log_sum_exp) {
  for (size_t i = 0; i < rows; i++) {
    double top = -INFINITY, sum = 0;
    for (size_t u = 0; u < units; u++) top = z[u * z_stride + i] > top ? z[u * z_stride + i] : top;
    if (top == -INFINITY) {
      log_sum_exp[i] = -INFINITY;
      continue;
    }
    for (size_t u = 0; u < units; u++) sum += exp(z[u * z_stride + i] - top);
    log_sum_exp[i] = top + log(sum);
  }
}

void surprisal_softmax(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_sum_exp) {
  for (size_t i = 0; i < rows; i++) {
    double top = -INFINITY, sum = 0;
    for (size_t u = 0; u < units; u++) top = z[u * z_stride + i] > top ? z[u * z_stride + i] : top;
    if (top == -INFINITY) top = 0;
    for (size_t u = 0; u < units; u++) {
      const double e = exp(z[u * z_stride + i] - top);
      z[u * z_stride + i] = e;
      sum += e;
    }
    for (size_t u = 0; u < units; u++) z[u * z_stride + i] /= sum;
    log_sum_exp[i] = top + log(sum);
  }
}

double surprisal_dot(size_t count, const double *restrict a, const double *restrict b) {
  double lanes[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (size_t k = 0; k < 8; k++) lanes[k] += a[i + k] * b[i + k];
  double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
               ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

void surprisal_add_scaled(size_t count, double a, const double *restrict x, double *restrict y) {
  for (size_t i = 0; i < count; i++) y[i] += a * x[i];
}
