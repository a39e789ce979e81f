extension PerceptronLogits {
  /// Initial parameters. Weights are uniform around 0 with the variance that preserves the size of
  /// activations from layer to layer: 2 / inputs for relu and gelu (He et al. 2015,
  /// doi:10.1109/ICCV.2015.123), otherwise 2 / (inputs + units) (Glorot and Bengio, AISTATS 2010).
  /// Biases of hidden units are drawn like the weight of a further input that is 1: with few inputs
  /// units would otherwise all bend at their means. Weights of the output and of a skip and shifts
  /// are 0, gains 1, and the output biases are `logits`: the initial prediction ignores the
  /// features.
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
