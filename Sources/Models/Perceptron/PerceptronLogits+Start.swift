extension PerceptronLogits {
  /// Parameters to start from: weights uniform around 0 with the variance that keeps the size of
  /// activations from layer to layer, 2 / inputs below relu and gelu (He et al. 2015,
  /// doi:10.1109/ICCV.2015.123) and 2 / (inputs + units) elsewhere (Glorot and Bengio, AISTATS
  /// 2010); biases of hidden units like the weight of one further input that is 1, so that few
  /// inputs are not all bent at their means; weights of the output, a skip and shifts 0, gains 1,
  /// and `logits` as the biases of the output: the first prediction is that of no features.
  public func initialParameters(seed: UInt64, logits: [Double]) -> [Double] {
    precondition(logits.count == classCount)
    var result = [Double](repeating: 0, count: parameterCount)
    let hash = CounterBasedGenerator(seed: seed)
    for (index, layer) in hiddenLayers.enumerated() {
      let isGlorot = network.activation == .tanh
      let variance =
        2 / Double(isGlorot ? layer.inputCount + layer.unitCount : max(layer.inputCount, 1))
      let bound = (3 * variance).squareRoot()
      let numbers = hash.child(index)
      for (offset, position) in (Array(layer.weights) + Array(layer.biases)).enumerated() {
        result[position] = bound * (2 * numbers.unit(offset) - 1)
      }
      for position in layer.gains { result[position] = 1 }
    }
    for (position, logit) in zip(outputLayer.biases, logits) { result[position] = logit }
    return result
  }
}
