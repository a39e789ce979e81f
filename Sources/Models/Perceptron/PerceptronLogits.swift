import SurprisalLinearAlgebra

/// The logits of a multilayer perceptron for D features and C classes.
///
/// Parameters: the weights of all layers, one row per unit; those of the skip, C x D; then for each
/// layer its biases, gains and shifts. A prior applies to the weights of layers and skip.
public struct PerceptronLogits: Model {
  /// The architecture: layer sizes, activation and options.
  public let network: MultilayerPerceptron
  public let featureCount: Int
  public let classCount: Int
  /// Hidden layers, then the output layer.
  public let layers: [PerceptronLayer]
  /// The weights from features to logits; empty without a skip.
  public let skip: Range<Int>
  public let parameterCount: Int

  /// The positions of the activations of a block.
  let room: PerceptronRoom

  /// Creates a model of the given shape. Without hidden layers a skip would duplicate the weights
  /// and is ignored.
  public init(_ network: MultilayerPerceptron, featureCount: Int, classCount: Int) {
    let layout = PerceptronLayer.layout(
      widths: [featureCount] + network.hidden + [classCount],
      normalized: network.normalizesLayers, skip: network.hasSkip && !network.hidden.isEmpty)
    self.network = network
    self.featureCount = featureCount
    self.classCount = classCount
    layers = layout.layers
    skip = layout.skip
    parameterCount = layout.count
    room = PerceptronRoom(hidden: network.hidden, normalized: network.normalizesLayers)
  }

  public var weights: Range<Int> { 0..<skip.upperBound }

  /// The biases of the output layer, which are added to the logits.
  public var intercepts: Range<Int> { outputLayer.biases }

  /// The layers below the output layer.
  var hiddenLayers: ArraySlice<PerceptronLayer> { layers.dropLast() }

  var outputLayer: PerceptronLayer { layers[layers.count - 1] }

  public func makeWorkspace() -> PerceptronWorkspace { PerceptronWorkspace(room: room) }
}
