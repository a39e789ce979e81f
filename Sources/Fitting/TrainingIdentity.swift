import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalOptimization
import SurprisalProbability

/// The properties that a training run must share with an earlier one in order to resume from its
/// state: the specification and the data.
public struct TrainingIdentity: Sendable, Equatable, Codable {
  /// A short description of the data; equal descriptions almost certainly mean equal data.
  public struct Data: Sendable, Equatable, Codable {
    /// The number of rows, N.
    public var rows: Int
    /// The number of columns, D.
    public var columns: Int
    /// The number of classes, C.
    public var classes: Int
    /// The storage of the features: `double`, `single` or `sparse`.
    public var storage: String
    /// The fingerprint of labels, weights and offsets.
    public var labels: String
    /// The fingerprint of the features.
    public var features: String

    /// The identity of some data. Complexity: O(N (C + D)).
    public init(_ data: Dataset) {
      let fingerprint = TrainingFingerprint(data)
      rows = data.givenRowCount
      columns = data.features.columnCount
      classes = data.classCount
      storage =
        switch data.features.matrix.storageKind {
        case .double: "double"
        case .single: "single"
        case .sparse: "sparse"
        }
      labels = fingerprint.labels
      features = fingerprint.features
    }
  }

  /// The specification, with defaults that depend on the data or the method filled in.
  public var specification: Specification
  /// The training rows, including those held out by proportion, in the order of training: it does
  /// not depend on the order in which they were given.
  public var data: Data
  /// The separate validation rows; nil for none.
  public var validation: Data?
  /// The name of the validation rows, such as their file.
  public var validationName: String?
  /// The fingerprint of the groups of rows that are held out together; nil for none.
  public var groups: String?

  private enum CodingKeys: String, CodingKey {
    case specification, data, validation, groups
    case validationName = "validation_name"
  }

  /// The identity of a training run.
  ///
  /// Throws `SpecificationError` for an unknown likelihood, and for a model that is not a network.
  public init(
    _ specification: Specification, data: Dataset, validation: Dataset? = nil,
    validationName: String? = nil, groups: Clusters? = nil
  ) throws(SpecificationError) {
    guard let network = specification.model.network, let method = specification.solver.training
    else { throw .solver(specification.solver, model: specification.model.kind) }
    let likelihood = try specification.likelihood.model(for: data)
    let given = groups.flatMap { $0.indices.count == data.rowCount ? $0.indices : nil }
    let (data, numbers) = data.mergingEqualRows(groups: given, threads: ThreadCount.one)
    var resolved = specification
    resolved.model = .network(
      network.resolved(for: data, method, hasValidationRows: validation != nil))
    resolved.solver = Specification.Solver(rawValue: method.rawValue) ?? specification.solver
    resolved.likelihood = .init(
      name: likelihood.name, options: LikelihoodRegistry.options(of: likelihood))
    self.specification = resolved
    self.data = Data(data)
    self.validation = validation.map { Data($0) }
    self.validationName = validationName
    self.groups = numbers.map { numbers in
      let hash = numbers.reduce(UInt64(0)) { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ UInt64($1 + 1) }
      return String(hash, radix: 16)
    }
  }

  /// A property in which two training runs differ.
  public struct Difference: Sendable, Equatable {
    /// The property, as in JSON: `network.clip`, `prior.l2`, `dataset.rows`.
    public let property: String
    /// The earlier value; nil if it was not given.
    public let before: String?
    /// The present value; nil if it is not given.
    public let now: String?
  }

  /// The differences to an earlier run, of which `passes` passes are done: the properties that
  /// affect the numbers of the result, in their order.
  ///
  /// More passes with a constant rate, and more patience, only extend the earlier run and are not
  /// differences. If the sizes of the data differ, their fingerprints are omitted.
  public func differences(from earlier: TrainingIdentity, passes: Int) -> [Difference] {
    let before = Dictionary(earlier.properties, uniquingKeysWith: { $1 })
    let now = Dictionary(properties, uniquingKeysWith: { $1 })
    let names = properties.map(\.0) + earlier.properties.map(\.0).filter { now[$0] == nil }
    let differing = names.compactMap { name -> Difference? in
      let difference = Difference(
        property: name, before: before[name] ?? nil, now: now[name] ?? nil)
      let isSame = difference.before == difference.now
      return isSame || isLonger(difference, passes: passes) ? nil : difference
    }
    let hasOtherSize = differing.contains { Self.sizes.contains($0.property) }
    return hasOtherSize ? differing.filter { !$0.isOfFingerprint } : differing
  }

  /// Whether the rate of a pass is independent of the total number of passes.
  public var hasConstantRate: Bool {
    [.constant, .plateau].contains(specification.model.network?.schedule)
  }

  private static let sizes = ["dataset.rows", "dataset.columns", "dataset.classes"]

  private func isLonger(_ difference: Difference, passes: Int) -> Bool {
    switch difference.property {
    case "network.epochs":
      hasConstantRate && difference.now.flatMap { Int($0) }.map { $0 >= passes } ?? false
    case "network.patience":
      if let before = difference.before.flatMap({ Int($0) }) {
        difference.now.flatMap { Int($0) }.map { $0 >= before } ?? true
      } else {
        false
      }
    default: false
    }
  }

  /// Every property that affects the numbers of the result, with its value as text.
  private var properties: [(String, String?)] {
    guard let network = specification.model.network else { return [] }
    var strength: (String, String?) = ("prior.l2", specification.prior.lambda.map { "\($0)" })
    if case .gaussian(.precision(let value)) = specification.prior.density {
      strength = ("prior.precision", "\(value)")
    }
    var result: [(String, String?)] = [
      ("network.hidden", network.hidden.map(String.init).joined(separator: ",")),
      ("network.activation", network.activation.rawValue),
      ("network.layer_norm", "\(network.normalizesLayers)"),
      ("network.dropout", "\(network.dropout)"), ("network.skip", "\(network.hasSkip)"),
      ("network.input_scale", network.inputScale?.rawValue),
      ("likelihood.name", specification.likelihood.name), strength,
      ("seed", "\(specification.seed)"), ("solver", specification.solver.rawValue),
      ("network.epochs", network.epochs.map { "\($0)" }),
      ("network.batch_size", network.batchSize.map { "\($0)" }),
      ("network.learning_rate", network.learningRate.map { "\($0)" }),
      ("network.schedule", network.schedule?.rawValue),
      ("network.warm_up", network.warmUp.map { "\($0)" }),
      ("network.clip", network.clipping.map { "\($0)" }),
      ("network.weight_decay", "\(network.weightDecay)"),
      ("network.validation", validationName ?? network.validationShare.map { "\($0)" }),
      ("network.patience", network.patience.map { "\($0)" }),
      ("dataset.single", "\(data.storage == "single")"),
      ("dataset.sparse", "\(data.storage == "sparse")"), ("dataset.rows", "\(data.rows)"),
      ("dataset.columns", "\(data.columns)"), ("dataset.classes", "\(data.classes)"),
    ]
    for (name, values) in specification.likelihood.options.sorted(by: { $0.key < $1.key }) {
      let text = values.map { "\($0)" }.joined(separator: ",")
      result.append(("likelihood.options.\(name)", text))
    }
    result += [
      ("dataset.labels", data.labels), ("dataset.features", data.features),
      ("dataset.groups", groups),
    ]
    if let validation {
      result += [
        ("validation.labels", validation.labels), ("validation.features", validation.features),
      ]
    }
    return result
  }
}

extension TrainingIdentity.Difference {
  /// Whether the difference is in a fingerprint, that is, in the contents of the data.
  public var isOfFingerprint: Bool {
    [
      "dataset.labels", "dataset.features", "dataset.groups", "validation.labels",
      "validation.features",
    ]
    .contains(property)
  }
}
