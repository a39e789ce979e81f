import SurprisalDatasets
import SurprisalKernels
import SurprisalLinearAlgebra

/// A trained network whose hidden layers run in single precision: predictions only.
///
/// Features are standardised in double precision and then rounded; weights are rounded once, here.
/// Hidden layers multiply and add in single precision; the output layer and the skip add in double.
/// Rounding is about 1e-7 of the sums of a layer. Rows in which a standardised feature, a hidden
/// sum or a logit exceeds `limit`, or is no number, are named for their caller to compute again in
/// double precision: a large value costs time and no digits. All this looks at one row alone.
public struct Float32Perceptron: Sendable {
  /// The largest magnitude that single precision is trusted with.
  public static let limit: Float = 1024

  /// Features of a strip: in single precision a block of them stays in the second-level cache.
  private static let stripWidth = 160
  /// The columns of tiles in single precision are padded to a multiple of this.
  private static let lanes = 16

  let model: PerceptronLogits
  private let parameters: [Double]
  private let rounded: [Float]
  private let centers: [Double]
  private let factors: [Double]

  /// Multiplications of the hidden layers for one row: what single precision makes faster.
  public static func work(of model: PerceptronLogits) -> Int {
    model.hiddenLayers.reduce(0) { $0 + $1.weights.count }
  }

  /// The network at `parameters`, which read features changed by `standardization`.
  ///
  /// Nil without hidden layers, and where a parameter has no finite rounding.
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

  /// Sets units 0..<C of `tile` to the logits of a block of features as they are, not standardised,
  /// and returns the places in the block of rows that want double precision, ascending.
  ///
  /// Complexity: that of `computeLogits`. Compressed rows are written out first.
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
