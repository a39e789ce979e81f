import Surprisal
import Synchronization

/// Shows the progress of a fit on the standard error: on a terminal one line that is rewritten at
/// most ten times a second; otherwise, on request, lines at iterations 1, 2, 4, 8, ...
final class FitProgress: Sendable {
  private let isShown: Bool
  private let canKeepPartial: Bool
  private let isInteractive = Terminal.current.isInteractive
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  private struct State {
    var steps = 0
    var total: Int?
    var lastShown: ContinuousClock.Instant?
    var width = 0
    var lastCount = 0
  }

  /// `canKeepPartial` is true if `--keep-partial` would save an unfinished fit.
  init(isShown: Bool, canKeepPartial: Bool) {
    (self.isShown, self.canKeepPartial) = (isShown, canKeepPartial)
  }

  /// Shows a step, if due.
  func show(_ step: SolverProgress) {
    state.withLock { $0.steps = step.iteration }
    show(step.iteration) {
      "iteration \(step.iteration)  objective \(NumberText.fixed(step.value, 8))  "
        + "|gradient| \(NumberText.significant(step.gradientNorm, 3))"
    }
  }

  /// Shows the number of completed fits of a cross-validation, if due.
  func show(_ step: CrossValidationProgress) {
    state.withLock { state in
      state.steps = max(state.steps, step.completed)
      state.total = step.total
    }
    show(step.completed) { "\(step.completed) of \(step.total) fits" }
  }

  /// Shows a text for a count of steps, if due.
  func show(_ count: Int, _ words: () -> String) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard isInteractive else {
      guard count > 0, count & (count - 1) == 0 else { return }
      // Counts arrive from several threads; late ones are dropped.
      state.withLock { state in
        if count <= state.lastCount { return }
        state.lastCount = count
        Console.write(words() + elapsed(now))
      }
      return
    }
    state.withLock { state in
      if let last = state.lastShown, now - last < .milliseconds(100) { return }
      state.lastShown = now
      let line = words() + elapsed(now)
      let padding = String(repeating: " ", count: max(0, state.width - line.count))
      state.width = line.count
      StandardStreams.report("\r\(line)\(padding)")
    }
  }

  /// The result that an interruption loses.
  var loss: String {
    let (steps, total) = state.withLock { ($0.steps, $0.total) }
    if let total { return "\(steps) of \(total) fits are lost, nothing was written" }
    return canKeepPartial
      ? "\(steps) iterations are lost, nothing was written; --keep-partial saves such a fit"
      : "no fit was complete, nothing was written"
  }

  private func elapsed(_ now: ContinuousClock.Instant) -> String {
    "  \(NumberText.fixed((now - start).seconds, 1)) s"
  }

  /// Removes the line from the terminal.
  func finish() {
    state.withLock { state in
      guard state.width > 0 else { return }
      let blank = String(repeating: " ", count: state.width)
      StandardStreams.report("\r\(blank)\r")
      state.width = 0
    }
  }
}

/// Measures the seconds until an event.
final class Stopwatch: Sendable {
  private let start = ContinuousClock.now
  private let end = Mutex<ContinuousClock.Instant?>(nil)

  /// Stops at the first call.
  func stop() {
    let now = ContinuousClock.now
    end.withLock { $0 = $0 ?? now }
  }

  /// The seconds from creation until it was stopped, or until now.
  var seconds: Double { ((end.withLock { $0 } ?? .now) - start).seconds }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
