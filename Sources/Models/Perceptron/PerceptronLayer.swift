/// The positions of the parameters of one layer.
public struct PerceptronLayer: Sendable, Equatable {
  /// The number of units of the layer below, or of features.
  public let inputCount: Int
  /// The number of units of this layer, or of classes.
  public let unitCount: Int
  /// The weights W, `inputCount` per unit.
  public let weights: Range<Int>
  /// The biases b.
  public let biases: Range<Int>
  /// The gains that multiply normalised sums; empty without normalisation.
  public let gains: Range<Int>
  /// The shifts that are added to them; empty without normalisation.
  public let shifts: Range<Int>

  /// The position of the weights of a range of units.
  func weights(of units: Range<Int>) -> Int { weights.lowerBound + units.lowerBound * inputCount }

  /// The layers of the given widths, features first. The order is: all weights, then those of the
  /// skip (if any), then layer by layer biases, gains and shifts.
  static func layout(
    widths: [Int], normalized: Bool, skip: Bool
  ) -> (layers: [PerceptronLayer], skip: Range<Int>, count: Int) {
    let sizes = zip(widths, widths.dropFirst()).map { $0 * $1 }
    let weightCount = sizes.reduce(0, +)
    let skipCount = skip ? (widths.first ?? 0) * (widths.last ?? 0) : 0
    var (weight, other) = (0, weightCount + skipCount)
    func take(_ count: Int) -> Range<Int> {
      other += count
      return other - count..<other
    }
    var layers: [PerceptronLayer] = []
    for (index, size) in sizes.enumerated() {
      let units = widths[index + 1]
      let isNormalized = normalized && index + 1 < sizes.count
      layers.append(
        PerceptronLayer(
          inputCount: widths[index], unitCount: units, weights: weight..<weight + size,
          biases: take(units), gains: take(isNormalized ? units : 0),
          shifts: take(isNormalized ? units : 0)))
      weight += size
    }
    return (layers, weightCount..<weightCount + skipCount, other)
  }
}
