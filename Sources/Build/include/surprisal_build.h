#ifndef SURPRISAL_BUILD_H
#define SURPRISAL_BUILD_H

/// The commit that the sources are of, in hexadecimal digits; empty where that is not known.
const char *surprisal_build_commit(void);

/// Whether the sources were changed after that commit.
int surprisal_build_is_modified(void);

#endif
