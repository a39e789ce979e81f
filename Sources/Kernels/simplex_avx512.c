// Eight lanes as one vector of 64 bytes.
#if defined(__x86_64__)
#pragma clang attribute push(                                                                    \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,bmi2"))), apply_to = function)

#define TABLE surprisal_simplex_avx512
#include "template/simplex.h"

#pragma clang attribute pop
#else
typedef int surprisal_simplex_avx512_is_for_x86_64;
#endif
