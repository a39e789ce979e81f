import SurprisalLinearAlgebra

/// z = W x + b.
///
/// Parameters: W, C x D, class-major; then b, C entries, unless there is no intercept.
public struct AffineLogits: Model {
  public let featureCount: Int
  public let classCount: Int
  /// Whether there is a b.
  public let hasIntercept: Bool

  /// A model of the given shape.
  public init(featureCount: Int, classCount: Int, hasIntercept: Bool) {
    self.featureCount = featureCount
    self.classCount = classCount
    self.hasIntercept = hasIntercept
  }

  public var parameterCount: Int { classCount * (featureCount + (hasIntercept ? 1 : 0)) }

  public var weights: Range<Int> { 0..<classCount * featureCount }

  /// Where b stands; empty without intercept.
  public var intercepts: Range<Int> { weights.upperBound..<parameterCount }

  /// The position of W[class, feature].
  public func weight(class unit: Int, feature: Int) -> Int { unit * featureCount + feature }

  public func makeWorkspace() {}

  public func computeLogits(
    of block: RowBlock, parameters: [Double], into tile: inout Tile, using workspace: inout Void
  ) {
    let first = intercepts.lowerBound
    tile.fill(0..<classCount) { hasIntercept ? parameters[first + $0] : 0 }
    block.addProduct(with: parameters, units: classCount, to: &tile)
  }

  public func pushForward(
    _ direction: [Double], through block: RowBlock, into tile: inout Tile,
    using workspace: inout Void
  ) {
    computeLogits(of: block, parameters: direction, into: &tile, using: &workspace)
  }

  public func pullBack(
    _ tile: Tile, through block: RowBlock, to gradient: inout [Double],
    using workspace: inout Void
  ) {
    block.addOuterProduct(with: tile, units: classCount, to: &gradient)
    guard hasIntercept else { return }
    for unit in 0..<classCount {
      gradient[intercepts.lowerBound + unit] += tile.sum(ofUnit: unit, examples: block.rows.count)
    }
  }
}
