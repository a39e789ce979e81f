// 32-byte vectors and the fused multiply-add; 16 registers.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)

#define LANES 4
#define FUSED 1
#define PRODUCT_UNITS 6
#define PRODUCT_VECTORS 2
#define DOT_UNITS 3
#define DOT_FEATURES 4
#define NAME "avx2"
#define TABLE surprisal_kernels_avx2
#include "template/kernels.h"

#pragma clang attribute pop
#else
typedef int surprisal_kernels_avx2_are_for_x86_64;
#endif
