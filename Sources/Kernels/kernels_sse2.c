// 16-byte vectors, available on every x86-64 processor; no fused multiply-add.
#if defined(__x86_64__)
#define LANES 2
#define FUSED 0
#define PRODUCT_UNITS 6
#define PRODUCT_VECTORS 2
#define DOT_UNITS 3
#define DOT_FEATURES 4
#define NAME "sse2"
#define TABLE surprisal_kernels_sse2
#include "template/kernels.h"
#else
typedef int surprisal_kernels_sse2_are_for_x86_64;
#endif
