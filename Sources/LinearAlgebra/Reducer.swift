/// Who works on row blocks: the one way in which sums and maps over them are carried out.
///
/// Threads are one implementation (`ThreadCount`). Another may give each of several processes a
/// share of the blocks: as the order of a sum is that of its `SummationTree`, every implementation
/// must return the same bits.
public protocol Reducer: Sendable {
  /// How many tasks run at a time; at least one. It never changes a result.
  var width: Int { get }

  /// The results of `body` for 0..<count, in that order.
  ///
  /// `body` runs in the process of the caller, so that results may refer to its memory, and may
  /// write to memory that belongs to its index. A result depends on its index alone.
  func map<Result: Sendable>(count: Int, _ body: @Sendable (Int) -> Result) -> [Result]

  /// The sum over all blocks of `tree`; `zero()` if there are none.
  ///
  /// `body` adds the blocks of one leaf, in ascending order, to a sum that starts as `zero()`. Leaf
  /// sums are combined as the tree prescribes, whoever computed them.
  func reduce<Sum: PartialSum>(
    _ tree: SummationTree, from zero: @autoclosure @Sendable () -> Sum,
    _ body: @Sendable (inout Sum, Range<Int>) -> Void
  ) -> Sum
}

/// What is summed over row blocks.
///
/// Its numbers can be written out and read again without loss, so that a sum may have been computed
/// in another process.
public protocol PartialSum: Sendable {
  /// Adds a sum of the same shape; its blocks come after those of this one.
  mutating func add(_ other: Self)
  /// Appends all that was summed, in a fixed order.
  func appendNumbers(to numbers: inout [Double])
  /// Replaces what was summed by what `appendNumbers` of a sum of the same shape appended, and
  /// removes that from `numbers`.
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

extension SymmetricMatrix: PartialSum {
  public mutating func add(_ other: SymmetricMatrix) { elements.add(other.elements) }

  public func appendNumbers(to numbers: inout [Double]) { elements.appendNumbers(to: &numbers) }

  public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    elements.takeNumbers(from: &numbers)
  }
}
