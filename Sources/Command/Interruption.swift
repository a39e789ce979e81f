import ArgumentParser
import Dispatch
import Surprisal
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Handles Ctrl-C and similar signals from the start of the process to its end.
///
/// A command that polls `isRequested` ends after its current step at the first signal; other
/// commands end at once. A second signal ends the process immediately. A signal that arrives after
/// the outputs have their final names has no effect; the exit status shows whether they were
/// written.
enum Interruption {
  private static let signals: [(number: Int32, status: Int32)] = [
    (SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129),
  ]

  /// The effect of a first signal.
  private enum Phase: Int, AtomicRepresentable {
    /// The process ends at once.
    case atOnce
    /// The signal is recorded, and checked after each step.
    case polled
    /// The outputs are being moved to their final names: the signal is too late.
    case committing
    /// The process is ending.
    case ending
  }

  private static let phase = Atomic(Phase.atOnce)
  private static let requested = Atomic<Int32>(0)
  private static let keepsResult = Atomic(false)
  private static let loss = Mutex<(@Sendable () -> String)?>(nil)

  /// Starts handling signals; to be called before any other thread starts. A dedicated thread
  /// receives the signals, so no other thread can delay them.
  static func watch() {
    var set = sigset_t()
    sigemptyset(&set)
    for (number, _) in signals {
      // A process started by nohup must survive its terminal.
      let before = signal(number, SIG_DFL)
      if number == SIGHUP, isIgnored(before) {
        signal(number, SIG_IGN)
      } else {
        sigaddset(&set, number)
      }
    }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let awaited = set
    DispatchQueue(label: "signals").async {
      var awaited = awaited
      while true {
        var number: Int32 = 0
        if sigwait(&awaited, &number) == 0 { take(number) }
      }
    }
  }

  /// Whether a signal has requested a stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) != 0 }

  /// From now on a first signal is recorded: the command checks `isRequested` after each step.
  static func poll() {
    _ = phase.compareExchange(
      expected: .atOnce, desired: .polled, ordering: .sequentiallyConsistent)
  }

  /// From now on a first signal ends the process with a line that states what is lost.
  static func end(saying words: @escaping @Sendable () -> String) { loss.withLock { $0 = words } }

  /// Keeps partial results after a stop: they are printed and saved.
  static func keepResult() { keepsResult.store(true, ordering: .relaxed) }

  /// Ends a command with a partial result with the status of the signal, if there was one.
  static func endKeepingResult() throws {
    let status = requested.load(ordering: .sequentiallyConsistent)
    guard status != 0, keepsResult.load(ordering: .relaxed) else { return }
    Console.write("interrupted: the unfinished fit was printed and saved")
    throw ExitCode(status)
  }

  /// Ends the command if a stop was requested, with a line that states what is lost.
  static func check(_ loss: @autoclosure () -> String = "nothing was written") throws {
    let status = requested.load(ordering: .sequentiallyConsistent)
    guard status != 0, !keepsResult.load(ordering: .relaxed) else { return }
    Console.write("interrupted: " + loss())
    throw ExitCode(status)
  }

  /// Moves outputs to their final names, unless a stop was requested before.
  static func commit(_ outputs: () throws -> Void) throws {
    for before in [Phase.atOnce, .polled] {
      _ = phase.compareExchange(
        expected: before, desired: .committing, ordering: .sequentiallyConsistent)
    }
    waitIfEnding()
    try check()
    try outputs()
  }

  /// Waits for the end if the other thread is about to end the process: its status is the one that
  /// counts, and files that it removed are no errors.
  static func waitIfEnding() {
    while phase.load(ordering: .sequentiallyConsistent) == .ending { usleep(1000) }
  }

  private static func take(_ number: Int32) {
    let status = signals.first { $0.number == number }?.status ?? 128 + number
    let isFirst = requested.compareExchange(
      expected: 0, desired: status, ordering: .sequentiallyConsistent
    ).exchanged
    let isEnd = phase.compareExchange(
      expected: .atOnce, desired: .ending, ordering: .sequentiallyConsistent
    ).exchanged
    if isFirst, !isEnd { return }
    if isFirst { report() }
    TemporaryFiles.removeAll { _exit(status) }
  }

  /// Writes what is lost, in a separate thread, since writing to the standard error may block.
  private static func report() {
    guard let words = loss.withLock({ $0 }) else { return }
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "loss").async {
      Console.write("interrupted: " + words())
      done.signal()
    }
    _ = done.wait(timeout: .now() + .milliseconds(200))
  }

  private static func isIgnored(_ handler: sig_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
