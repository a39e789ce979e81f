#include "machine_limits.h"

#include <time.h>

enum { CHAINS = 16 };

// One copy an instruction set; 16 chains hide the latency of a multiply-add.
#define LIMITS(NAME, LANES, FMA)                                                            \
  typedef double NAME##_wide __attribute__((ext_vector_type(LANES), aligned(8)));           \
  static double NAME##_multiply_add(size_t rounds) {                                        \
    NAME##_wide chain[CHAINS];                                                              \
    for (int k = 0; k < CHAINS; k++) chain[k] = (NAME##_wide)(1e-3 * k);                    \
    const NAME##_wide factor = (NAME##_wide)0.999, term = (NAME##_wide)1e-3;                \
    for (size_t r = 0; r < rounds; r++) {                                                   \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < CHAINS; k++) chain[k] =        \
          FMA(chain[k], factor, term);                                                      \
    }                                                                                       \
    volatile double sink = 0;                                                               \
    for (int k = 0; k < CHAINS; k++) sink = sink + chain[k][0];                             \
    return 2.0 * LANES * CHAINS * (double)rounds;                                           \
  }                                                                                         \
  static double NAME##_read(size_t count, const double *values) {                           \
    NAME##_wide sum[4] = {0};                                                               \
    size_t i = 0;                                                                           \
    for (; i + 4 * LANES <= count; i += 4 * LANES)                                          \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) sum[k] +=              \
          *(const NAME##_wide *)(values + i + k * LANES);                                   \
    double total = 0;                                                                       \
    for (int k = 0; k < 4 * LANES; k++) total += sum[k / LANES][k % LANES];                 \
    for (; i < count; i++) total += values[i];                                              \
    return total;                                                                           \
  }

#define SEPARATE(a, b, c) ((a) * (b) + (c))

#if defined(__x86_64__)
LIMITS(sse2, 2, SEPARATE)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
LIMITS(avx2, 4, __builtin_elementwise_fma)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
LIMITS(avx512, 8, __builtin_elementwise_fma)
#pragma clang attribute pop

#define CHOOSE(FUNCTION, ...)                                                \
  __builtin_cpu_supports("avx512f") ? avx512_##FUNCTION(__VA_ARGS__)         \
  : __builtin_cpu_supports("fma")   ? avx2_##FUNCTION(__VA_ARGS__)           \
                                    : sse2_##FUNCTION(__VA_ARGS__)
#else
LIMITS(narrow, 2, __builtin_elementwise_fma)
#define CHOOSE(FUNCTION, ...) narrow_##FUNCTION(__VA_ARGS__)
#endif

double machine_multiply_add(size_t rounds) { return CHOOSE(multiply_add, rounds); }

double machine_read(size_t count, const double *values) { return CHOOSE(read, count, values); }

double machine_processor_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
