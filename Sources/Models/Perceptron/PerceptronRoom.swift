import SurprisalLinearAlgebra

/// Where the numbers of a block of examples stand while they pass through the hidden layers: units
/// of one tile.
struct PerceptronRoom: Sendable, Equatable {
  /// First units of what one hidden layer keeps, each as many units as the layer has.
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

/// What a thread keeps of a block between the products of a perceptron.
public struct PerceptronWorkspace: Sendable {
  /// Activations and their derivatives.
  var tile: Tile

  init(room: PerceptronRoom) {
    tile = Tile(unitCount: room.unitCount, capacity: BlockedMatrix.blockSize)
  }
}
