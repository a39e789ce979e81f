import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and its kin: the first asks the fit to stop after the current step, the second ends the
/// process at once.
final class Interruption: Sendable {
  private static let signals: [(number: Int32, status: Int32)] = [
    (SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129),
  ]

  private let requested = Atomic<Int32>(0)

  init() {
    for (number, status) in Self.signals {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      // The handler holds the source: it lives as long as the process, like the disposition.
      source.setEventHandler { [weak self] in
        guard let self else { exit(status) }
        withExtendedLifetime(source) {
          let (exchanged, _) = requested.compareExchange(
            expected: 0, desired: status, ordering: .relaxed)
          if !exchanged { exit(status) }
        }
      }
      source.resume()
    }
  }

  /// Whether somebody asked to stop.
  var isRequested: Bool { requested.load(ordering: .relaxed) != 0 }

  /// The status to leave with, if somebody asked to stop.
  var exitStatus: Int32? {
    let status = requested.load(ordering: .relaxed)
    return status == 0 ? nil : status
  }
}
