import SurprisalLinearAlgebra

/// Logits that are affine in the features: z = W x + b.
///
/// Parameters: W, C x D, class-major; then b, C entries, unless there is no intercept.
public struct LinearPredictor: Model {
  public let featureCount: Int
  public let classCount: Int
  /// Whether the model has intercepts b.
  public let hasIntercept: Bool

  /// Creates a model of the given shape.
  public init(featureCount: Int, classCount: Int, hasIntercept: Bool) {
    self.featureCount = featureCount
    self.classCount = classCount
    self.hasIntercept = hasIntercept
  }

  public var parameterCount: Int { classCount * (featureCount + (hasIntercept ? 1 : 0)) }

  public var weights: Range<Int> { 0..<classCount * featureCount }

  /// The positions of b; empty without intercept.
  public var intercepts: Range<Int> { weights.upperBound..<parameterCount }

  /// The position of W[class, feature].
  public func weight(class unit: Int, feature: Int) -> Int { unit * featureCount + feature }

  /// W in the order used by the products, and b.
  public struct Prepared: Sendable {
    let weights: ArrangedWeights
    let intercepts: ArraySlice<Double>
  }

  /// A sum of Jᵀ s in the order used by the products.
  public struct GradientSum: ParameterSum {
    var weights: ArrangedWeights
    var intercepts: [Double]

    public mutating func add(_ other: GradientSum) {
      weights.add(other.weights)
      intercepts.add(other.intercepts)
    }

    public func appendNumbers(to numbers: inout [Double]) {
      weights.appendNumbers(to: &numbers)
      intercepts.appendNumbers(to: &numbers)
    }

    public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
      weights.takeNumbers(from: &numbers)
      intercepts.takeNumbers(from: &numbers)
    }

    public func add(_ factor: Double, to vector: inout [Double]) {
      weights.add(factor, to: &vector)
      let first = weights.unitCount * weights.columnCount
      for (unit, sum) in intercepts.enumerated() { vector[first + unit] += factor * sum }
    }
  }

  public func prepare(_ parameters: [Double], for storage: MatrixStorage) -> Prepared {
    Prepared(
      weights: ArrangedWeights(
        parameters, unitCount: classCount, columnCount: featureCount, for: storage),
      intercepts: parameters[intercepts])
  }

  public func makeGradientSum(for storage: MatrixStorage) -> GradientSum {
    GradientSum(
      weights: ArrangedWeights(unitCount: classCount, columnCount: featureCount, for: storage),
      intercepts: [Double](repeating: 0, count: intercepts.count))
  }

  public func makeWorkspace() {}

  public func computeLogits(
    of block: RowBlock, at parameters: Prepared, into tile: inout Tile,
    using workspace: inout Void
  ) {
    let first = intercepts.lowerBound
    tile.fill(0..<classCount) { hasIntercept ? parameters.intercepts[first + $0] : 0 }
    block.addProduct(with: parameters.weights, to: &tile)
  }

  public func pushForward(
    _ direction: Prepared, through block: RowBlock, at parameters: Prepared,
    into tile: inout Tile, using workspace: inout Void
  ) {
    computeLogits(of: block, at: direction, into: &tile, using: &workspace)
  }

  public func pullBack(
    _ tile: Tile, through block: RowBlock, at parameters: Prepared, to sum: inout GradientSum,
    using workspace: inout Void
  ) {
    block.addOuterProduct(with: tile, to: &sum.weights)
    for unit in sum.intercepts.indices {
      sum.intercepts[unit] += tile.sum(ofUnit: unit, examples: block.rows.count)
    }
  }
}
