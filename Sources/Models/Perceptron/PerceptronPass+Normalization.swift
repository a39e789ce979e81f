import SurprisalLinearAlgebra

/// Layer normalisation, by ranges of examples: n = (z - mean) / √(variance + ε) over the units of a
/// layer, then gain n + shift.
extension PerceptronPass {
  /// Added to the variance, so that a zero variance can be divided by.
  private static let epsilon = 1e-5

  /// Replaces sums by their normalised, scaled and shifted values, and keeps what derivatives need.
  func normalize(_ index: Int, examples range: Range<Int>, parameters: UnsafePointer<Double>) {
    let (layer, place) = (model.layers[index], place(index))
    let share = 1 / Double(layer.unitCount)
    let (mean, square) = (unit(model.room.scratch), unit(model.room.scratch + 1))
    let inverse = unit(place.inverseDeviation)
    for column in range { (mean[column], square[column]) = (0, 0) }
    for number in 0..<layer.unitCount {
      let value = unit(place.value + number)
      for column in range { mean[column] += value[column] }
    }
    for column in range { mean[column] *= share }
    for number in 0..<layer.unitCount {
      let value = unit(place.value + number)
      for column in range {
        value[column] -= mean[column]
        square[column] += value[column] * value[column]
      }
    }
    for column in range {
      inverse[column] = 1 / (square[column] * share + Self.epsilon).squareRoot()
    }
    for number in 0..<layer.unitCount {
      let (value, normalized) = (unit(place.value + number), unit(place.normalized + number))
      let gain = parameters[layer.gains.lowerBound + number]
      let shift = parameters[layer.shifts.lowerBound + number]
      for column in range {
        normalized[column] = value[column] * inverse[column]
        value[column] = gain * normalized[column] + shift
      }
    }
  }

  /// Adds to the gradient of gains and shifts; changes still refer to the scaled sums.
  func addNormalizationGradient(
    _ index: Int, units: Range<Int>, to gradient: UnsafeMutablePointer<Double>
  ) {
    let (layer, place) = (model.layers[index], place(index))
    for number in units {
      let (change, normalized) = (unit(place.change + number), unit(place.normalized + number))
      var total = 0.0
      for column in 0..<columns { total += change[column] * normalized[column] }
      gradient[layer.gains.lowerBound + number] += total
      gradient[layer.shifts.lowerBound + number] += sum(change)
    }
  }

  /// Converts the score of scaled sums to that of plain sums.
  func pullBackNormalization(
    _ index: Int, examples range: Range<Int>, parameters: UnsafePointer<Double>
  ) {
    let (layer, place) = (model.layers[index], place(index))
    for number in 0..<layer.unitCount {
      let change = unit(place.change + number)
      let gain = parameters[layer.gains.lowerBound + number]
      for column in range { change[column] *= gain }
    }
    projectChanges(index, examples: range)
  }

  /// Converts a direction of plain sums to that of scaled sums; `direction` includes gains and
  /// shifts.
  func pushForwardNormalization(
    _ index: Int, parameters: UnsafePointer<Double>, direction: UnsafePointer<Double>
  ) {
    let (layer, place) = (model.layers[index], place(index))
    projectChanges(index, examples: 0..<columns)
    for number in 0..<layer.unitCount {
      let (change, normalized) = (unit(place.change + number), unit(place.normalized + number))
      let gain = parameters[layer.gains.lowerBound + number]
      let gainChange = direction[layer.gains.lowerBound + number]
      let shiftChange = direction[layer.shifts.lowerBound + number]
      for column in 0..<columns {
        change[column] = gain * change[column] + gainChange * normalized[column] + shiftChange
      }
    }
  }

  /// The Jacobian of n in z, which is symmetric: `change` becomes
  /// (change - mean(change) - n mean(change n)) / deviation.
  private func projectChanges(_ index: Int, examples range: Range<Int>) {
    let (layer, place) = (model.layers[index], place(index))
    let share = 1 / Double(layer.unitCount)
    let (mean, slope) = (unit(model.room.scratch), unit(model.room.scratch + 1))
    let inverse = unit(place.inverseDeviation)
    for column in range { (mean[column], slope[column]) = (0, 0) }
    for number in 0..<layer.unitCount {
      let (change, normalized) = (unit(place.change + number), unit(place.normalized + number))
      for column in range {
        mean[column] += change[column] * share
        slope[column] += change[column] * normalized[column] * share
      }
    }
    for number in 0..<layer.unitCount {
      let (change, normalized) = (unit(place.change + number), unit(place.normalized + number))
      for column in range {
        change[column] =
          inverse[column] * (change[column] - mean[column] - normalized[column] * slope[column])
      }
    }
  }
}
