import Foundation

/// A library for `LD_PRELOAD` in which the n-th system call on the files of a command fails.
///
/// Affected are files opened by a relative name, and the standard output. The variable FAULT
/// contains the call, the first and the last failing call, and the error number; `short` instead of
/// a call's name makes `write` accept one byte only.
struct FailingCalls: Sendable {
  let path: String
  /// The folder of the library, which is removed with it.
  private let folder: Workspace

  /// Builds the library; nil if there is no C compiler.
  init?(in folder: Workspace) throws {
    try folder.write(Self.source, to: "faults.c")
    let line = "${CC:-cc} -shared -fPIC -O1 -o faults.so faults.c -ldl"
    for compiler in ["cc", "clang", "gcc"] {
      let outcome = try Tool.shell(
        "command -v \(compiler) > /dev/null && \(line)", in: folder, environment: ["CC": compiler])
      if outcome.status == 0 {
        (path, self.folder) = (folder.url("faults.so").path, folder)
        return
      }
    }
    return nil
  }

  /// The environment in which calls fail.
  func environment(
    _ call: String, from first: Int, to last: Int, error: Int32
  ) -> [String: String] {
    ["LD_PRELOAD": path, "FAULT": "\(call) \(first) \(last) \(error)"]
  }

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdarg.h>
    #include <stdatomic.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/types.h>
    #include <unistd.h>

    static char call[16];
    static long first = 0, last = 0;
    static int number = 0;
    static atomic_long count;
    static atomic_char ours[1024];

    __attribute__((constructor)) static void begin(void) {
      const char *text = getenv("FAULT");
      if (text) sscanf(text, "%15s %ld %ld %d", call, &first, &last, &number);
      ours[1] = 1;
    }

    static int fails(const char *name) {
      if (strcmp(name, call) != 0) return 0;
      long place = atomic_fetch_add(&count, 1) + 1;
      if (place < first || place > last) return 0;
      errno = number;
      return 1;
    }

    static int owns(int file) { return file >= 0 && file < 1024 && ours[file]; }

    #define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

    static int opened(int file) {
      if (file >= 0 && file < 1024) ours[file] = 1;
      return file;
    }

    #define OPENS(name) \\
      int name(const char *path, int flags, ...) { \\
        va_list list; \\
        va_start(list, flags); \\
        mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; \\
        va_end(list); \\
        if (path[0] == '/') return NEXT(name)(path, flags, mode); \\
        return fails("open") ? -1 : opened(NEXT(name)(path, flags, mode)); \\
      }
    OPENS(open)
    OPENS(open64)

    ssize_t read(int file, void *bytes, size_t size) {
      if (owns(file) && fails("read")) return -1;
      return NEXT(read)(file, bytes, size);
    }

    ssize_t pread(int file, void *bytes, size_t size, off_t place) {
      if (owns(file) && fails("read")) return -1;
      return NEXT(pread)(file, bytes, size, place);
    }

    ssize_t write(int file, const void *bytes, size_t size) {
      if (owns(file) && fails("write")) return -1;
      if (owns(file) && size > 1 && fails("short")) size = 1;
      return NEXT(write)(file, bytes, size);
    }

    int fsync(int file) {
      if (owns(file) && fails("fsync")) return -1;
      return NEXT(fsync)(file);
    }

    int rename(const char *from, const char *to) {
      return fails("rename") ? -1 : NEXT(rename)(from, to);
    }

    int link(const char *from, const char *to) { return fails("link") ? -1 : NEXT(link)(from, to); }

    int close(int file) {
      int isOurs = owns(file);
      if (isOurs) ours[file] = 0;
      int result = NEXT(close)(file);
      return isOurs && fails("close") ? -1 : result;
    }

    """
}
