import Synchronization

/// Counts fits over all threads and remembers whether to go on.
final class FitMeter: Sendable {
  private let total: Int
  private let observer: (@Sendable (CrossValidationProgress) -> Bool)?
  private let completed = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let lastAsked = Mutex(ContinuousClock.now)
  private let failure = Atomic<Int>(.max)

  init(total: Int, _ observer: (@Sendable (CrossValidationProgress) -> Bool)?) {
    self.total = total
    self.observer = observer
  }

  /// Whether the observer asked to stop.
  var isStopped: Bool { stopped.load(ordering: .relaxed) }

  /// Asks the observer again if it was not asked for a tenth of a second: a fit may take long.
  func ask() {
    guard !isStopped,
      lastAsked.withLockIfAvailable({ last in
        let isTime = ContinuousClock.now - last > .milliseconds(100)
        if isTime { last = .now }
        return isTime
      }) ?? false
    else { return }
    tell(completed.load(ordering: .relaxed))
  }

  /// Whether the work of a task is of no more use. After a failure only the tasks before it go on:
  /// one of them may fail too, and the first failure is reported whatever the threads.
  func isOver(task: Int) -> Bool { isStopped || task > failure.load(ordering: .relaxed) }

  /// A task has failed.
  func fail(at task: Int) { _ = failure.min(task, ordering: .relaxed) }

  /// A fit is done.
  func add() {
    let count = completed.add(1, ordering: .relaxed).newValue
    tell(count)
  }

  private func tell(_ count: Int) {
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
  var isStopped: Bool {
    meter.ask()
    return meter.isOver(task: task)
  }

  /// A fit is done.
  func add() { meter.add() }
}
