// The hidden layers of a network in single precision: features to floats, activations, normalisation.

/// exp(x) for -87 <= x <= 88, clamped: 2^k exp(r), |r| <= log(2) / 2, by the Taylor series of degree 7 (5e-9).
INLINE wide_float exponential_float(wide_float x) {
  x = x > splat_float(88) ? splat_float(88) : x;
  x = x < splat_float(-87) ? splat_float(-87) : x;
  const wide_float shifted = multiply_add_float(x, splat_float(0x1.715476p0f), splat_float(0x1.8p23f));
  const wide_float k = shifted - splat_float(0x1.8p23f);
  // log 2 in two parts, the first of which has 9 bits: its products with exponents are exact.
  const wide_float r = multiply_add_float(
      k, splat_float(0x1.bd0106p-13f), multiply_add_float(k, splat_float(-0x1.63p-1f), x));
  wide_float q = splat_float(1.0f / 5040);
  q = multiply_add_float(q, r, splat_float(1.0f / 720));
  q = multiply_add_float(q, r, splat_float(1.0f / 120));
  q = multiply_add_float(q, r, splat_float(1.0f / 24));
  q = multiply_add_float(q, r, splat_float(1.0f / 6));
  q = multiply_add_float(q, r, splat_float(0.5f));
  const wide_float fraction = splat_float(1) + multiply_add_float(r * r, q, r);
  // The low bits of `shifted` are those of k.
  wide_float_integer bits;
  __builtin_memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127) << 23;
  wide_float power;
  __builtin_memcpy(&power, &bits, sizeof power);
  return fraction * power;
}

INLINE wide_float logistic_float(wide_float x) {
  return splat_float(1) / (splat_float(1) + exponential_float(-x));
}

INLINE wide_float relu_float(wide_float y) { return y < splat_float(0) ? splat_float(0) : y; }

INLINE wide_float gelu_float(wide_float x) {
  const float twice = (float)(2 * ROOT_TWO_OVER_PI);
  return x * logistic_float(splat_float(twice) * (x + splat_float(0.044715f) * x * x * x));
}

INLINE wide_float hyperbolic_tangent_float(wide_float y) {
  return splat_float(2) * logistic_float(splat_float(2) * y) - splat_float(1);
}

static void activate_float(int kind, size_t count, float *y) {
  if (kind == 0) {
    for (size_t i = 0; i < count; i += 2 * LANES) store_float(y + i, relu_float(load_float(y + i)));
  } else if (kind == 1) {
    for (size_t i = 0; i < count; i += 2 * LANES) store_float(y + i, gelu_float(load_float(y + i)));
  } else {
    for (size_t i = 0; i < count; i += 2 * LANES)
      store_float(y + i, hyperbolic_tangent_float(load_float(y + i)));
  }
}

static void standardize_float(
    size_t rows, size_t columns, const double *x, size_t x_stride, const double *centers,
    const double *factors, float *y, size_t y_stride, float *largest) {
  for (size_t f = 0; f < columns; f++) {
    const wide center = splat(centers[f]), factor = splat(factors[f]);
    for (size_t i = 0; i < rows; i += LANES) {
      const narrow value = __builtin_convertvector(
          (load(x + f * x_stride + i) - center) * factor, narrow);
      store_single(y + f * y_stride + i, value);
      const narrow before = *(const unaligned_narrow *)(largest + i);
      narrow size = value < (narrow)0 ? -value : value;
      size = size == size ? size : (narrow)__builtin_inff();
      store_single(largest + i, size > before ? size : before);
    }
  }
}

static void normalize_float(
    size_t rows, size_t units, float *z, size_t z_stride, const float *gains, const float *shifts) {
  const wide_float share = splat_float(1.0f / (float)units);
  for (size_t i = 0; i < rows; i += 2 * LANES) {
    wide_float mean = splat_float(0), square = splat_float(0);
    for (size_t u = 0; u < units; u++) mean += load_float(z + u * z_stride + i);
    mean *= share;
    for (size_t u = 0; u < units; u++) {
      const wide_float rest = load_float(z + u * z_stride + i) - mean;
      square = multiply_add_float(rest, rest, square);
    }
    const wide_float inverse =
        splat_float(1) / __builtin_elementwise_sqrt(square * share + splat_float(1e-5f));
    for (size_t u = 0; u < units; u++) {
      float *const at = z + u * z_stride + i;
      const wide_float normalized = (load_float(at) - mean) * inverse;
      store_float(at, multiply_add_float(splat_float(gains[u]), normalized, splat_float(shifts[u])));
    }
  }
}

static void extent_float(
    size_t rows, size_t units, const float *z, size_t z_stride, float *largest) {
  for (size_t i = 0; i < rows; i += 2 * LANES) {
    wide_float top = load_float(largest + i);
    for (size_t u = 0; u < units; u++) {
      const wide_float value = load_float(z + u * z_stride + i);
      wide_float size = value < splat_float(0) ? -value : value;
      size = size == size ? size : splat_float(__builtin_inff());
      top = size > top ? size : top;
    }
    store_float(largest + i, top);
  }
}
