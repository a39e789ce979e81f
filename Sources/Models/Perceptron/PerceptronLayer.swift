/// Where the parameters of one layer stand.
public struct PerceptronLayer: Sendable, Equatable {
  /// Units of the layer below, or features.
  public let inputCount: Int
  /// Units of this layer, or classes.
  public let unitCount: Int
  /// W, one row of `inputCount` weights a unit.
  public let weights: Range<Int>
  /// b.
  public let biases: Range<Int>
  /// What normalised sums are multiplied by; empty without normalisation.
  public let gains: Range<Int>
  /// What is added to them; empty without normalisation.
  public let shifts: Range<Int>

  /// The weights of a range of units.
  func weights(of units: Range<Int>) -> Int { weights.lowerBound + units.lowerBound * inputCount }

  /// Layers of the given widths, features first: all weights, then (with a skip) those of the skip,
  /// then layer by layer biases, gains and shifts.
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
