// The divided difference C(z) = exp[z_1, ..., z_K] as the contour integral of
// exp(s) / prod_k (s - z_k) ds / (2 pi i).
//
// With y_k = max z - z_k >= 0 and the saddle point a, sum_k 1 / (a + y_k) = 1, the contour is the
// parabola a + a (2 i u - g u^2), g = 1 or flatter; the trapezoidal rule on it converges
// geometrically. The integrand is largest at u = 0 and hardly changes sign, so nothing cancels: all
// sums below keep their relative precision for any distances between the z and any number of them.
// The number of nodes (14 to 47, in rare shapes up to MAX_NODES) does not depend on the spread.
//
// Alternatives are worse: the sum over k of exp(z_k) / prod (z_k - z_i) cancels, and the series of
// complete homogeneous polynomials, which the tests use, needs a number of terms that grows with the
// spread.
//
// The sum of the means is one only if the discretisation is accurate. If this test fails for a lane
// (unusual shapes: many equal logits far below few), it gets a flatter parabola.
//
// The including file defines TABLE, and optionally the instruction set. A vector has eight lanes in
// every build and nothing is contracted: every instruction set gives the same bits.
#include <math.h>
#include <stddef.h>

#include "../simplex_table.h"

#pragma STDC FP_CONTRACT OFF
// Vectors are used only within this file: none is passed across an ABI boundary.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double lanes __attribute__((vector_size(64)));
typedef long long mask __attribute__((vector_size(64)));

enum { LANES = 8, MAX_NODES = 400, MAX_ATTEMPTS = 4, MAX_SADDLE_STEPS = 60 };

#define INLINE static inline __attribute__((always_inline))

INLINE lanes splat(double x) { return (lanes){x, x, x, x, x, x, x, x}; }

INLINE lanes pick(mask where, lanes yes, lanes no) {
  return (lanes)((where & (mask)yes) | (~where & (mask)no));
}

INLINE int any(mask m) {
  long long all = 0;
  for (size_t i = 0; i < LANES; i++) all |= m[i];
  return all != 0;
}

INLINE lanes load(const double *p) {
  lanes x;
  __builtin_memcpy(&x, p, sizeof x);
  return x;
}

INLINE void store(double *p, lanes x) { __builtin_memcpy(p, &x, sizeof x); }

// Eight examples. The arrays have one entry per class.
typedef struct {
  size_t units;
  lanes top, a, h, g;    // max z, saddle point, step, flatness of the parabola
  lanes log_scale;       // a - sum log(a + y)
  lanes sum;             // of the integrand over the nodes
  mask *is_top;          // the first class that attains the maximum
  lanes *r;              // 1 / (a + y)
  lanes *inverse;        // 1 / |1 + d r|^2 at the current node
  lanes *deviation;      // mean / r - 1
  lanes *re, *im;        // scratch of a product
} group;

// The position on the contour: d = s - a, the integrand, and the lanes that are not done.
typedef struct {
  lanes n, decay, factor, factor_step, cosine, sine, turn_cosine, turn_sine;
  lanes d_re, d_im, f_re, f_im;
  mask live;
} node;

INLINE group layout(size_t units, double *work) {
  const size_t misfit = ((size_t)work / sizeof(double)) % LANES;
  lanes *start = (lanes *)(work + (misfit ? LANES - misfit : 0));
  group s;
  s.units = units;
  s.r = start;
  s.inverse = start + units;
  s.deviation = start + 2 * units;
  s.re = start + 3 * units;
  s.im = start + 4 * units;
  s.is_top = (mask *)(start + 5 * units);
  return s;
}

// log prod (a + y_k): mantissas are multiplied, exponents counted.
INLINE lanes log_product(size_t units, lanes a, const lanes *y) {
  lanes product = splat(1), result;
  mask exponent = {0};
  for (size_t k = 0; k < units; k++) {
    product *= a + y[k];
    const mask bits = (mask)product;
    exponent += (bits >> 52) - 1023;
    product = (lanes)((bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL);
  }
  for (size_t i = 0; i < LANES; i++)
    result[i] = log(product[i]) + (double)exponent[i] * 0.69314718055994530942;
  return result;
}

// The saddle point and the step. Newton's method on 1 / sum 1 / (a + y), which is concave and
// increasing: from a = 1 it increases to the root without overshooting. Two digits suffice.
INLINE void prepare(group *s, const double *z, size_t z_stride) {
  lanes *y = s->r;
  s->top = splat(-INFINITY);
  for (size_t k = 0; k < s->units; k++) {
    const lanes logit = load(z + k * z_stride);
    s->top = pick(logit > s->top, logit, s->top);
  }
  mask missing = ~(mask){0};
  for (size_t k = 0; k < s->units; k++) {
    const lanes distance = s->top - load(z + k * z_stride);
    s->is_top[k] = missing & (distance == 0);
    missing &= ~s->is_top[k];
    y[k] = pick(distance < 1e300, distance, splat(1e300));
  }
  lanes a = splat(1), squares = splat(1);
  mask active = ~(mask){0};
  for (int step = 0; step < MAX_SADDLE_STEPS && any(active); step++) {
    lanes sum = splat(0);
    squares = splat(0);
    for (size_t k = 0; k < s->units; k++) {
      const lanes r = 1 / (a + y[k]);
      sum += r;
      squares += r * r;
    }
    const lanes change = (1 - 1 / sum) * (sum * sum / squares);
    a = pick(active, a + change, a);
    active &= change > 0.01 * a;
  }
  s->log_scale = a - log_product(s->units, a, y);
  squares = splat(0);
  for (size_t k = 0; k < s->units; k++) {
    s->r[k] = 1 / (a + y[k]);
    squares += s->r[k] * s->r[k];
  }
  s->a = a;
  s->g = splat(1);
  for (size_t i = 0; i < LANES; i++) s->h[i] = fmin(0.13, 0.27 / (a[i] * sqrt(squares[i])));
}

INLINE node first_node(const group *s) {
  node p;
  p.n = splat(0);
  p.decay = splat(1);
  for (size_t i = 0; i < LANES; i++) {
    p.factor[i] = exp(-s->a[i] * s->g[i] * s->h[i] * s->h[i]);
    p.turn_cosine[i] = cos(2 * s->a[i] * s->h[i]);
    p.turn_sine[i] = sin(2 * s->a[i] * s->h[i]);
  }
  p.factor_step = p.factor * p.factor;
  p.cosine = splat(1);
  p.sine = splat(0);
  p.live = ~(mask){0};
  return p;
}

// Evaluates the integrand and the inverses at the node. False if every lane is done;
// a lane that is done contributes zeros.
INLINE int evaluate(const group *s, node *p) {
  const lanes u = p->n * s->h, bend = s->g * u;
  p->d_re = -s->a * bend * u;
  p->d_im = 2 * s->a * u;
  lanes re = p->decay * (p->cosine - p->sine * bend), im = p->decay * (p->sine + p->cosine * bend);
  for (size_t k = 0; k < s->units; k++) {
    const lanes b = 1 + p->d_re * s->r[k], c = p->d_im * s->r[k];
    const lanes inverse = 1 / (b * b + c * c);
    const lanes next = (re * b + im * c) * inverse;
    im = (im * b - re * c) * inverse;
    re = next;
    s->inverse[k] = inverse;
  }
  p->live &= re * re + im * im > 1e-33;
  const lanes half = pick(p->n == 0, splat(0.5), splat(1));
  p->f_re = pick(p->live, re * half, splat(0));
  p->f_im = pick(p->live, im * half, splat(0));
  return any(p->live);
}

INLINE void advance(node *p) {
  p->n += 1;
  p->decay *= p->factor;
  p->factor *= p->factor_step;
  const lanes cosine = p->cosine * p->turn_cosine - p->sine * p->turn_sine;
  p->sine = p->sine * p->turn_cosine + p->cosine * p->turn_sine;
  p->cosine = cosine;
}

// The sums behind the mean: g_k = 1 / (1 + d r_k), of which the part g_k - 1 = -d r_k g_k is summed,
// because it is what differs between classes far below the top.
INLINE void sum_once(group *s) {
  s->sum = splat(0);
  for (size_t k = 0; k < s->units; k++) s->deviation[k] = splat(0);
  node p = first_node(s);
  for (int n = 0; n < MAX_NODES && evaluate(s, &p); n++, advance(&p)) {
    s->sum += p.f_re;
    const lanes e_re = p.f_re * p.d_re - p.f_im * p.d_im, e_im = p.f_re * p.d_im + p.f_im * p.d_re;
    for (size_t k = 0; k < s->units; k++) {
      const lanes b = 1 + p.d_re * s->r[k], c = p.d_im * s->r[k];
      s->deviation[k] -= (e_re * b + e_im * c) * (s->inverse[k] * s->r[k]);
    }
  }
  for (size_t k = 0; k < s->units; k++) s->deviation[k] /= s->sum;
}

INLINE void summarize(group *s) {
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    sum_once(s);
    lanes total = splat(-1);
    for (size_t k = 0; k < s->units; k++) total += s->r[k] * (1 + s->deviation[k]);
    const mask wrong = (total > 5e-14) | (total < -5e-14);
    if (!any(wrong) || attempt + 1 == MAX_ATTEMPTS) return;
    s->h = pick(wrong & (s->g == 1), 0.5 * s->h, s->h);
    s->g = pick(wrong, 0.25 * s->g, s->g);
  }
}

static void simplex_mean(
    size_t rows, size_t units, double *z, size_t z_stride, double *log_normalizer, double *work) {
  for (size_t row = 0; row < rows; row += LANES) {
    group s = layout(units, work);
    prepare(&s, z + row, z_stride);
    summarize(&s);
    lanes total = splat(0);
    for (size_t k = 0; k < units; k++) total += s.r[k] * (1 + s.deviation[k]);
    for (size_t k = 0; k < units; k++)
      store(z + k * z_stride + row, s.r[k] * (1 + s.deviation[k]) / total);
    for (size_t i = 0; i < LANES; i++)
      log_normalizer[row + i] =
          s.log_scale[i] + log(s.sum[i] * s.h[i] * s.a[i] * 0.63661977236758134308);
  }
}

// g_k at a node and e_k = g_k - 1 - deviation_k, whose products are the covariances.
INLINE void centre(const group *s, const node *p, size_t k, lanes *g_re, lanes *g_im, lanes *e_re,
                   lanes *e_im) {
  const lanes inverse = s->inverse[k], r = s->r[k];
  *g_re = (1 + p->d_re * r) * inverse;
  *g_im = -(p->d_im * r) * inverse;
  *e_re = -r * (p->d_re * *g_re - p->d_im * *g_im) - s->deviation[k];
  *e_im = -r * (p->d_re * *g_im + p->d_im * *g_re);
}

// Scales sums over nodes to covariances. The variance of the largest coordinate, which is nearly
// one in a far corner, is minus the sum of its covariances: those do not cancel.
INLINE void finish_pairs(const group *s, const double *weights, double *pairs, size_t stride) {
  const lanes weight = load(weights) / s->sum;
  for (size_t j = 0; j < s->units; j++) s->re[j] = splat(0);
  for (size_t j = 0, pair = 0; j < s->units; j++) {
    for (size_t k = 0; k <= j; k++, pair++) {
      const lanes value = load(pairs + pair * stride) * weight * (s->r[j] * s->r[k]);
      store(pairs + pair * stride, value);
      if (k == j) continue;
      s->re[j] -= value;
      s->re[k] -= value;
    }
  }
  for (size_t j = 0; j < s->units; j++) {
    double *variance = pairs + (j * (j + 1) / 2 + j) * stride;
    store(variance, pick(s->is_top[j], s->re[j], load(variance)));
  }
}

static void simplex_covariance(
    size_t rows, size_t units, const double *z, size_t z_stride, const double *weights,
    double *pairs, size_t pairs_stride, double *work) {
  for (size_t row = 0; row < rows; row += LANES) {
    group s = layout(units, work);
    prepare(&s, z + row, z_stride);
    summarize(&s);
    double *to = pairs + row;
    for (size_t pair = 0; pair < units * (units + 1) / 2; pair++)
      store(to + pair * pairs_stride, splat(0));
    node p = first_node(&s);
    for (int n = 0; n < MAX_NODES && evaluate(&s, &p); n++, advance(&p)) {
      for (size_t j = 0, pair = 0; j < units; j++) {
        lanes g_re, g_im;
        centre(&s, &p, j, &g_re, &g_im, &s.re[j], &s.im[j]);
        const lanes w_re = p.f_re * s.re[j] - p.f_im * s.im[j];
        const lanes w_im = p.f_re * s.im[j] + p.f_im * s.re[j];
        for (size_t k = 0; k <= j; k++, pair++) {
          lanes term = w_re * s.re[k] - w_im * s.im[k];
          if (k == j) term += p.f_re * (g_re * g_re - g_im * g_im) - 2 * p.f_im * g_re * g_im;
          store(to + pair * pairs_stride, load(to + pair * pairs_stride) + term);
        }
      }
    }
    finish_pairs(&s, weights + row, to, pairs_stride);
  }
}

// Shifts a direction so that it is 0 at the top, which changes no product, and scales it by r.
INLINE void shift_direction(const group *s, double *t, size_t t_stride) {
  lanes shift = splat(0);
  for (size_t k = 0; k < s->units; k++)
    shift = pick(s->is_top[k], load(t + k * t_stride), shift);
  for (size_t k = 0; k < s->units; k++) {
    s->re[k] = (load(t + k * t_stride) - shift) * s->r[k];
    s->im[k] = splat(0);
  }
}

static void simplex_product(
    size_t rows, size_t units, const double *z, size_t z_stride, const double *weights, double *t,
    size_t t_stride, double *work) {
  for (size_t row = 0; row < rows; row += LANES) {
    group s = layout(units, work);
    prepare(&s, z + row, z_stride);
    summarize(&s);
    shift_direction(&s, t + row, t_stride);
    node p = first_node(&s);
    for (int n = 0; n < MAX_NODES && evaluate(&s, &p); n++, advance(&p)) {
      lanes g_re, g_im, e_re, e_im, sum_re = splat(0), sum_im = splat(0);
      for (size_t k = 0; k < units; k++) {
        centre(&s, &p, k, &g_re, &g_im, &e_re, &e_im);
        sum_re += e_re * s.re[k];
        sum_im += e_im * s.re[k];
      }
      const lanes w_re = p.f_re * sum_re - p.f_im * sum_im;
      const lanes w_im = p.f_re * sum_im + p.f_im * sum_re;
      for (size_t k = 0; k < units; k++) {
        centre(&s, &p, k, &g_re, &g_im, &e_re, &e_im);
        s.im[k] += w_re * e_re - w_im * e_im;
        s.im[k] += s.re[k] * (p.f_re * (g_re * g_re - g_im * g_im) - 2 * p.f_im * g_re * g_im);
      }
    }
    const lanes weight = load(weights + row) / s.sum;
    lanes others = splat(0);
    for (size_t k = 0; k < units; k++) {
      s.im[k] = pick(s.is_top[k], splat(0), s.im[k] * s.r[k] * weight);
      others += s.im[k];
    }
    for (size_t k = 0; k < units; k++)
      store(t + k * t_stride + row, pick(s.is_top[k], -others, s.im[k]));
  }
}

const struct surprisal_simplex TABLE = {simplex_mean, simplex_covariance, simplex_product};
