import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The number of threads for one task. It changes only the time, never a result.
public struct ThreadCount: Reducer, Hashable {
  /// The number of threads; at least one.
  public let value: Int

  public var width: Int { value }

  /// `value` threads. Precondition: at least one.
  public init(_ value: Int) {
    precondition(value >= 1, "at least one thread is needed")
    self.value = value
  }

  /// A thread takes the next index when it has finished one.
  public func map<Result: Sendable>(
    count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    guard min(value, count) > 1 else { return (0..<count).map(body) }
    return [Result](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return }
      let slots = Slots(start: start)
      forEach(count: count) { (slots.start + $0).initialize(to: body($0)) }
      initializedCount = count
    }
  }

  /// A thread takes the next leaf when it has finished one, and adds its sum to that of the sibling
  /// if that is ready. The number of sums that exist at a time is at most the number of threads
  /// plus the height of the tree, plus those that wait for a slow thread.
  public func reduce<Sum: PartialSum>(
    _ tree: SummationTree, from zero: @autoclosure @Sendable () -> Sum,
    _ body: @Sendable (inout Sum, Range<Int>) -> Void
  ) -> Sum {
    guard min(value, tree.leafCount) > 1 else { return tree.sum(from: zero(), body) }
    let waiting = Mutex<[SummationTree.Node: Sum]>([:])
    forEach(count: tree.leafCount) { leaf in
      // Moved and not shared, so that a sum is added to in place.
      var held = Optional(Self.leafSum(tree.blocks(ofLeaf: leaf), zero, body))
      var node = tree.node(ofLeaf: leaf)
      while let parent = tree.parent(of: node) {
        let other = waiting.withLock { sums -> Sum? in
          if let other = sums.removeValue(forKey: node.sibling) { return other }
          sums[node] = held.take()
          return nil
        }
        guard var other, var sum = held.take() else { return }
        if node.index % 2 == 0 {
          sum.add(other)
          held = sum
        } else {
          other.add(sum)
          held = other
        }
        node = parent
      }
      waiting.withLock { $0[node] = held.take() }
    }
    return waiting.withLock { $0.first?.value } ?? zero()
  }

  private static func leafSum<Sum>(
    _ blocks: Range<Int>, _ zero: () -> Sum, _ body: (inout Sum, Range<Int>) -> Void
  ) -> Sum {
    var sum = zero()
    body(&sum, blocks)
    return sum
  }

  /// Runs `body` for 0..<count, each index on one of the threads.
  private func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(value, count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { break }
        body(index)
      }
    }
  }

  /// Each slot is written by exactly one thread.
  private struct Slots<Result>: @unchecked Sendable {
    let start: UnsafeMutablePointer<Result>
  }
}

extension Reducer where Self == ThreadCount {
  /// The calling thread only.
  public static var one: ThreadCount { ThreadCount(1) }

  /// One thread for each processor that is online.
  public static var processors: ThreadCount {
    ThreadCount(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }
}
