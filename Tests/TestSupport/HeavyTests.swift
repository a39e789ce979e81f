import Testing

extension Tag {
  /// Tests that take a long time in a debug build: they run if `heavyTestsEnabled`.
  @Tag public static var heavy: Self
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the environment variable SURPRISAL_HEAVY is set.
public let heavyTestsEnabled = getenv("SURPRISAL_HEAVY") != nil

/// Whether the environment variable SURPRISAL_FAULTS is set: tests that kill commands and let calls
/// of the system fail, thousands of processes.
public let faultTestsEnabled = getenv("SURPRISAL_FAULTS") != nil
