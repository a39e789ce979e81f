/// The order in which the sums of row blocks are added: a binary tree whose shape depends only on
/// the number of blocks.
///
/// A leaf is a run of consecutive blocks, which are added one after another. The number of leaves
/// is a power of two; above them node i of a level is the sum of nodes 2i and 2i + 1 of the level
/// below. The order does not depend on the number of threads, on the size of a sum, or on which
/// worker computed which leaf.
public struct SummationTree: Sendable, Hashable {
  /// A node of the tree: the leaves are at level 0.
  public struct Node: Sendable, Hashable {
    /// The height above the leaves.
    public let level: Int
    /// The position within the level; even for the left of two siblings.
    public let index: Int

    /// The node that has the same parent.
    public var sibling: Node { Node(level: level, index: index ^ 1) }
  }

  /// The number of blocks.
  public let blockCount: Int
  /// The number of leaves: 0, or a power of two.
  public let leafCount: Int

  /// The tree over `blockCount` blocks.
  ///
  /// The number of leaves is close to the square root of the number of blocks, between 8 (or the
  /// number of blocks, if smaller) and 32. Each leaf costs a sum that is cleared and added; for a
  /// million parameters this takes as long as the products of some blocks. More leaves would cost
  /// time and memory, fewer would leave threads idle.
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

  /// The number of levels above the leaves. If leaves are processed in order, at most this many
  /// sums wait for their sibling.
  public var height: Int { leafCount == 0 ? 0 : leafCount.trailingZeroBitCount }

  /// The blocks of a leaf: contiguous, and almost equally many for all leaves.
  public func blocks(ofLeaf leaf: Int) -> Range<Int> {
    leaf * blockCount / leafCount..<(leaf + 1) * blockCount / leafCount
  }

  /// The node of a leaf.
  public func node(ofLeaf leaf: Int) -> Node { Node(level: 0, index: leaf) }

  /// The node whose sum includes that of `node`; nil for the root.
  public func parent(of node: Node) -> Node? {
    node.level < height ? Node(level: node.level + 1, index: node.index / 2) : nil
  }

  /// The sum over all blocks, computed leaf by leaf in the calling thread; see `Reducer.reduce`.
  public func sum<Sum: PartialSum>(
    from zero: @autoclosure () -> Sum, _ body: (inout Sum, Range<Int>) -> Void
  ) -> Sum {
    guard leafCount > 0 else { return zero() }
    // Sums of subtrees from the left, each smaller than the one before, like the digits of a binary
    // counter.
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

  /// `Σ term(row)` over rows 0..<rowCount: row by row in a block, then along the tree.
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
