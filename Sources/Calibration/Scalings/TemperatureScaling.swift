import SurprisalLinearAlgebra
import SurprisalModels

/// Temperature scaling: z = θ u, one parameter, the inverse temperature θ = 1 / T.
///
/// Features are the C scores u of another classifier, logits or log-probabilities. A constant added
/// to all scores of a row adds θ times this constant to all logits and changes no probability, so
/// there is no null space. With θ > 0 the ranking of the classes in a row is preserved.
///
/// Reference: Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks, ICML 2017,
/// arXiv:1706.04599.
public struct TemperatureScaling: ClasswiseScaling {
  public let classCount: Int

  /// A model for C classes.
  public init(classCount: Int) {
    precondition(classCount > 0)
    self.classCount = classCount
  }

  public var parameterCount: Int { 1 }
  public var weights: Range<Int> { 0..<1 }
  public var nullSpace: [[Double]] { [] }

  public func computeLogits(
    of block: RowBlock, at parameters: [Double], into tile: inout Tile, using workspace: inout Void
  ) {
    let slope = parameters[0]
    tile.setScaled(block, slope: { _ in slope }, intercept: { _ in 0 })
  }

  public func pullBack(
    _ tile: Tile, through block: RowBlock, at parameters: [Double], to sum: inout VectorSum,
    using workspace: inout Void
  ) {
    var slope = 0.0
    let count = block.rows.count
    tile.forEachClass(of: block) { _, score, feature in
      for example in 0..<count { slope += score[example] * feature[example] }
    }
    sum.values[0] += slope
  }

  public func pullBackRows(_ tile: Tile, through block: RowBlock, into rows: inout Tile) {
    rows.fill(0..<1) { _ in 0 }
    let count = block.rows.count
    rows.withUnsafeMutableUnits { target in
      tile.forEachClass(of: block) { _, score, feature in
        for example in 0..<count { target[example] += score[example] * feature[example] }
      }
    }
  }
}
