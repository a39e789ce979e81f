#include "surprisal_build.h"

// The manifest defines both; a file of its own, so that a new commit compiles nothing else.
#ifndef SURPRISAL_COMMIT
#define SURPRISAL_COMMIT
#define SURPRISAL_MODIFIED 0
#endif

#define TEXT_OF(token) #token
#define TEXT(macro) TEXT_OF(macro)

const char *surprisal_build_commit(void) { return TEXT(SURPRISAL_COMMIT); }

int surprisal_build_is_modified(void) { return SURPRISAL_MODIFIED; }
