import SurprisalKernels
import SurprisalLinearAlgebra

/// The computations of each layer for one block of examples, by ranges of units so that threads can
/// share a layer. An entry has the same bits however its layer is divided.
///
/// Unchecked: it points into tiles that its creator keeps alive, and threads write to different
/// units.
struct PerceptronPass: @unchecked Sendable {
  let model: PerceptronLogits
  /// The tile that `room` describes.
  let base: UnsafeMutablePointer<Double>
  let stride: Int
  let examples: Int

  /// The number of examples with padding.
  var columns: Int { Tile.padded(examples) }

  /// The start of a unit of the tile.
  func unit(_ index: Int) -> UnsafeMutablePointer<Double> { base + index * stride }

  package func place(_ layer: Int) -> PerceptronRoom.Layer { model.room.layers[layer] }

  /// The parameters that the first layer and the skip read, and the features they multiply.
  struct Source: @unchecked Sendable {
    let input: PerceptronInput
    /// All parameters, for the layers above.
    let parameters: UnsafePointer<Double>
    let first: PerceptronInput.Weights<UnsafePointer<Double>>
    let skip: PerceptronInput.Weights<UnsafePointer<Double>>
  }

  // MARK: Forward

  /// `target[u] = b[u] + Σ W[u, v] a[v]` of a layer; `target` is the first of `units`.
  func setSums(
    ofLayer index: Int, units: Range<Int>, from source: Source,
    to target: UnsafeMutablePointer<Double>, stride targetStride: Int
  ) {
    let layer = model.layers[index]
    for (offset, unit) in units.enumerated() {
      (target + offset * targetStride).update(
        repeating: source.parameters[layer.biases.lowerBound + unit], count: columns)
    }
    addSums(ofLayer: index, units: units, from: source, to: target, stride: targetStride)
  }

  /// `target[u] += Σ W[u, v] a[v]`.
  func addSums(
    ofLayer index: Int, units: Range<Int>, from source: Source,
    to target: UnsafeMutablePointer<Double>, stride targetStride: Int
  ) {
    let layer = model.layers[index]
    if index == 0 {
      source.input.addProduct(
        source.first.offset(by: units.lowerBound), units: units.count, to: target,
        stride: targetStride, examples: examples)
    } else {
      surprisal_add_product(
        columns, layer.inputCount, units.count, unit(place(index - 1).value), stride,
        source.parameters + layer.weights(of: units), layer.inputCount, target, targetStride)
    }
    if index == model.layers.count - 1, !model.skip.isEmpty {
      source.input.addProduct(
        source.skip.offset(by: units.lowerBound), units: units.count, to: target,
        stride: targetStride, examples: examples)
    }
  }

  /// Computes the sums of a hidden layer.
  func setSums(ofHidden index: Int, units: Range<Int>, from source: Source) {
    setSums(
      ofLayer: index, units: units, from: source,
      to: unit(place(index).value + units.lowerBound), stride: stride)
  }

  /// Computes activations and their derivatives from sums.
  func activate(_ index: Int, units: Range<Int>, dropout: Dropout.Step?) {
    let place = place(index)
    for number in units {
      let (value, slope) = (unit(place.value + number), unit(place.slope + number))
      model.network.activation.apply(columns, value, slopes: slope)
      dropout?.apply(layer: index, unit: number, count: examples, value, slope)
    }
  }

  // MARK: Backward

  /// From the score of a layer's sums computes the score of the (normalised) sums of the layer
  /// below: `change[v] = slope[v] Σ W[u, v] score[u]`. `transposed` has one row per unit of the
  /// layer below.
  func setChanges(
    ofHidden index: Int, units: Range<Int>, transposed: UnsafePointer<Double>,
    scores: UnsafePointer<Double>, stride scoreStride: Int
  ) {
    let place = place(index)
    let above = model.layers[index + 1].unitCount
    let target = unit(place.change + units.lowerBound)
    for offset in 0..<units.count {
      (target + offset * stride).update(repeating: 0, count: columns)
    }
    surprisal_add_product(
      columns, above, units.count, scores, scoreStride, transposed + units.lowerBound * above,
      above, target, stride)
    for number in units { multiplyBySlope(place, number) }
  }

  func multiplyBySlope(_ place: PerceptronRoom.Layer, _ number: Int) {
    let (change, slope) = (unit(place.change + number), unit(place.slope + number))
    for column in 0..<columns { change[column] *= slope[column] }
  }

  /// Adds to the gradient of the weights and biases of some units of a layer; `scores` points at
  /// the first of them.
  func addGradient(
    ofLayer index: Int, units: Range<Int>, scores: UnsafePointer<Double>, stride scoreStride: Int,
    to target: Target
  ) {
    let layer = model.layers[index]
    if index == 0 {
      target.input.addOuterProduct(
        scores, stride: scoreStride, units: units.count,
        to: target.first.offset(by: units.lowerBound), examples: examples)
    } else {
      surprisal_add_outer_product(
        columns, layer.inputCount, units.count, unit(place(index - 1).value), stride, scores,
        scoreStride, target.gradient + layer.weights(of: units), layer.inputCount)
    }
    if index == model.layers.count - 1, !model.skip.isEmpty {
      target.input.addOuterProduct(
        scores, stride: scoreStride, units: units.count,
        to: target.skip.offset(by: units.lowerBound), examples: examples)
    }
    for (offset, unit) in units.enumerated() {
      target.gradient[layer.biases.lowerBound + unit] += sum(scores + offset * scoreStride)
    }
  }

  /// The destination of a gradient.
  struct Target: @unchecked Sendable {
    let input: PerceptronInput
    /// The whole gradient.
    let gradient: UnsafeMutablePointer<Double>
    let first: PerceptronInput.Weights<UnsafeMutablePointer<Double>>
    let skip: PerceptronInput.Weights<UnsafeMutablePointer<Double>>
  }

  /// The sum over examples; the padding is zero.
  func sum(_ start: UnsafePointer<Double>) -> Double {
    var lanes = (0.0, 0.0, 0.0, 0.0)
    for column in Swift.stride(from: 0, to: columns, by: 4) {
      lanes.0 += start[column]
      lanes.1 += start[column + 1]
      lanes.2 += start[column + 2]
      lanes.3 += start[column + 3]
    }
    return (lanes.0 + lanes.1) + (lanes.2 + lanes.3)
  }
}

extension PerceptronInput.Weights where Pointer == UnsafePointer<Double> {
  func offset(by units: Int) -> Self {
    Self(start: start + units * unitStride, unitStride: unitStride, columnStride: columnStride)
  }
}

extension PerceptronInput.Weights where Pointer == UnsafeMutablePointer<Double> {
  func offset(by units: Int) -> Self {
    Self(start: start + units * unitStride, unitStride: unitStride, columnStride: columnStride)
  }
}

extension PerceptronPass {
  /// `target[u] += Σ W[u, v] change[v]` with the changes of the layer below.
  func addSums(
    ofChangesBelow index: Int, units: Range<Int>, parameters: UnsafePointer<Double>,
    to target: UnsafeMutablePointer<Double>, stride targetStride: Int
  ) {
    let layer = model.layers[index]
    surprisal_add_product(
      columns, layer.inputCount, units.count, unit(place(index - 1).change), stride,
      parameters + layer.weights(of: units), layer.inputCount, target, targetStride)
  }
}
