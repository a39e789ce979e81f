import Synchronization

/// Counts fits over all threads and records whether the work was stopped.
final class FitMeter: Sendable {
  private let total: Int
  private let observer: (@Sendable (CrossValidationProgress) -> Bool)?
  private let isCancelled: (@Sendable () -> Bool)?
  private let completed = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let failure = Atomic<Int>(.max)

  init(
    total: Int, _ isCancelled: (@Sendable () -> Bool)?,
    _ observer: (@Sendable (CrossValidationProgress) -> Bool)?
  ) {
    self.total = total
    self.isCancelled = isCancelled
    self.observer = observer
  }

  /// Whether a stop was requested.
  var isStopped: Bool { stopped.load(ordering: .relaxed) || (isCancelled?() ?? false) }

  /// Whether the result of a task is no longer needed. After a failure only earlier tasks continue:
  /// one of them may fail too, and the first failure is reported for any number of threads.
  func isOver(task: Int) -> Bool { isStopped || task > failure.load(ordering: .relaxed) }

  /// Records that a task has failed.
  func fail(at task: Int) { _ = failure.min(task, ordering: .relaxed) }

  /// Counts a completed fit.
  func add() {
    let count = completed.add(1, ordering: .relaxed).newValue
    guard let observer, !isStopped else { return }
    if !observer(CrossValidationProgress(completed: count, total: total)) {
      stopped.store(true, ordering: .relaxed)
    }
  }
}

/// The meter for one task.
struct TaskMeter: Sendable {
  private let meter: FitMeter
  private let task: Int

  init(_ meter: FitMeter, task: Int) {
    self.meter = meter
    self.task = task
  }

  /// Whether the result of this task is no longer needed. Called after each step of a solver.
  var isStopped: Bool { meter.isOver(task: task) }

  /// Counts a completed fit.
  func add() { meter.add() }
}
