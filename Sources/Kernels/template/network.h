// Kernels of networks besides products: activations with their derivatives, and the step of Adam.

#define ROOT_TWO_OVER_PI 0x1.9884533d43651p-1

INLINE wide logistic(wide x) { return splat(1) / (splat(1) + exponential(-x)); }

INLINE void relu(wide *value, wide *slope) {
  const wide y = *value;
  *slope = y > splat(0) ? splat(1) : splat(0);
  *slope = y == y ? *slope : y;
  *value = y < splat(0) ? splat(0) : y;
}

/// If s is 0 or 1 to the last bit, x may be so large that x^2 overflows: the limits are used.
INLINE void gelu(wide *value, wide *slope) {
  const wide x = *value, square = x * x, cubic = splat(0.044715);
  const wide twice = splat(2 * ROOT_TWO_OVER_PI);
  const wide s = logistic(twice * (x + cubic * square * x));
  const wide bend = x * s * (splat(1) - s) * twice * (splat(1) + splat(3) * cubic * square);
  *slope = s == splat(0) || s == splat(1) ? s : s + bend;
  *value = s == splat(0) ? splat(0) : x * s;
}

INLINE void hyperbolic_tangent(wide *value, wide *slope) {
  const wide t = splat(2) * logistic(splat(2) * *value) - splat(1);
  *slope = splat(1) - t * t;
  *value = t;
}

#define ACTIVATE(FUNCTION)                                          \
  for (; i + LANES <= count; i += LANES) {                          \
    wide value = load(y + i), derivative;                           \
    FUNCTION(&value, &derivative);                                  \
    store(y + i, value);                                            \
    store(slope + i, derivative);                                   \
  }                                                                 \
  if (i < count) {                                                  \
    wide value = splat(0), derivative;                              \
    for (size_t k = i; k < count; k++) value[k - i] = y[k];         \
    FUNCTION(&value, &derivative);                                  \
    for (size_t k = i; k < count; k++) {                            \
      y[k] = value[k - i];                                          \
      slope[k] = derivative[k - i];                                 \
    }                                                               \
  }

static void activate(int kind, size_t count, double *y, double *slope) {
  size_t i = 0;
  if (kind == 0) {
    ACTIVATE(relu)
  } else if (kind == 1) {
    ACTIVATE(gelu)
  } else {
    ACTIVATE(hyperbolic_tangent)
  }
}

INLINE void adam_lanes(
    const struct surprisal_adam *step, wide g, wide *m, wide *v, wide *x) {
  *m = multiply_add(g - *m, splat(1 - step->beta1), *m);
  *v = multiply_add(*v, splat(step->beta2), g * g * splat(1 - step->beta2));
  const wide decayed = *x - *x * splat(step->decay);
  const wide size = multiply_add(
      __builtin_elementwise_sqrt(*v), splat(step->scale), splat(step->epsilon));
  *x = decayed - splat(step->rate) * *m / size;
}

static void adam_step(
    size_t count, const struct surprisal_adam *step, const double *g, double *m, double *v,
    double *x) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    wide first = load(m + i), second = load(v + i), point = load(x + i);
    adam_lanes(step, load(g + i), &first, &second, &point);
    store(m + i, first);
    store(v + i, second);
    store(x + i, point);
  }
  // The remainder one by one, as vectors: the same bits as for whole vectors.
  for (; i < count; i++) {
    wide first = splat(m[i]), second = splat(v[i]), point = splat(x[i]);
    adam_lanes(step, splat(g[i]), &first, &second, &point);
    m[i] = first[0];
    v[i] = second[0];
    x[i] = point[0];
  }
}
