// Eight lanes as two vectors of 32 bytes.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,bmi2"))), apply_to = function)

#define TABLE surprisal_simplex_avx2
#include "template/simplex.h"

#pragma clang attribute pop
#else
typedef int surprisal_simplex_avx2_is_for_x86_64;
#endif
