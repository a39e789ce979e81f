import SurprisalLinearAlgebra

/// The positions, in the units of one tile, of the values that the hidden layers compute for a
/// block of examples.
struct PerceptronRoom: Sendable, Equatable {
  /// The first unit of each array of one hidden layer; each array has as many units as the layer.
  struct Layer: Sendable, Equatable {
    /// Sums, then activations.
    let value: Int
    /// Derivatives of the activations, dropout included.
    let slope: Int
    /// Derivatives of the logits' score, or of the activations along a direction.
    let change: Int
    /// Normalised sums; unused without normalisation.
    let normalized: Int
    /// One unit: 1 / standard deviation of the sums of an example.
    let inverseDeviation: Int
  }

  let layers: [Layer]
  /// Two units for sums over units.
  let scratch: Int
  let unitCount: Int

  init(hidden: [Int], normalized: Bool) {
    var next = 0
    func take(_ count: Int) -> Int {
      next += count
      return next - count
    }
    layers = hidden.map { count in
      Layer(
        value: take(count), slope: take(count), change: take(count),
        normalized: take(normalized ? count : 0), inverseDeviation: take(normalized ? 1 : 0))
    }
    scratch = take(normalized ? 2 : 0)
    unitCount = next
  }
}

/// The values of a block that a thread keeps between the products of a perceptron.
public struct PerceptronWorkspace: Sendable {
  /// Activations and their derivatives.
  var tile: Tile

  init(room: PerceptronRoom) {
    tile = Tile(unitCount: room.unitCount, capacity: BlockedMatrix.blockSize)
  }
}
