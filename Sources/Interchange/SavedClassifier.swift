import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The kinds of classifier that a model file can hold.
///
/// A closed list: each kind is a way of writing, reading and checking, and a file that names another
/// is refused.
public enum SavedClassifier: Sendable {
  /// Affine logits: `surprisal fit --model softmax`.
  case affine(ModelClassifier<AffineLogits>)
  /// Networks: `surprisal fit --model mlp`.
  case network(NetworkClassifier)

  /// The classifier, whatever its kind.
  public var base: any Classifier {
    switch self {
    case .affine(let classifier): classifier
    case .network(let classifier): classifier
    }
  }

  /// The classifier, if its logits are affine functions of the features.
  public var affine: ModelClassifier<AffineLogits>? {
    switch self {
    case .affine(let classifier): classifier
    case .network: nil
    }
  }

  /// The layers of the networks, if it is made of them.
  var network: MultilayerPerceptron? {
    switch self {
    case .affine: nil
    case .network(let classifier): classifier.members.first?.model.network
    }
  }
}

extension SavedClassifier: Classifier {
  public var encoding: FeatureEncoding { base.encoding }
  public var classNames: [String] { base.classNames }
  public var likelihood: any Likelihood { base.likelihood }
  public var usesOffsets: Bool { base.usesOffsets }
  public var parameterCount: Int { base.parameterCount }

  public func probabilities(
    for features: Features, offsets: BlockedMatrix?, threads: ThreadCount
  ) throws(DatasetError) -> ClassProbabilities {
    try base.probabilities(for: features, offsets: offsets, threads: threads)
  }

  public func logProbabilities(
    for features: Features, offsets: BlockedMatrix?, threads: ThreadCount
  ) throws(DatasetError) -> BlockedMatrix {
    try base.logProbabilities(for: features, offsets: offsets, threads: threads)
  }

  public func logits(
    for features: Features, offsets: BlockedMatrix?, threads: ThreadCount
  ) throws(DatasetError) -> BlockedMatrix {
    try base.logits(for: features, offsets: offsets, threads: threads)
  }
}
