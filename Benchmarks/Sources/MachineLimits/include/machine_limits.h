// What the processor can do at most: multiply-adds in registers, and reading memory in order.
#ifndef MACHINE_LIMITS_H
#define MACHINE_LIMITS_H

#include <stddef.h>

/// Runs `rounds` rounds of independent multiply-adds on the widest vectors; the number of flops done.
double machine_multiply_add(size_t rounds);

/// Reads `count` doubles in order; their sum.
double machine_read(size_t count, const double *values);

/// Seconds of processor time that this process has used.
double machine_processor_seconds(void);

#endif
