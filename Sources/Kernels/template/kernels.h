// All kernels of one instruction set. The including file defines what vector.h requires, the shapes of the
// register tiles (PRODUCT_UNITS x PRODUCT_VECTORS, DOT_UNITS x DOT_FEATURES), TABLE and NAME.
#include "vector.h"

#include "elementary.h"
#include "softmax.h"
#include "span.h"
#include "sparse.h"

#include "network.h"

#define NUMBER double
#define VECTOR wide
#define WIDTH LANES
#define OF(name) name
#define STORED double
#define LOAD load
#define NAMED(name) name
#include "outer_product.h"
#include "product.h"
#undef STORED
#undef LOAD
#undef NAMED

#define STORED float
#define LOAD load_single
#define NAMED(name) name##_single
#include "outer_product.h"
#include "product.h"
#undef NUMBER
#undef VECTOR
#undef WIDTH
#undef OF
#undef STORED
#undef LOAD
#undef NAMED

#define NUMBER float
#define VECTOR wide_float
#define WIDTH (2 * LANES)
#define OF(name) name##_float
#define STORED float
#define LOAD load_float
#define NAMED(name) name##_float
#include "product.h"

#include "network_float.h"

#include "table.h"

const struct surprisal_kernels TABLE = {
    NAME,
    KERNEL_FUNCTIONS,
};
