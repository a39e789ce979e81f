import SurprisalDatasets
import SurprisalEstimation
import SurprisalProbability

/// Why a specification is invalid, or cannot be applied to some data. Properties are named as in
/// JSON: `prior.l2`.
public enum SpecificationError: Error, Sendable, Equatable {
  /// The allowed values of a property.
  public enum Domain: Sendable, Equatable {
    /// A finite number that is at least 0.
    case notNegative
    /// A finite number above 0.
    case positive
    /// A finite number, or a whole number, that is at least a bound.
    case from(Int)
    /// A number between two bounds, inclusive.
    case range(Double, Double)
    /// A number between 0 and 1, exclusive.
    case betweenZeroAndOne
    /// A proportion: at least 0 and less than 1.
    case belowOne
    /// A whole number between two bounds, inclusive.
    case wholeNumbers(Int, Int)
    /// At most `most` layers of 1 to `units` units.
    case layers(most: Int, units: Int)
    /// Two finite numbers that are at least 0.
    case twoNumbers
    /// One of some words.
    case words([String])
  }

  /// A value outside the domain of the property.
  case value(property: String, value: String, domain: Domain)
  /// A value that needs another property.
  case requires(property: String, value: String, other: String)
  /// Two properties that contradict each other.
  case conflict(property: String, other: String)
  /// A property that another kind of model has.
  case notOfModel(property: String, model: Specification.Model.Kind)
  /// A property that a joint fit of features and votes does not support.
  case notOfVotes(property: String, value: String)
  /// A solver that is not available for the model.
  case solver(Specification.Solver, model: Specification.Model.Kind)
  /// A property of training in batches was given with L-BFGS, which uses all rows in every step.
  case needsBatches(property: String)
  /// A property of hidden units was given for a network without hidden units.
  case needsHiddenUnits(property: String)
  /// An option that the likelihood does not have.
  case likelihoodOption(String, likelihood: String)
  /// Options outside the domain of the likelihood.
  case likelihoodOptions([String: [Double]], likelihood: String)
  /// A reference class that is not among the classes.
  case reference(String, classNames: [String])
  /// Class weights for names that are not among the classes.
  case weightsOfUnknown([String], classNames: [String])
  /// Class weights turn row weights into importance weights, which cannot be combined with
  /// frequencies.
  case weightedFrequencies
  /// Cluster-robust standard errors were requested without clusters; the column that identifies
  /// them.
  case clusters(column: String)
  /// A prior of a network with λ so large that the labels are below the rounding of the objective.
  case strongPrior(Double)
  /// A weight decay whose product with the rate exceeds 1.
  case strongDecay(Double, rate: Double)
  /// Layers are to be chosen on held-out rows, but there are none.
  case needsRowsHeldOut(property: String)
  /// A proportion of validation rows that leaves no training rows or no validation rows.
  case validationRows(share: Double, rowCount: Int)
}

extension Specification {
  /// For a larger λ the labels are below the rounding of a network's objective.
  public static let strongestNetworkPrior = 1e15

  /// Throws the first property that is invalid, by itself or in combination with others.
  public func validate() throws(SpecificationError) {
    try validateValues()
    try validateLikelihood()
    switch model {
    case .softmax:
      guard solver.affine != nil else { throw .solver(solver, model: .softmax) }
      guard prior.density != .automatic else {
        throw .notOfModel(property: "prior.name", model: .softmax)
      }
    case .network(let network):
      try network.validateValues()
      try network.validateLayers()
      try validate(beside: network)
    }
  }

  /// Throws for the first property that a joint fit of features and votes does not support.
  public func validateVotes() throws(SpecificationError) {
    let name = likelihood.name ?? Evidence().name
    let foreign = [
      ("prior.name", "jeffreys", prior.density == .jeffreys),
      ("likelihood.name", name, name != Evidence().name),
      ("labels.temperature", "", labels.temperature != nil),
      ("labels.smoothing", "", labels.smoothing != nil),
      ("labels.class_weights", "", labels.classWeights != nil),
    ]
    if let (property, value, _) = foreign.first(where: \.2) {
      throw .notOfVotes(property: property, value: value)
    }
  }

  /// Throws the first value outside the domain of its property, those of a network excepted.
  public func validateValues() throws(SpecificationError) {
    switch prior.density {
    case .gaussian(.lambda(let value)): try require("prior.l2", value, .notNegative)
    case .gaussian(.precision(let value)): try require("prior.precision", value, .positive)
    case .flat, .automatic, .jeffreys: break
    }
    try require("tolerance", tolerance, .positive)
    try require("restarts", restarts, .from(0))
    try require("maximum_iterations", maximumIterations, .from(1))
    try require("labels.smoothing", labels.smoothing, .range(0, 1))
    try require("labels.temperature", labels.temperature, .positive)
    if case .named(let weights) = labels.classWeights {
      for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
        try require("labels.class_weights.\(name)", weight, .notNegative)
      }
    }
  }

  private func validateLikelihood() throws(SpecificationError) {
    guard let name = likelihood.name else { return }
    let names = LikelihoodRegistry.all.map(\.name)
    guard let known = LikelihoodRegistry.named(name) else {
      throw .value(property: "likelihood.name", value: name, domain: .words(names))
    }
    try Self.requireOptions(likelihood.options, of: known)
  }

  static func requireOptions(
    _ options: [String: [Double]], of known: LikelihoodRegistry
  ) throws(SpecificationError) {
    let unknown = options.keys.sorted().first { !known.optionNames.contains($0) }
    if let unknown { throw .likelihoodOption(unknown, likelihood: known.name) }
  }

  /// Throws for options that a network does not have, or that contradict its own options.
  private func validate(beside network: Network) throws(SpecificationError) {
    let foreign = [
      ("reference", reference != nil), ("prior.name", prior.density == .jeffreys),
      ("restarts", restarts != nil),
      ("standard_errors", standardErrors != .automatic && standardErrors != .none),
    ]
    if let property = foreign.first(where: \.1)?.0 {
      throw .notOfModel(property: property, model: .network)
    }
    guard let method = solver.training else { throw .solver(solver, model: .network) }
    if method == .lbfgs {
      let ofBatches = [
        ("network.dropout", network.dropout > 0), ("network.patience", network.patience != nil),
        ("network.weight_decay", network.weightDecay > 0),
        ("network.clip", network.clipping != nil),
      ]
      if let property = ofBatches.first(where: \.1)?.0 { throw .needsBatches(property: property) }
    }
    if let lambda = prior.lambda, lambda > Self.strongestNetworkPrior {
      throw .strongPrior(lambda)
    }
    let rate = network.training(method).peakRate
    if network.weightDecay * rate > 1 { throw .strongDecay(network.weightDecay, rate: rate) }
  }
}

extension Specification.Network {
  /// The largest number of units of a layer.
  public static let mostUnits = 1_000_000
  /// The largest number of hidden layers.
  public static let mostLayers = 64
  private static let most = 1_000_000

  /// Throws the first value outside the domain of its property.
  public func validateValues() throws(SpecificationError) {
    guard hidden.count <= Self.mostLayers, hidden.allSatisfy({ (1...Self.mostUnits).contains($0) })
    else {
      throw .value(
        property: "network.hidden", value: hidden.map(String.init).joined(separator: ","),
        domain: .layers(most: Self.mostLayers, units: Self.mostUnits))
    }
    try require("network.dropout", dropout, .belowOne)
    try require("network.learning_rate", learningRate, .positive)
    try require("network.clip", clipping, .positive)
    try require("network.weight_decay", weightDecay, .from(0))
    try require("network.warm_up", warmUp, .range(0, 10_000))
    try require("network.epochs", epochs, .wholeNumbers(0, Self.most))
    try require("network.batch_size", batchSize, .wholeNumbers(1, Self.most))
    try require("network.patience", patience, .wholeNumbers(1, Self.most))
    try require("network.ensemble", members, .wholeNumbers(1, Self.most))
    try require("network.validation", validationShare, .belowOne)
  }

  /// Throws if a property of hidden units is set but there are none.
  func validateLayers() throws(SpecificationError) {
    guard hidden.isEmpty else { return }
    let ofHidden = [
      ("network.layer_norm", normalizesLayers), ("network.dropout", dropout > 0),
      ("network.skip", hasSkip),
    ]
    if let property = ofHidden.first(where: \.1)?.0 { throw .needsHiddenUnits(property: property) }
  }
}

private func require(
  _ property: String, _ value: Double?, _ domain: SpecificationError.Domain
) throws(SpecificationError) {
  guard let value, !(value.isFinite && domain.contains(value)) else { return }
  throw .value(property: property, value: "\(value)", domain: domain)
}

private func require(
  _ property: String, _ value: Int?, _ domain: SpecificationError.Domain
) throws(SpecificationError) {
  guard let value, !domain.contains(Double(value)) else { return }
  throw .value(property: property, value: "\(value)", domain: domain)
}

extension SpecificationError.Domain {
  fileprivate func contains(_ value: Double) -> Bool {
    switch self {
    case .notNegative: value >= 0
    case .positive: value > 0
    case .from(let least): value >= Double(least)
    case .range(let least, let most): value >= least && value <= most
    case .betweenZeroAndOne: value > 0 && value < 1
    case .belowOne: value >= 0 && value < 1
    case .wholeNumbers(let least, let most): value >= Double(least) && value <= Double(most)
    case .layers, .words, .twoNumbers: false
    }
  }
}
