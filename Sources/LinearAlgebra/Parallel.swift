import Dispatch
import Synchronization

/// How many threads work on one task. The number never changes a result, only the time it takes.
public struct ThreadCount: Sendable, Hashable {
  /// At least one.
  public let value: Int

  /// `value` threads; the number is at least one.
  public init(_ value: Int) {
    precondition(value >= 1, "at least one thread is needed")
    self.value = value
  }

  /// The calling thread alone.
  public static let one = ThreadCount(1)

  /// The results of `body` for 0..<count, in that order.
  ///
  /// A thread takes the next index when it has finished one. A result depends on its index alone,
  /// and the caller combines them in order: that is why sums have the same bits for any number of
  /// threads.
  public func map<Result: Sendable>(
    count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let workers = min(value, count)
    guard workers > 1 else { return (0..<count).map(body) }
    return [Result](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return }
      let slots = Slots(start: start)
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { break }
          (slots.start + index).initialize(to: body(index))
        }
      }
      initializedCount = count
    }
  }

  /// The results of `body` for 0..<count, combined in that order.
  ///
  /// A result is combined and let go as soon as those before it are: of sums as large as a vector of
  /// parameters no more exist at a time than threads, and those that wait for an earlier one.
  /// The initial total is made here, so that nobody else holds it: it is added to in place.
  public func reduce<Result: Sendable, Total: Sendable>(
    count: Int, into initial: @autoclosure () -> sending Total,
    _ body: @Sendable (Int) -> Result,
    combining combine: @Sendable (inout Total, Result) -> Void
  ) -> Total {
    let workers = min(value, count)
    guard workers > 1 else {
      var total = initial()
      for index in 0..<count { combine(&total, body(index)) }
      return total
    }
    let order = Mutex(InOrder<Result, Total>(total: initial()))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { break }
        let result = body(index)
        order.withLock { $0.deliver(result, at: index, combine) }
      }
    }
    return order.withLock { $0.total }
  }

  /// A total and the results that wait for an earlier one.
  private struct InOrder<Result: Sendable, Total: Sendable> {
    var total: Total
    private var next = 0
    private var waiting: [Int: Result] = [:]

    init(total: Total) { self.total = total }

    mutating func deliver(
      _ result: Result, at index: Int, _ combine: (inout Total, Result) -> Void
    ) {
      waiting[index] = result
      while let ready = waiting.removeValue(forKey: next) {
        combine(&total, ready)
        next += 1
      }
    }
  }

  /// Each slot is written by exactly one thread.
  private struct Slots<Result>: @unchecked Sendable {
    let start: UnsafeMutablePointer<Result>
  }
}

/// The fixed groups in which row blocks are summed.
///
/// Each group has one partial sum; partial sums are added in the order of the groups. The number of
/// groups depends on the size of the task and never on the number of threads.
public struct BlockGroups: Sendable {
  /// The number of blocks dealt out.
  public let blockCount: Int
  /// The number of groups.
  public let count: Int

  /// Groups for sums of `sumSize` doubles: many for small sums, few for large ones, so that partial
  /// sums stay a small part of the memory.
  public init(blockCount: Int, sumSize: Int) {
    self.blockCount = blockCount
    let affordable = max(8, min(64, 262_144 / max(sumSize, 1)))
    count = min(blockCount, affordable)
  }

  /// The blocks of one group, contiguous and nearly equal in number.
  public func blocks(of group: Int) -> Range<Int> {
    group * blockCount / count..<(group + 1) * blockCount / count
  }
}
