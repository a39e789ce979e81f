import Foundation
import Testing

extension Tag {
  /// Tests that take long in a debug build.
  @Tag public static var heavy: Self
}

/// Whether heavy tests run: the environment has SURPRISAL_HEAVY.
public let heavyTestsEnabled = ProcessInfo.processInfo.environment["SURPRISAL_HEAVY"] != nil
