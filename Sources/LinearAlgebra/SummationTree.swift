/// The order in which the sums of row blocks are added: a binary tree whose shape depends on the
/// number of blocks alone.
///
/// A leaf is a run of consecutive blocks, which are added one after another. The number of leaves
/// is a power of two, and above them node i of a level is the sum of nodes 2i and 2i + 1 of the
/// level below. Neither the number of threads, nor the size of a sum, nor who computed which leaf
/// enters.
public struct SummationTree: Sendable, Hashable {
  /// A node of the tree: the leaves are level 0.
  public struct Node: Sendable, Hashable {
    /// The height above the leaves.
    public let level: Int
    /// The place in the level; even for the left of two siblings.
    public let index: Int

    /// The node that is added to this one, or to which this one is added.
    public var sibling: Node { Node(level: level, index: index ^ 1) }
  }

  /// The number of blocks that are summed.
  public let blockCount: Int
  /// The number of leaves: 0, or a power of two.
  public let leafCount: Int

  /// The tree over `blockCount` blocks.
  ///
  /// The number of leaves is near the square root of the number of blocks, from 8 (if there are so
  /// many blocks) to 32. Each leaf costs a sum that is cleared and added, which for a million
  /// parameters takes as long as the products of some blocks: more leaves would cost time and
  /// memory there, fewer would leave threads without work.
  public init(blockCount: Int) {
    precondition(blockCount >= 0)
    self.blockCount = blockCount
    var count = min(1, blockCount)
    while count > 0, 2 * count <= blockCount, count < 8 || 4 * count * count <= blockCount,
      count < 32
    {
      count *= 2
    }
    leafCount = count
  }

  /// The tree over the blocks of `rowCount` rows.
  public init(rowCount: Int) {
    self.init(blockCount: BlockedMatrix.blockCount(ofRows: rowCount))
  }

  /// How many levels stand above the leaves. If leaves are taken in order, at most so many sums
  /// wait for their sibling.
  public var height: Int { leafCount == 0 ? 0 : leafCount.trailingZeroBitCount }

  /// The blocks of a leaf: contiguous, and nearly as many as those of any other.
  public func blocks(ofLeaf leaf: Int) -> Range<Int> {
    leaf * blockCount / leafCount..<(leaf + 1) * blockCount / leafCount
  }

  /// The node of a leaf.
  public func node(ofLeaf leaf: Int) -> Node { Node(level: 0, index: leaf) }

  /// The node that the sum of `node` is part of; nil for the root.
  public func parent(of node: Node) -> Node? {
    node.level < height ? Node(level: node.level + 1, index: node.index / 2) : nil
  }

  /// The sum over all blocks, computed by the caller leaf by leaf; see `Reducer.reduce`.
  public func sum<Sum: PartialSum>(
    from zero: @autoclosure () -> Sum, _ body: (inout Sum, Range<Int>) -> Void
  ) -> Sum {
    guard leafCount > 0 else { return zero() }
    // Sums of subtrees from the left, each smaller than the one before: as a binary counter
    // carries.
    var waiting: [Sum] = []
    for leaf in 0..<leafCount {
      var sum = zero()
      body(&sum, blocks(ofLeaf: leaf))
      for _ in 0..<(leaf + 1).trailingZeroBitCount {
        var left = waiting.removeLast()
        left.add(sum)
        sum = left
      }
      waiting.append(sum)
    }
    return waiting.removeLast()
  }

  /// `Σ term(row)` over rows 0..<rowCount: row after row in a block, then along the tree.
  public static func sum(ofRows rowCount: Int, _ term: (Int) -> Double) -> Double {
    SummationTree(rowCount: rowCount).sum(from: 0.0) { sum, blocks in
      for block in blocks {
        var part = 0.0
        for row in BlockedMatrix.rows(ofBlock: block, rowCount: rowCount) { part += term(row) }
        sum += part
      }
    }
  }
}
