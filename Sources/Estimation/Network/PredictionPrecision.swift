import SurprisalModels

/// The arithmetic of the hidden layers of a network in predictions. Training, its objective and its
/// validation are always in double precision.
public enum PredictionPrecision: String, Sendable, CaseIterable {
  /// Single precision if the hidden layers of a network take at least
  /// `PredictionPrecision.leastWork` multiplications per row, double precision otherwise.
  case automatic
  /// Single precision: about twice as fast for layers of hundreds of units. Probabilities differ
  /// from those in double precision by less than 1e-5 of their value (6e-6 at most of 60 000 x 10,
  /// measured with 784 features and 256 units). A row whose standardised features, hidden sums or
  /// logits exceed `Float32Perceptron.limit` is computed in double precision, and so is every row
  /// of compressed features.
  case single
  /// Double precision, as in the fit.
  case double

  /// 65 536 multiplications: an input of 256 features to 256 units.
  public static let leastWork = 65_536

  /// Whether a network of this shape predicts in single precision.
  public func isSingle(for model: PerceptronLogits) -> Bool {
    switch self {
    case .automatic: Float32Perceptron.work(of: model) >= Self.leastWork
    case .single: true
    case .double: false
    }
  }
}
