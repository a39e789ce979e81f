import Dispatch
import Foundation
import SurprisalLinearAlgebra
import Synchronization

/// Assigns single leaves to workers in a shuffled order and transfers sums as bytes, as several
/// processes would: sums of subtrees are completed in any order.
public struct ScatteredReducer: Reducer {
  private let workers: Int
  private let seed: UInt64

  public var width: Int { workers }

  public init(workers: Int, seed: UInt64) {
    (self.workers, self.seed) = (workers, seed)
  }

  public func map<Result: Sendable>(
    count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    for index in shuffled(count) { results[index] = body(index) }
    return results.compactMap(\.self)
  }

  public func reduce<Sum: PartialSum>(
    _ tree: SummationTree, from zero: @autoclosure @Sendable () -> Sum,
    _ body: @Sendable (inout Sum, Range<Int>) -> Void
  ) -> Sum {
    let order = shuffled(tree.leafCount)
    let sent = Mutex<[Int: Data]>([:])
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for leaf in order where leaf % workers == worker {
        var sum = zero()
        body(&sum, tree.blocks(ofLeaf: leaf))
        let bytes = Self.bytes(sum)
        sent.withLock { $0[leaf] = bytes }
      }
    }
    var waiting: [SummationTree.Node: Sum] = [:]
    let received = sent.withLock { $0 }
    for leaf in order {
      var node = tree.node(ofLeaf: leaf)
      guard var sum = received[leaf].map({ Self.sum($0, zero) }) else { continue }
      while let parent = tree.parent(of: node),
        let other = waiting.removeValue(forKey: node.sibling)
      {
        let isLeft = node.index < node.sibling.index
        var left = isLeft ? sum : other
        left.add(isLeft ? other : sum)
        (sum, node) = (left, parent)
      }
      waiting[node] = sum
    }
    return waiting.values.first ?? zero()
  }

  private static func bytes<Sum: PartialSum>(_ sum: Sum) -> Data {
    var numbers: [Double] = []
    sum.appendNumbers(to: &numbers)
    return numbers.withUnsafeBytes { Data($0) }
  }

  private static func sum<Sum: PartialSum>(_ bytes: Data, _ zero: () -> Sum) -> Sum {
    let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    var rest = numbers[...]
    var sum = zero()
    sum.takeNumbers(from: &rest)
    precondition(rest.isEmpty, "a sum reads all that it wrote")
    return sum
  }

  /// 0..<count in a shuffled order.
  private func shuffled(_ count: Int) -> [Int] {
    var state = seed
    let keys = (0..<count).map { _ -> UInt64 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 11
    }
    return (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}
