import Foundation
import Surprisal
import Synchronization

/// Shows how a fit advances, on the standard error: one line that is rewritten at most ten times a
/// second on a terminal; elsewhere, if asked for, lines at iterations 1, 2, 4, 8, ...
final class FitProgress: Sendable {
  private let isShown: Bool
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

  init(isShown: Bool) { self.isShown = isShown }

  /// Shows a step, or not.
  func show(_ step: SolverProgress) {
    state.withLock { $0.steps = step.iteration }
    show(step.iteration) {
      "iteration \(step.iteration)  objective \(NumberText.fixed(step.value, 8))  "
        + "|gradient| \(NumberText.significant(step.gradientNorm, 3))"
    }
  }

  /// Shows how many fits of a cross-validation are done, or not.
  func show(_ step: CrossValidationProgress) {
    state.withLock { state in
      state.steps = max(state.steps, step.completed)
      state.total = step.total
    }
    show(step.completed) { "\(step.completed) of \(step.total) fits" }
  }

  /// Shows words of a count of steps, or not.
  func show(_ count: Int, _ words: () -> String) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard isInteractive else {
      guard count > 0, count & (count - 1) == 0 else { return }
      // Counts come from several threads; a late one is left out.
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

  /// What an interruption costs.
  var loss: String {
    let (steps, total) = state.withLock { ($0.steps, $0.total) }
    return total.map { "\(steps) of \($0) fits are lost, nothing was written" }
      ?? "\(steps) iterations are lost, nothing was written; --keep-partial saves such a fit"
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

/// The seconds until an event.
final class Stopwatch: Sendable {
  private let start = ContinuousClock.now
  private let end = Mutex<ContinuousClock.Instant?>(nil)

  /// Stops the first time.
  func stop() {
    let now = ContinuousClock.now
    end.withLock { $0 = $0 ?? now }
  }

  /// The seconds from the beginning until it was stopped, or until now.
  var seconds: Double { ((end.withLock { $0 } ?? .now) - start).seconds }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
