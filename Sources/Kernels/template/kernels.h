// All kernels of one instruction set. The including file defines what vector.h asks for, the shapes of the
// register tiles (PRODUCT_UNITS x PRODUCT_VECTORS, DOT_UNITS x DOT_FEATURES), TABLE and NAME.
#include "vector.h"

#include "elementary.h"
#include "outer_product.h"
#include "product.h"
#include "softmax.h"
#include "span.h"

const struct surprisal_kernels TABLE = {
    NAME,        add_product, add_outer_product,   add_weighted_gram, log_sum_exp,
    softmax,     cross_entropy_score, class_score, softmax_curvature, dot,
    add_scaled,  exp_span,    log_span,
};
