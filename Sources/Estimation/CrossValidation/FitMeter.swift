import Synchronization

/// Counts fits over all threads and remembers whether to go on.
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

  /// Whether somebody asked to stop.
  var isStopped: Bool { stopped.load(ordering: .relaxed) || (isCancelled?() ?? false) }

  /// Whether the work of a task is of no more use. After a failure only the tasks before it go on:
  /// one of them may fail too, and the first failure is reported whatever the threads.
  func isOver(task: Int) -> Bool { isStopped || task > failure.load(ordering: .relaxed) }

  /// A task has failed.
  func fail(at task: Int) { _ = failure.min(task, ordering: .relaxed) }

  /// A fit is done.
  func add() {
    let count = completed.add(1, ordering: .relaxed).newValue
    guard let observer, !isStopped else { return }
    if !observer(CrossValidationProgress(completed: count, total: total)) {
      stopped.store(true, ordering: .relaxed)
    }
  }
}

/// The meter as one task sees it.
struct TaskMeter: Sendable {
  private let meter: FitMeter
  private let task: Int

  init(_ meter: FitMeter, task: Int) {
    self.meter = meter
    self.task = task
  }

  /// Whether the work of this task is of no more use. Called after each step of a solver.
  var isStopped: Bool { meter.isOver(task: task) }

  /// A fit is done.
  func add() { meter.add() }
}
