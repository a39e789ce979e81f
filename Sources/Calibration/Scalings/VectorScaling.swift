import SurprisalLinearAlgebra
import SurprisalModels

/// Vector scaling: z_k = a_k u_k + b_k, a slope and an intercept per class.
///
/// Parameters: a, C entries; then b, C entries. Features are the C scores u of another classifier.
/// Unlike temperature scaling, the result changes if a constant is added to all scores of a row.
/// The scores must therefore be centred, so that each row sums to zero; the result is then a
/// function of the probabilities. With two classes this is Platt scaling: only the sum of the two
/// slopes matters, and they are held equal.
///
/// References: Guo, Pleiss, Sun and Weinberger, ICML 2017, arXiv:1706.04599; Platt, Advances in
/// Large Margin Classifiers (1999).
public struct VectorScaling: ClasswiseScaling {
  public let classCount: Int

  /// A model for C classes.
  public init(classCount: Int) {
    precondition(classCount > 0)
    self.classCount = classCount
  }

  public var parameterCount: Int { 2 * classCount }
  public var weights: Range<Int> { 0..<classCount }

  public var nullSpace: [[Double]] {
    let share = 1 / Double(classCount).squareRoot()
    let none = [Double](repeating: 0, count: classCount)
    let shift = none + [Double](repeating: share, count: classCount)
    guard classCount == 2 else { return [shift] }
    return [shift, [share, -share] + none]
  }

  public func computeLogits(
    of block: RowBlock, at parameters: [Double], into tile: inout Tile, using workspace: inout Void
  ) {
    let first = classCount
    tile.setScaled(
      block, slope: { parameters[$0] }, intercept: { parameters[first + $0] })
  }

  public func pullBack(
    _ tile: Tile, through block: RowBlock, at parameters: [Double], to sum: inout VectorSum,
    using workspace: inout Void
  ) {
    let (count, first) = (block.rows.count, classCount)
    tile.forEachClass(of: block) { unit, score, feature in
      var (slope, intercept) = (0.0, 0.0)
      for example in 0..<count {
        slope += score[example] * feature[example]
        intercept += score[example]
      }
      sum.values[unit] += slope
      sum.values[first + unit] += intercept
    }
  }

  public func pullBackRows(_ tile: Tile, through block: RowBlock, into rows: inout Tile) {
    rows.fill(0..<parameterCount) { _ in 0 }
    let (count, first, stride) = (block.rows.count, classCount, rows.stride)
    rows.withUnsafeMutableUnits { target in
      tile.forEachClass(of: block) { unit, score, feature in
        let (slopes, intercepts) = (target + unit * stride, target + (first + unit) * stride)
        for example in 0..<count {
          slopes[example] = score[example] * feature[example]
          intercepts[example] = score[example]
        }
      }
    }
  }
}
