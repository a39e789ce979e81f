/// A feed-forward network with fully connected layers: logits are a nonlinear function of the
/// features.
///
/// With a₀ = x, hidden layers l = 1 ... L - 1 and the output layer L,
///
///     zₗ = Wₗ aₗ₋₁ + bₗ,   aₗ = dropout(activation(normalisation(zₗ))),   z = z_L (+ V x with a
///     skip)
///
/// Without hidden layers it is softmax regression. The likelihood of a network is not concave: the
/// result of training depends on its start, which is drawn from a seed.
public struct MultilayerPerceptron: ModelFamily, Hashable {
  /// The number of units of each hidden layer; none for an affine map.
  public var hidden: [Int]
  /// The activation function of the hidden units.
  public var activation: Activation
  /// Whether layer normalisation is used: the sums of a layer are brought to mean 0 and variance 1
  /// over its units, then scaled and shifted by parameters. Ba, Kiros and Hinton (2016),
  /// arXiv:1607.06450.
  public var normalizesLayers: Bool
  /// The proportion of hidden units that a training step drops; the others are divided by the
  /// proportion that remains. Srivastava et al., JMLR 15 (2014). Predictions use all units.
  public var dropout: Double
  /// Whether the features also enter the logits directly, so that the linear model is a special
  /// case.
  public var hasSkip: Bool

  /// Creates a network. Precondition: 0 <= `dropout` < 1, layers have at least one unit.
  public init(
    hidden: [Int] = [256], activation: Activation = .relu, normalizesLayers: Bool = false,
    dropout: Double = 0, hasSkip: Bool = false
  ) {
    precondition(hidden.allSatisfy { $0 >= 1 }, "a layer has at least one unit")
    precondition(dropout >= 0 && dropout < 1, "dropout is a share below one")
    self.hidden = hidden
    self.activation = activation
    self.normalizesLayers = normalizesLayers
    self.dropout = dropout
    self.hasSkip = hasSkip
  }

  public var name: String { "mlp" }

  public func model(featureCount: Int, classCount: Int) -> PerceptronLogits {
    PerceptronLogits(self, featureCount: featureCount, classCount: classCount)
  }
}

extension MultilayerPerceptron: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case hidden, activation, dropout
    case normalizesLayers = "normalizes_layers"
    case hasSkip = "skip"
  }
}
