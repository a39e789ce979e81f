// The functions of a file with kernels, in the order of `struct surprisal_kernels`.
#define KERNEL_FUNCTIONS \
    add_product, \
    add_outer_product, \
    add_weighted_gram, \
    log_sum_exp, \
    softmax, \
    cross_entropy_score, \
    class_score, \
    softmax_curvature, \
    dot, \
    add_scaled, \
    exp_span, \
    log_span, \
    add_product_single, \
    add_outer_product_single, \
    add_weighted_gram_single, \
    add_sparse_product, \
    add_sparse_outer_product, \
    add_sparse_gram, \
    activate, \
    adam_step, \
    add_product_float, \
    standardize_float, \
    activate_float, \
    normalize_float, \
    extent_float
