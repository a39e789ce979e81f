import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalFitting
import SurprisalProbability
import Testing

@testable import SurprisalModelStore

/// A specification reads its own text, and refuses invalid values.
@Suite struct SpecificationTests {
  private static var network: Specification.Network {
    var network = Specification.Network()
    network.hidden = [3, 2]
    network.activation = .gelu
    network.normalizesLayers = true
    network.dropout = 0.25
    network.hasSkip = true
    network.members = 3
    network.inputScale = .common
    network.epochs = 4
    network.batchSize = 5
    network.learningRate = 0.5
    network.schedule = .constant
    network.warmUp = 0.5
    network.clipping = 2
    network.weightDecay = 0.125
    network.validationShare = 0.2
    network.patience = 2
    return network
  }

  private static let specifications = [
    Specification(),
    Specification(model: .network(Specification.Network())),
    Specification(model: .network(network), solver: .sgd),
    Specification(
      model: .softmax(hasIntercept: false),
      likelihood: .init(name: "noisy-label", options: ["confusion": [0.9, 0.1, 0.2, 0.8]]),
      prior: .l2(0.1, isStandardized: true), solver: .newtonCG, tolerance: 1e-5,
      maximumIterations: 7, restarts: 0, seed: .max, standardErrors: .cluster(column: "city"),
      reference: "b",
      labels: .init(
        countWeight: .row, temperature: 2, smoothing: 0.1,
        classWeights: .named(["a": 2, "b": 0.5]))),
    Specification(
      prior: .init(.gaussian(.precision(3))), labels: .init(classWeights: .balanced)),
    Specification(prior: .init(.jeffreys), standardErrors: .none),
  ]

  @Test(arguments: specifications) func readsWhatItWrites(_ specification: Specification) throws {
    let text = JSONWriter.pretty.text(of: specification.json)
    #expect(try Specification(json: text) == specification)
  }

  /// Columns with a common unit get a common scale; given values are unchanged.
  @Test func networksAreResolvedForTheirData() throws {
    let pixels = (0..<64).map { row in (0..<8).map { Double((row * 7 + $0 * 5) % 17) } }
    func network(_ rows: [[Double]], _ given: Specification.Network) throws
      -> Specification.Network
    {
      let data = try Dataset(
        features: Features(rows),
        labels: .classes(ClassIndices(rows.indices.map { $0 % 2 }, classCount: 2)))
      return given.resolved(for: data, .adamW, hasValidationRows: false)
    }
    let open = try network(pixels, Specification.Network())
    #expect(open.inputScale == .common && open.schedule == .plateau)
    #expect(open.batchSize == 8 && open.validationShare == 0.2 && open.epochs == 2858)
    let mixed = pixels.map { row in row.enumerated().map { $1 * Double($0 + 1) - 3 * Double($0) } }
    #expect(try network(mixed, Specification.Network()).inputScale == .columns)
    var given = Self.network
    given.inputScale = nil
    let told = try network(mixed, given)
    given.inputScale = .columns
    #expect(told == given)
    #expect(try network(mixed, open) == open)
  }

  @Test func everyMemberIsWritten() throws {
    let keys = try #require(Specification().json.objectValue?.keys)
    #expect(
      Set(keys) == [
        "model", "intercept", "likelihood", "prior", "solver", "tolerance", "maximum_iterations",
        "restarts", "seed", "standard_errors", "reference", "labels", "pseudo_counts",
      ])
  }

  @Test func missingMembersHaveTheirDefaults() throws {
    #expect(try Specification(json: "{}") == Specification())
    #expect(try Specification(json: #"{"seed": null, "prior": {}}"#) == Specification())
    let strength = try Specification(json: #"{"prior": {"l2": 0.01}}"#)
    #expect(strength == Specification(prior: .l2(0.01)))
    #expect(strength.prior.lambda == 0.01)
    #expect(try Specification(json: #"{"prior": {"l2": 0}}"#) == Specification())
    var network = Specification.Network()
    network.hidden = []
    #expect(
      try Specification(json: #"{"model": "mlp", "network": {"hidden": []}}"#)
        == Specification(model: .network(network)))
  }

  /// Every prior is read and written under its name, and with a strength if it takes one.
  @Test(arguments: Specification.Prior.Name.allCases)
  func priorsHaveNames(_ name: Specification.Prior.Name) throws {
    let model: Specification.Model =
      name == .automatic ? .network(Specification.Network()) : .softmax(hasIntercept: true)
    let start = #"{"model": "\#(model.kind.rawValue)", "prior": {"name": "\#(name.rawValue)""#
    let (bare, strong) = (start + "}}", start + #", "l2": 0.5}}"#)
    let takesNone = name.density(nil) != nil
    #expect((problem(bare) == nil) == takesNone)
    #expect((problem(strong) == nil) != takesNone)
    let prior = try Specification(json: takesNone ? bare : strong).prior
    #expect(prior.name == name && prior.density.strength == (takesNone ? nil : .lambda(0.5)))
    let written = Specification(model: model, prior: prior)
    #expect(try Specification(json: JSONWriter.pretty.text(of: written.json)) == written)
  }

  /// Automatically chosen layers are a word in JSON, and require held-out rows.
  @Test func layersMayBeChosen() throws {
    var network = Specification.Network()
    network.choosesHidden = true
    let specification = Specification(model: .network(network))
    #expect(
      try Specification(json: #"{"model": "mlp", "network": {"hidden": "auto"}}"#)
        == specification)
    #expect(
      try Specification(json: JSONWriter.pretty.text(of: specification.json)) == specification)
    #expect(problem(#"{"model": "mlp", "network": {"hidden": "many"}}"#) != nil)
    network.validationShare = 0
    let data = try Dataset(
      features: (0..<30).map { [Double($0)] }, labels: .indices((0..<30).map { $0 % 2 }))
    #expect(throws: SpecificationError.needsRowsHeldOut(property: "network.hidden")) {
      _ = try Specification(model: .network(network)).fit(data)
    }
  }

  /// The problem for which a text is refused.
  private func problem(_ text: String) -> SpecificationFileError.Problem? {
    do throws(SpecificationFileError) {
      _ = try Specification(json: text)
      return nil
    } catch {
      #expect(error.message.hasPrefix("JSON"), "\(error.message)")
      return error.problem
    }
  }

  @Test(arguments: [
    (#"{"tolerence": 1}"#, "tolerence", "did you mean \"tolerance\"?"),
    (#"{"prior": {"l3": 1}}"#, "prior.l3", "did you mean \"l2\"?"),
    (#"{"labels": {"smooth": 1}}"#, "labels.smooth", nil),
    (#"{"model": "mlp", "network": {"layers": 1}}"#, "network.layers", nil),
    (#"{"likelihood": {"precision": 1}}"#, "likelihood.precision", nil),
  ])
  func unknownMembersAreRefused(text: String, path: String, suggestion: String?) throws {
    let problem = try #require(self.problem(text))
    guard case .unknownKey(path, _) = problem else {
      Issue.record("\(problem)")
      return
    }
    if let suggestion {
      #expect(SpecificationFileError(file: "f", problem: problem).suggestion == suggestion)
    }
  }

  @Test(arguments: [
    (#"{"tolerance": "small"}"#, "tolerance"), (#"{"seed": 1.5}"#, "seed"),
    (#"{"seed": -1}"#, "seed"), (#"{"prior": 3}"#, "prior"),
    (#"{"network": {"hidden": [1.5]}, "model": "mlp"}"#, "network.hidden[0]"), ("[]", ""),
  ])
  func valuesOfAnotherKindAreRefused(text: String, path: String) throws {
    guard case .kind(path, _, _) = try #require(self.problem(text)) else {
      Issue.record("\(String(describing: problem(text)))")
      return
    }
  }

  @Test func textThatIsNoJSONIsRefused() {
    for text in ["", "{", #"{"seed": 1, "seed": 2}"#, "{} {}"] {
      guard case .file = problem(text) else {
        Issue.record("\(text)")
        return
      }
    }
  }

  private static let refusals: [(String, SpecificationError)] = [
    (
      #"{"prior": {"l2": -1}}"#,
      .value(property: "prior.l2", value: "-1.0", domain: .notNegative)
    ),
    (
      #"{"prior": {"precision": 0}}"#,
      .value(property: "prior.precision", value: "0.0", domain: .positive)
    ),
    (
      #"{"prior": {"name": "laplace"}}"#,
      .value(
        property: "prior.name", value: "laplace",
        domain: .words(["flat", "gaussian", "auto", "jeffreys"]))
    ),
    (
      #"{"prior": {"name": "gaussian"}}"#,
      .requires(property: "prior.name", value: "gaussian", other: "prior.l2")
    ),
    (
      #"{"prior": {"name": "flat", "l2": 1}}"#,
      .conflict(property: "prior.name", other: "prior.l2")
    ),
    (
      #"{"prior": {"precision": 1, "l2": 1}}"#,
      .conflict(property: "prior.l2", other: "prior.precision")
    ),
    (#"{"tolerance": 0}"#, .value(property: "tolerance", value: "0.0", domain: .positive)),
    (
      #"{"maximum_iterations": 0}"#,
      .value(property: "maximum_iterations", value: "0", domain: .from(1))
    ),
    (#"{"restarts": -1}"#, .value(property: "restarts", value: "-1", domain: .from(0))),
    (
      #"{"labels": {"smoothing": 1.5}}"#,
      .value(property: "labels.smoothing", value: "1.5", domain: .range(0, 1))
    ),
    (
      #"{"labels": {"temperature": 0}}"#,
      .value(property: "labels.temperature", value: "0.0", domain: .positive)
    ),
    (
      #"{"labels": {"class_weights": {"a": -1}}}"#,
      .value(property: "labels.class_weights.a", value: "-1.0", domain: .notNegative)
    ),
    (
      #"{"labels": {"class_weights": "equal"}}"#,
      .value(property: "labels.class_weights", value: "equal", domain: .words(["balanced"]))
    ),
    (
      #"{"labels": {"count_weight": "all"}}"#,
      .value(property: "labels.count_weight", value: "all", domain: .words(["votes", "row"]))
    ),
    (
      #"{"standard_errors": "cluster:"}"#,
      .value(
        property: "standard_errors", value: "cluster:",
        domain: .words(Specification.StandardErrors.forms))
    ),
    (
      #"{"likelihood": {"name": "categoric"}}"#,
      .value(
        property: "likelihood.name", value: "categoric",
        domain: .words(LikelihoodRegistry.all.map(\.name)))
    ),
    (
      #"{"likelihood": {"name": "multinomial", "options": {"precision": [1]}}}"#,
      .likelihoodOption("precision", likelihood: "multinomial")
    ),
    (#"{"solver": "adamw"}"#, .solver(.adamW, model: .softmax)),
    (#"{"solver": "newton", "model": "mlp"}"#, .solver(.newton, model: .network)),
    (#"{"network": {}}"#, .notOfModel(property: "network", model: .softmax)),
    (
      #"{"model": "mlp", "intercept": false}"#,
      .notOfModel(property: "intercept", model: .network)
    ),
    (#"{"model": "mlp", "reference": "a"}"#, .notOfModel(property: "reference", model: .network)),
    (#"{"model": "mlp", "restarts": 1}"#, .notOfModel(property: "restarts", model: .network)),
    (
      #"{"model": "mlp", "prior": {"name": "jeffreys"}}"#,
      .notOfModel(property: "prior.name", model: .network)
    ),
    (
      #"{"model": "mlp", "standard_errors": "sandwich"}"#,
      .notOfModel(property: "standard_errors", model: .network)
    ),
    (#"{"model": "mlp", "prior": {"l2": 1e300}}"#, .strongPrior(1e300)),
    (
      #"{"model": "mlp", "network": {"weight_decay": 2000}}"#, .strongDecay(2000, rate: 0.001)
    ),
    (
      #"{"model": "mlp", "solver": "lbfgs", "network": {"clip": 1}}"#,
      .needsBatches(property: "network.clip")
    ),
    (
      #"{"model": "mlp", "network": {"hidden": [], "skip": true}}"#,
      .needsHiddenUnits(property: "network.skip")
    ),
    (
      #"{"model": "mlp", "network": {"hidden": [0]}}"#,
      .value(
        property: "network.hidden", value: "0", domain: .layers(most: 64, units: 1_000_000))
    ),
    (
      #"{"model": "mlp", "network": {"dropout": 1}}"#,
      .value(property: "network.dropout", value: "1.0", domain: .belowOne)
    ),
    (
      #"{"model": "mlp", "network": {"learning_rate": 0}}"#,
      .value(property: "network.learning_rate", value: "0.0", domain: .positive)
    ),
    (
      #"{"model": "mlp", "network": {"warm_up": 10001}}"#,
      .value(property: "network.warm_up", value: "10001.0", domain: .range(0, 10_000))
    ),
    (
      #"{"model": "mlp", "network": {"batch_size": 0}}"#,
      .value(property: "network.batch_size", value: "0", domain: .wholeNumbers(1, 1_000_000))
    ),
    (
      #"{"model": "mlp", "network": {"validation": 1}}"#,
      .value(property: "network.validation", value: "1.0", domain: .belowOne)
    ),
    (
      #"{"model": "mlp", "network": {"activation": "sin"}}"#,
      .value(
        property: "network.activation", value: "sin", domain: .words(["relu", "gelu", "tanh"]))
    ),
  ]

  @Test(arguments: refusals)
  func valuesThatCannotBeAreRefused(text: String, error: SpecificationError) throws {
    #expect(problem(text) == .value(error))
    #expect(!error.message.isEmpty)
  }
}
