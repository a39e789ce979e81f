import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// In JSON every member may be missing or null, which means its default; all members are written,
/// except `pseudo_counts` for fits without votes.
extension Specification: Codable {
  private enum CodingKeys: String, CodingKey {
    case model, intercept, network, likelihood, prior, solver, tolerance, restarts, seed, reference
    case labels
    case maximumIterations = "maximum_iterations"
    case standardErrors = "standard_errors"
    case pseudoCounts = "pseudo_counts"
  }

  /// Throws `SpecificationError` for an unknown word, or for a member of another kind of model.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    model = try Self.model(container)
    likelihood = try container.value(.likelihood, or: likelihood)
    solver = try container.word(.solver, or: solver)
    prior = try container.value(.prior, or: .standard(for: model, solver))
    tolerance = try container.value(.tolerance, or: tolerance)
    maximumIterations = try container.value(.maximumIterations, or: maximumIterations)
    restarts = try container.decodeIfPresent(Int.self, forKey: .restarts)
    seed = try Self.seed(container)
    if let text = try container.decodeIfPresent(String.self, forKey: .standardErrors) {
      guard let errors = StandardErrors(rawValue: text) else {
        throw SpecificationError.value(
          property: container.property(.standardErrors), value: text,
          domain: .words(StandardErrors.forms))
      }
      standardErrors = errors
    }
    reference = try container.decodeIfPresent(String.self, forKey: .reference)
    labels = try container.value(.labels, or: labels)
    if let numbers = try container.decodeIfPresent([Double].self, forKey: .pseudoCounts) {
      guard numbers.count == 2, numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw SpecificationError.value(
          property: container.property(.pseudoCounts), value: "\(numbers)", domain: .twoNumbers)
      }
      pseudoCounts = PseudoCounts(diagonal: numbers[0], offDiagonal: numbers[1])
    }
  }

  /// Decodes a whole number; a seed beyond the range of `Int` is a string of digits.
  private static func seed(_ container: KeyedDecodingContainer<CodingKeys>) throws -> UInt64 {
    guard let text = try? container.decodeIfPresent(String.self, forKey: .seed) else {
      return try container.value(.seed, or: Specification().seed)
    }
    guard let seed = UInt64(text) else {
      throw SpecificationError.value(
        property: container.property(.seed), value: text, domain: .from(0))
    }
    return seed
  }

  private static func model(_ container: KeyedDecodingContainer<CodingKeys>) throws -> Model {
    let kind = try container.word(.model, or: Model.Kind.softmax)
    let hasIntercept = try container.decodeIfPresent(Bool.self, forKey: .intercept)
    let network = try container.decodeIfPresent(Network.self, forKey: .network)
    switch kind {
    case .softmax:
      guard network == nil else {
        throw SpecificationError.notOfModel(property: container.property(.network), model: .softmax)
      }
      return .softmax(hasIntercept: hasIntercept ?? true)
    case .network:
      guard hasIntercept == nil else {
        throw SpecificationError.notOfModel(
          property: container.property(.intercept), model: .network)
      }
      return .network(network ?? Network())
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model.name, forKey: .model)
    switch model {
    case .softmax(let hasIntercept): try container.encode(hasIntercept, forKey: .intercept)
    case .network(let network): try container.encode(network, forKey: .network)
    }
    try container.encode(likelihood, forKey: .likelihood)
    try container.encode(prior, forKey: .prior)
    try container.encode(solver.rawValue, forKey: .solver)
    try container.encode(tolerance, forKey: .tolerance)
    try container.encode(maximumIterations, forKey: .maximumIterations)
    try container.encode(restarts, forKey: .restarts)
    if let number = Int(exactly: seed) {
      try container.encode(number, forKey: .seed)
    } else {
      try container.encode(String(seed), forKey: .seed)
    }
    try container.encode(standardErrors.rawValue, forKey: .standardErrors)
    try container.encode(reference, forKey: .reference)
    try container.encode(labels, forKey: .labels)
    try container.encodeIfPresent(
      pseudoCounts.map { [$0.diagonal, $0.offDiagonal] }, forKey: .pseudoCounts)
  }
}

extension Specification.Likelihood: Codable {
  private enum CodingKeys: String, CodingKey { case name, options }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decodeIfPresent(String.self, forKey: .name),
      options: try container.value(.options, or: [:]))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(options, sortedForKey: .options)
  }
}

extension Specification.Prior: Codable {
  private enum CodingKeys: String, CodingKey { case name, l2, precision, standardized }

  /// A strength without a name is that of a Gaussian prior; `l2` of 0 is a flat prior.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let l2 = try container.decodeIfPresent(Double.self, forKey: .l2)
    let precision = try container.decodeIfPresent(Double.self, forKey: .precision)
    let isStandardized = try container.value(.standardized, or: false)
    var given: (key: CodingKeys, strength: PriorStrength)?
    if let l2, l2 != 0 { given = (.l2, .lambda(l2)) }
    if let precision {
      guard l2 == nil else {
        throw SpecificationError.conflict(
          property: container.property(.l2), other: container.property(.precision))
      }
      given = (.precision, .precision(precision))
    }
    let name = try container.word(.name, or: given == nil ? Name.flat : .gaussian)
    guard let density = name.density(given?.strength) else {
      guard let given else {
        throw SpecificationError.requires(
          property: container.property(.name), value: name.rawValue, other: container.property(.l2))
      }
      throw SpecificationError.conflict(
        property: container.property(.name), other: container.property(given.key))
    }
    self.init(density, isStandardized: isStandardized)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name.rawValue, forKey: .name)
    var (l2, precision): (Double?, Double?)
    switch density.strength {
    case .lambda(let value): l2 = value
    case .precision(let value): precision = value
    case nil: break
    }
    try container.encode(l2, forKey: .l2)
    try container.encode(precision, forKey: .precision)
    try container.encode(isStandardized, forKey: .standardized)
  }
}

extension Specification.Labels: Codable {
  private enum CodingKeys: String, CodingKey {
    case smoothing, temperature
    case classWeights = "class_weights"
    case countWeight = "count_weight"
  }

  private static let balanced = "balanced"

  /// `class_weights` is the word `balanced` or an object with one number per class.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      countWeight: try container.word(.countWeight, or: .votes),
      temperature: try container.decodeIfPresent(Double.self, forKey: .temperature),
      smoothing: try container.decodeIfPresent(Double.self, forKey: .smoothing))
    if let word = try? container.decodeIfPresent(String.self, forKey: .classWeights) {
      guard word == Self.balanced else {
        throw SpecificationError.value(
          property: container.property(.classWeights), value: word,
          domain: .words([Self.balanced]))
      }
      classWeights = .balanced
    } else {
      classWeights = try container.decodeIfPresent([String: Double].self, forKey: .classWeights)
        .map { .named($0) }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(smoothing, forKey: .smoothing)
    try container.encode(temperature, forKey: .temperature)
    switch classWeights {
    case nil: try container.encodeNil(forKey: .classWeights)
    case .balanced: try container.encode(Self.balanced, forKey: .classWeights)
    case .named(let weights): try container.encode(weights, sortedForKey: .classWeights)
    }
    try container.encode(countWeight.rawValue, forKey: .countWeight)
  }
}

extension Specification.Network: Codable {
  /// The word for layers that are chosen on held-out rows.
  public static let automatic = "auto"

  private enum CodingKeys: String, CodingKey {
    case hidden, activation, dropout, skip, ensemble, epochs, schedule, clip, validation, patience
    case layerNorm = "layer_norm"
    case inputScale = "input_scale"
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case warmUp = "warm_up"
    case weightDecay = "weight_decay"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let word = try? container.decode(String.self, forKey: .hidden), word == Self.automatic {
      choosesHidden = true
    } else {
      hidden = try container.value(.hidden, or: hidden)
    }
    activation = try container.word(.activation, or: activation)
    normalizesLayers = try container.value(.layerNorm, or: normalizesLayers)
    dropout = try container.value(.dropout, or: dropout)
    hasSkip = try container.value(.skip, or: hasSkip)
    members = try container.value(.ensemble, or: members)
    inputScale = try container.optionalWord(.inputScale)
    epochs = try container.decodeIfPresent(Int.self, forKey: .epochs)
    batchSize = try container.decodeIfPresent(Int.self, forKey: .batchSize)
    learningRate = try container.decodeIfPresent(Double.self, forKey: .learningRate)
    schedule = try container.optionalWord(.schedule)
    warmUp = try container.decodeIfPresent(Double.self, forKey: .warmUp)
    clipping = try container.decodeIfPresent(Double.self, forKey: .clip)
    weightDecay = try container.value(.weightDecay, or: weightDecay)
    validationShare = try container.decodeIfPresent(Double.self, forKey: .validation)
    patience = try container.decodeIfPresent(Int.self, forKey: .patience)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if choosesHidden {
      try container.encode(Self.automatic, forKey: .hidden)
    } else {
      try container.encode(hidden, forKey: .hidden)
    }
    try container.encode(activation.rawValue, forKey: .activation)
    try container.encode(normalizesLayers, forKey: .layerNorm)
    try container.encode(dropout, forKey: .dropout)
    try container.encode(hasSkip, forKey: .skip)
    try container.encode(members, forKey: .ensemble)
    try container.encode(inputScale?.rawValue, forKey: .inputScale)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(schedule?.rawValue, forKey: .schedule)
    try container.encode(warmUp, forKey: .warmUp)
    try container.encode(clipping, forKey: .clip)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encode(validationShare, forKey: .validation)
    try container.encode(patience, forKey: .patience)
  }
}

extension KeyedDecodingContainer {
  /// The path of a key as used in errors: `prior.l2`.
  fileprivate func property(_ key: Key) -> String {
    (codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")
  }

  /// The value of a key; the default if it is missing or null.
  fileprivate func value<T: Decodable>(_ key: Key, or missing: T) throws -> T {
    try decodeIfPresent(T.self, forKey: key) ?? missing
  }

  /// The value of a key that must be one of several words.
  fileprivate func word<Word: RawRepresentable & CaseIterable>(
    _ key: Key, or missing: Word
  ) throws -> Word where Word.RawValue == String {
    try optionalWord(key) ?? missing
  }

  /// As `word`; nil if the key is missing or null.
  fileprivate func optionalWord<Word: RawRepresentable & CaseIterable>(
    _ key: Key
  ) throws -> Word? where Word.RawValue == String {
    guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw SpecificationError.value(
        property: property(key), value: text, domain: .words(Word.allCases.map(\.rawValue)))
    }
    return word
  }
}

/// A key with arbitrary text.
private struct NameKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedEncodingContainer {
  /// Writes a dictionary sorted by key, so that the same specification gives the same text.
  fileprivate mutating func encode(
    _ values: [String: some Encodable], sortedForKey key: Key
  ) throws {
    var container = nestedContainer(keyedBy: NameKey.self, forKey: key)
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      try container.encode(value, forKey: NameKey(stringValue: name))
    }
  }
}
