// 64-byte vectors. `arch=x86-64-v4` is avoided because clang then splits them in two.
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                    \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma,bmi2"))), apply_to = function)

#define LANES 8
#define FUSED 1
#define SCALE_BY_POWER_OF_TWO(value, k) ((wide)_mm512_scalef_pd((__m512d)(value), (__m512d)(k)))
#define PRODUCT_UNITS 8
#define PRODUCT_VECTORS 3
#define DOT_UNITS 5
#define DOT_FEATURES 5
#define NAME "avx512"
#define TABLE surprisal_kernels_avx512
#include "template/kernels.h"

#pragma clang attribute pop
#else
typedef int surprisal_kernels_avx512_are_for_x86_64;
#endif
