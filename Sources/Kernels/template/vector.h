// Vectors of LANES doubles. The including file defines LANES, FUSED (whether the instruction set has a fused
// multiply-add) and, if there is a single instruction for it, SCALE_BY_POWER_OF_TWO.
//
// Clang's extended vectors: comparisons give masks of all ones, `mask ? a : b` selects lane by lane.
#include <stddef.h>
#include <stdint.h>

#include "../include/kernels.h"

// Contraction is never left to the compiler: debug and release builds have the same bits.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef double wide __attribute__((ext_vector_type(LANES)));
typedef int64_t wide_integer __attribute__((ext_vector_type(LANES)));
typedef wide unaligned_wide __attribute__((aligned(8)));

typedef float narrow __attribute__((ext_vector_type(LANES)));
typedef narrow unaligned_narrow __attribute__((aligned(4)));

INLINE wide load(const double *from) { return *(const unaligned_wide *)from; }
INLINE void store(double *to, wide value) { *(unaligned_wide *)to = value; }
INLINE wide load_single(const float *from) {
  return __builtin_convertvector(*(const unaligned_narrow *)from, wide);
}
INLINE wide splat(double value) { return (wide)value; }

/// A single precision vector of the same size in bytes.
typedef float wide_float __attribute__((ext_vector_type(2 * LANES)));
typedef int32_t wide_float_integer __attribute__((ext_vector_type(2 * LANES)));
typedef wide_float unaligned_wide_float __attribute__((aligned(4)));

INLINE wide_float load_float(const float *from) { return *(const unaligned_wide_float *)from; }
INLINE void store_float(float *to, wide_float value) { *(unaligned_wide_float *)to = value; }
INLINE void store_single(float *to, narrow value) { *(unaligned_narrow *)to = value; }
INLINE wide_float splat_float(float value) { return (wide_float)value; }

/// a * b + c, with one rounding if the instruction set supports it. A scalar has the bits of one
/// lane.
#if FUSED
INLINE wide multiply_add(wide a, wide b, wide c) { return __builtin_elementwise_fma(a, b, c); }
INLINE wide_float multiply_add_float(wide_float a, wide_float b, wide_float c) {
  return __builtin_elementwise_fma(a, b, c);
}
INLINE double multiply_add_one(double a, double b, double c) { return __builtin_fma(a, b, c); }
#else
INLINE wide multiply_add(wide a, wide b, wide c) { return a * b + c; }
INLINE wide_float multiply_add_float(wide_float a, wide_float b, wide_float c) {
  return a * b + c;
}
INLINE double multiply_add_one(double a, double b, double c) { return a * b + c; }
#endif

INLINE wide_integer bits_of(wide value) {
  wide_integer result;
  __builtin_memcpy(&result, &value, sizeof result);
  return result;
}

INLINE wide from_bits(wide_integer value) {
  wide result;
  __builtin_memcpy(&result, &value, sizeof result);
  return result;
}

/// The sums of LANES vectors, sum k in lane k. Every sum uses the same tree: neighbours first.
INLINE wide sums(const wide v[LANES]) {
#if LANES == 2
  return __builtin_shufflevector(v[0], v[1], 0, 2) + __builtin_shufflevector(v[0], v[1], 1, 3);
#elif LANES == 4
  const wide a = __builtin_shufflevector(v[0], v[1], 0, 4, 2, 6) +
                 __builtin_shufflevector(v[0], v[1], 1, 5, 3, 7);
  const wide b = __builtin_shufflevector(v[2], v[3], 0, 4, 2, 6) +
                 __builtin_shufflevector(v[2], v[3], 1, 5, 3, 7);
  return __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
#elif LANES == 8
  wide pairs[4], quads[2];
  UNROLL for (int k = 0; k < 4; k++) {
    const wide a = v[2 * k], b = v[2 * k + 1];
    pairs[k] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
               __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  UNROLL for (int k = 0; k < 2; k++) {
    const wide a = pairs[2 * k], b = pairs[2 * k + 1];
    quads[k] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  return __builtin_shufflevector(quads[0], quads[1], 0, 1, 2, 3, 8, 9, 10, 11) +
         __builtin_shufflevector(quads[0], quads[1], 4, 5, 6, 7, 12, 13, 14, 15);
#else
#error "LANES is 2, 4 or 8"
#endif
}

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// Cuts `count` into the fewest parts of at most `limit`, of nearly equal size: the end of part `index`.
INLINE size_t part_end(size_t count, size_t limit, size_t index) {
  const size_t parts = (count + limit - 1) / limit;
  return count * (index + 1) / parts;
}
