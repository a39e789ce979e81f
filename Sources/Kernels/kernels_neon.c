// 16-byte vectors with 32 registers and a fused multiply-add. Compiled, but not yet tested on hardware.
#if defined(__aarch64__)
#define LANES 2
#define FUSED 1
#define PRODUCT_UNITS 8
#define PRODUCT_VECTORS 3
#define DOT_UNITS 5
#define DOT_FEATURES 5
#define NAME "neon"
#define TABLE surprisal_kernels_neon
#include "template/kernels.h"
#else
typedef int surprisal_kernels_neon_are_for_arm64;
#endif
