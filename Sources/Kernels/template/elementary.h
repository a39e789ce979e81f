// exp and log of a vector. Own code, because the math library has no
// vector versions and its bits differ between platforms.

#define LN2_HIGH 0x1.62e42fefa38p-1  // 41 bits: its products with exponents are exact
#define LN2_LOW 0x1.ef35793c7673p-45

/// value * 2^k for -1080 < k < 1080, rounded once. `shifted` holds k in its low bits, biased by 1.5 * 2^52.
INLINE wide scale_by_power_of_two(wide value, wide k, wide shifted) {
#ifdef SCALE_BY_POWER_OF_TWO
  (void)shifted;
  return SCALE_BY_POWER_OF_TWO(value, k);
#else
  // Two factors, because 2^k alone may be subnormal or too large; only the second product rounds.
  (void)k;
  const wide_integer biased = (bits_of(shifted) & 0xfff) ^ 0x800;  // k + 2048
  const wide_integer half = biased >> 1;                           // within 484 ... 1564
  const wide first = from_bits((half - 1) << 52);
  const wide second = from_bits((biased - half - 1) << 52);
  return value * first * second;
#endif
}

/// exp(x) = 2^k exp(r) with |r| <= log(2) / 2; exp(r) = 1 + r + r^2 q(r), q of degree 9 from the Remez
/// exchange algorithm for the relative error (3.7e-18).
INLINE wide exponential(wide x) {
  x = x > splat(710) ? splat(710) : x;
  x = x < splat(-746) ? splat(-746) : x;
  const wide shifted = multiply_add(x, splat(0x1.71547652b82fep0), splat(0x1.8p52));
  const wide k = shifted - splat(0x1.8p52);
  const wide r = multiply_add(k, splat(-LN2_LOW), multiply_add(k, splat(-LN2_HIGH), x));
  wide q = splat(0x1.ad7f7a2ffacb0p-26);
  q = multiply_add(q, r, splat(0x1.28ad68b512ca8p-22));
  q = multiply_add(q, r, splat(0x1.71df253abcda8p-19));
  q = multiply_add(q, r, splat(0x1.a0199a16cfd63p-16));
  q = multiply_add(q, r, splat(0x1.a01a012a696f3p-13));
  q = multiply_add(q, r, splat(0x1.6c16c1842672fp-10));
  q = multiply_add(q, r, splat(0x1.1111111127b9cp-7));
  q = multiply_add(q, r, splat(0x1.555555555088cp-5));
  q = multiply_add(q, r, splat(0x1.55555555554fap-3));
  q = multiply_add(q, r, splat(0x1.000000000000ap-1));
  return scale_by_power_of_two(splat(1) + multiply_add(r * r, q, r), k, shifted);
}

/// log(x) = k log 2 + log(1 + f) with sqrt(1/2) <= 1 + f < sqrt(2). With s = f / (2 + f), the series
/// log(1 + f) = 2 s + 2 s^3 / 3 + 2 s^5 / 5 + ..., and 2 s = f - s f, keeps the leading term exact.
INLINE wide logarithm(wide x) {
  const wide_integer tiny = x < splat(0x1p-1022);
  const wide_integer bits = bits_of(tiny ? x * splat(0x1p54) : x);
  const wide_integer exponent = (bits - 0x3fe6a09e667f3bcd) >> 52;
  const wide f = from_bits(bits - (exponent << 52)) - splat(1);
  const wide k = __builtin_convertvector(exponent, wide) - (tiny ? splat(54) : splat(0));
  const wide s = f / (splat(2) + f), t = s * s, half = splat(0.5) * f * f;
  wide series = splat(2.0 / 23);
  series = multiply_add(series, t, splat(2.0 / 21));
  series = multiply_add(series, t, splat(2.0 / 19));
  series = multiply_add(series, t, splat(2.0 / 17));
  series = multiply_add(series, t, splat(2.0 / 15));
  series = multiply_add(series, t, splat(2.0 / 13));
  series = multiply_add(series, t, splat(2.0 / 11));
  series = multiply_add(series, t, splat(2.0 / 9));
  series = multiply_add(series, t, splat(2.0 / 7));
  series = multiply_add(series, t, splat(2.0 / 5));
  series = multiply_add(series, t, splat(2.0 / 3));
  const wide small = multiply_add(s, multiply_add(series, t, half), k * splat(LN2_LOW));
  wide result = multiply_add(k, splat(LN2_HIGH), f - (half - small));
  result = x == splat(0) ? splat(-__builtin_inf()) : result;
  result = x == splat(__builtin_inf()) ? x : result;
  return x >= splat(0) ? result : splat(__builtin_nan(""));
}
