/// The executor of sums and maps over row blocks; all of them go through this protocol.
///
/// Threads are one implementation (`ThreadCount`). Another one may distribute the blocks over
/// several processes: because the order of a sum is that of its `SummationTree`, every
/// implementation must return the same bits.
public protocol Reducer: Sendable {
  /// The number of tasks that run at the same time; at least one. It never changes a result.
  var width: Int { get }

  /// The results of `body` for 0..<count, in that order.
  ///
  /// `body` runs in the caller's process, so results may refer to its memory; `body` may write to
  /// memory that belongs to its index. A result depends on its index only.
  func map<Result: Sendable>(count: Int, _ body: @Sendable (Int) -> Result) -> [Result]

  /// The sum over all blocks of `tree`; `zero()` if there are none.
  ///
  /// `body` adds the blocks of one leaf, in ascending order, to a sum that starts as `zero()`. Leaf
  /// sums are combined as the tree prescribes, independently of which worker computed them.
  func reduce<Sum: PartialSum>(
    _ tree: SummationTree, from zero: @autoclosure @Sendable () -> Sum,
    _ body: @Sendable (inout Sum, Range<Int>) -> Void
  ) -> Sum
}

/// A sum over row blocks.
///
/// Its numbers can be written and read without loss, so a sum may be computed in another process.
public protocol PartialSum: Sendable {
  /// Adds a sum of the same shape; its blocks come after those of this one.
  mutating func add(_ other: Self)
  /// Appends all numbers of the sum, in a fixed order.
  func appendNumbers(to numbers: inout [Double])
  /// Replaces the sum by numbers that `appendNumbers` of a sum of the same shape appended, and
  /// removes them from `numbers`.
  mutating func takeNumbers(from numbers: inout ArraySlice<Double>)
}

extension Double: PartialSum {
  public mutating func add(_ other: Double) { self += other }

  public func appendNumbers(to numbers: inout [Double]) { numbers.append(self) }

  public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    self = numbers.removeFirst()
  }
}

extension Array: PartialSum where Element == Double {
  public mutating func add(_ other: [Double]) { add(1, times: other) }

  public func appendNumbers(to numbers: inout [Double]) { numbers.append(contentsOf: self) }

  public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    self = Array(numbers.prefix(count))
    numbers.removeFirst(count)
  }
}

/// Several sums over the same blocks.
package struct SumList<Part: PartialSum>: PartialSum {
  /// The sums.
  package var parts: [Part]

  /// Creates a list of sums.
  package init(_ parts: [Part]) { self.parts = parts }

  package mutating func add(_ other: SumList) {
    for (index, part) in other.parts.enumerated() { parts[index].add(part) }
  }

  package func appendNumbers(to numbers: inout [Double]) {
    for part in parts { part.appendNumbers(to: &numbers) }
  }

  package mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    for index in parts.indices { parts[index].takeNumbers(from: &numbers) }
  }
}

extension SymmetricMatrix: PartialSum {
  public mutating func add(_ other: SymmetricMatrix) { elements.add(other.elements) }

  public func appendNumbers(to numbers: inout [Double]) { elements.appendNumbers(to: &numbers) }

  public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    elements.takeNumbers(from: &numbers)
  }
}
