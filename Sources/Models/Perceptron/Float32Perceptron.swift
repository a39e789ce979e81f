import SurprisalDatasets
import SurprisalKernels
import SurprisalLinearAlgebra

/// A trained network whose hidden layers run in single precision: predictions only.
///
/// Features are standardised in double precision and then rounded; weights are rounded once, in
/// `init`. Hidden layers multiply and add in single precision; the output layer and the skip add in
/// double. The rounding error is about 1e-7 of the sums of a layer. If a standardised feature, a
/// hidden sum or a logit of a row exceeds `limit` or is not a number, the row is reported so that
/// the caller can recompute it in double precision: a large value costs time but no digits. The
/// decision depends on that row alone.
public struct Float32Perceptron: Sendable {
  /// The largest magnitude for which single precision is used.
  public static let limit: Float = 1024

  /// The features per strip: in single precision a block of them stays in the second-level cache.
  private static let stripWidth = 160
  /// The columns of tiles in single precision are padded to a multiple of this.
  private static let lanes = 16

  let model: PerceptronLogits
  private let parameters: [Double]
  private let rounded: [Float]
  private let centers: [Double]
  private let factors: [Double]

  /// The multiplications of the hidden layers for one row, which single precision makes faster.
  public static func work(of model: PerceptronLogits) -> Int {
    model.hiddenLayers.reduce(0) { $0 + $1.weights.count }
  }

  /// The network at `parameters`, for features transformed by `standardization`.
  ///
  /// Nil without hidden layers, and if a parameter overflows in single precision.
  public init?(_ model: PerceptronLogits, parameters: [Double], standardization: Standardization) {
    precondition(parameters.count >= model.parameterCount)
    precondition(standardization.centers.count == model.featureCount)
    let rounded = parameters[..<model.parameterCount].map { Float($0) }
    guard !model.hiddenLayers.isEmpty, rounded.allSatisfy(\.isFinite) else { return nil }
    self.model = model
    self.parameters = parameters
    self.rounded = rounded
    centers = standardization.centers
    factors = standardization.scales.map { 1 / $0 }
  }

  /// Sets units 0..<C of `tile` to the logits of a block of raw (not standardised) features.
  /// Returns the positions in the block, ascending, of the rows that need double precision.
  ///
  /// Complexity: that of `computeLogits`. Compressed rows are expanded first.
  public func computeLogits(of block: RowBlock, into tile: inout Tile) -> [Int] {
    let columns = (block.rows.count + Self.lanes - 1) / Self.lanes * Self.lanes
    let widest = model.hiddenLayers.reduce(0) { max($0, $1.unitCount) }
    let strip = min(Self.stripWidth, model.featureCount)
    let room = columns * (1 + strip + 2 * widest)
    let stride = tile.stride
    return withUnsafeTemporaryAllocation(
      byteCount: max(room, 1) * MemoryLayout<Float>.stride, alignment: 64
    ) { memory in
      guard let start = memory.bindMemory(to: Float.self).baseAddress else { return [] }
      // The largest magnitudes, and padding that no feature is written to.
      start.initialize(repeating: 0, count: columns * (1 + strip))
      return parameters.withUnsafeBufferPointer { parameters in
        rounded.withUnsafeBufferPointer { rounded in
          guard let parameters = parameters.baseAddress, let rounded = rounded.baseAddress
          else { return [] }
          return tile.withUnsafeMutableUnits { logits in
            let pass = SinglePass(
              model: model, parameters: parameters, rounded: rounded, extent: start,
              strip: start + columns, stripWidth: strip,
              layers: (start + columns * (1 + strip), start + columns * (1 + strip + widest)),
              columns: columns, logits: logits, logitStride: stride, examples: block.rows.count)
            block.withColumns { source, sourceStride in
              pass.setFirstSums(source, sourceStride, centers, factors)
            }
            return pass.finish(beyond: Self.limit)
          }
        }
      }
    }
  }
}
