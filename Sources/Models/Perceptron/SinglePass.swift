import SurprisalKernels
import SurprisalLinearAlgebra

/// The pass of one block of rows through a `Float32Perceptron`; points into memory of its creator.
struct SinglePass {
  let model: PerceptronLogits
  /// Parameters in double precision, for the output layer and the skip.
  let parameters: UnsafePointer<Double>
  /// The parameters rounded to single precision.
  let rounded: UnsafePointer<Float>
  /// The largest magnitude that occurred for each example.
  let extent: UnsafeMutablePointer<Float>
  /// A strip of standardised features.
  let strip: UnsafeMutablePointer<Float>
  let stripWidth: Int
  /// Two buffers; hidden layers alternate between them.
  let layers: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  /// The stride between units in single precision.
  let columns: Int
  let logits: UnsafeMutablePointer<Double>
  let logitStride: Int
  let examples: Int

  private func units(_ layer: Int) -> UnsafeMutablePointer<Float> {
    layer.isMultiple(of: 2) ? layers.0 : layers.1
  }

  /// The sums of the first hidden layer, and the contribution of the skip to the logits; each strip
  /// of features is read once.
  func setFirstSums(
    _ features: UnsafePointer<Double>, _ stride: Int, _ centers: [Double], _ factors: [Double]
  ) {
    let width = model.featureCount
    setBiases(of: 0)
    for unit in 0..<model.classCount {
      (logits + unit * logitStride).update(
        repeating: parameters[model.outputLayer.biases.lowerBound + unit],
        count: Tile.padded(examples))
    }
    let parts = stripWidth > 0 ? (width + stripWidth - 1) / stripWidth : 0
    for part in 0..<parts {
      let (first, end) = (width * part / parts, width * (part + 1) / parts)
      centers.withUnsafeBufferPointer { centers in
        factors.withUnsafeBufferPointer { factors in
          guard let centers = centers.baseAddress, let factors = factors.baseAddress else { return }
          surprisal_standardize_float(
            stride, end - first, features + first * stride, stride, centers + first,
            factors + first, strip, columns, extent)
        }
      }
      surprisal_add_product_float(
        columns, end - first, model.layers[0].unitCount, strip, columns, rounded + first, width,
        layers.0, columns, nil)
      if model.skip.isEmpty { continue }
      surprisal_add_product_single(
        Tile.padded(examples), end - first, model.classCount, strip, columns,
        parameters + model.skip.lowerBound + first, width, logits, logitStride, nil)
    }
  }

  /// Computes everything after the first sums. Returns the positions of the examples in which a
  /// magnitude exceeded `limit`.
  func finish(beyond limit: Float) -> [Int] {
    for index in model.hiddenLayers.indices {
      if index > 0 { setSums(of: index) }
      apply(index)
    }
    let output = model.outputLayer
    surprisal_add_product_single(
      Tile.padded(examples), output.inputCount, output.unitCount, units(model.layers.count - 2),
      columns, parameters + output.weights.lowerBound, output.inputCount, logits, logitStride, nil)
    return (0..<examples).filter { example in
      guard extent[example] <= limit else { return true }
      return !(0..<model.classCount).allSatisfy {
        logits[$0 * logitStride + example].magnitude <= Double(limit)
      }
    }
  }

  private func setBiases(of index: Int) {
    let layer = model.layers[index]
    for unit in 0..<layer.unitCount {
      (units(index) + unit * columns).update(
        repeating: rounded[layer.biases.lowerBound + unit], count: columns)
    }
  }

  private func setSums(of index: Int) {
    let layer = model.layers[index]
    setBiases(of: index)
    surprisal_add_product_float(
      columns, layer.inputCount, layer.unitCount, units(index - 1), columns,
      rounded + layer.weights.lowerBound, layer.inputCount, units(index), columns, nil)
  }

  /// Normalises and activates the sums of a layer. The extent is recorded before, since normalised
  /// sums do not show how large the sums were.
  private func apply(_ index: Int) {
    let (layer, sums) = (model.layers[index], units(index))
    surprisal_extent_float(columns, layer.unitCount, sums, columns, extent)
    if model.network.normalizesLayers {
      surprisal_normalize_float(
        columns, layer.unitCount, sums, columns, rounded + layer.gains.lowerBound,
        rounded + layer.shifts.lowerBound)
      surprisal_extent_float(columns, layer.unitCount, sums, columns, extent)
    }
    model.network.activation.apply(columns * layer.unitCount, sums)
  }
}
