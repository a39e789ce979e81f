import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalModels
import SurprisalProbability
import SurprisalReporting
import SurprisalTables
import Testing

/// A fit by a specification equals the fit by generic types, and the data are checked for the
/// specification.
@Suite struct SpecifiedFitTests {
  private static let rows: [[Double]] = (0..<40).map { row in
    let (x, y) = (Double(row * 37 % 41), Double(row * 17 % 23))
    return [x / 20 - 1, y / 11 - 1]
  }
  private static let names: [String] = rows.indices.map { row in
    let noise = Double(row * 7 % 5) / 4
    if rows[row][0] + noise > 0.5 { return "b" }
    return rows[row][1] > 0 ? "a" : "c"
  }

  private func data() throws -> Dataset {
    try Dataset(features: Self.rows, labels: .classes(Self.names))
  }

  @Test func sameNumbersAsTypes() throws {
    let specification = Specification(prior: .l2(0.01, isStandardized: true), reference: "b")
    let model = try specification.fit(data())
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(0.01),
      options: FitOptions(penalizesStandardized: true)
    ).fit(data())
    #expect(model.record == fit.record(reference: 1, errors: .automatic))
    #expect(model.classifier.affine?.parameters == fit.classifier.parameters)
  }

  @Test func readFromJSONSavedLoadedAndApplied() throws {
    let specification = try Specification(json: #"{"model": "softmax", "prior": {"l2": 0.01}}"#)
    let model = try specification.fit(data())
    let loaded = try ModelFile.read(ModelFile.bytes(of: model.forKeeping))
    let probabilities = try loaded.probabilities(of: [0.25, -0.5])
    #expect(probabilities.count == 3)
    #expect(try model.probabilities(of: [0.25, -0.5]) == probabilities)
    #expect(loaded.summary().contains("gaussian"))
    #expect(throws: DatasetError.self) { try loaded.probabilities(of: [1]) }
  }

  @Test func networksAreFitted() throws {
    var network = Specification.Network()
    network.hidden = [4]
    network.epochs = 3
    network.validationShare = 0.25
    network.batchSize = 128
    network.inputScale = .columns
    let model = try Specification(model: .network(network), seed: 3).fit(data())
    let fit = try MaximumLikelihood(
      MultilayerPerceptron(hidden: [4]), likelihood: Categorical(), options: FitOptions(seed: 3)
    ).fitEnsemble(
      of: 1, to: data(), training: .init(epochs: 3, learningRate: 0.001), validation: .share(0.25))
    #expect(model.record == fit.record)
  }

  /// A network without options has the same bits for weights and for repeated rows in any order:
  /// also the options that depend on the number of rows, and what a checkpoint compares.
  @Test func equalRowsOfNetworksAreWeights() throws {
    var network = Specification.Network()
    network.hidden = [4]
    let model = Specification.Model.network(network)
    let specification = Specification(model: model, prior: .standard(for: model, .automatic))
    let counts = Self.rows.indices.map { $0 % 4 }
    var order: [Int] = []
    for place in 0..<120 {
      let (repetition, row) = (place * 37 % 120 / 40, place * 37 % 40)
      if repetition < counts[row] { order.append(row) }
    }
    let given = try data()
    func fit(_ data: Dataset) throws -> [[Double]]? {
      try specification.fit(data).classifier.networks?.members.map(\.parameters)
    }
    let weighted = try fit(
      Dataset(
        features: given.features, labels: given.labels, classNames: given.classNames,
        weights: .importance(checking: counts.map(Double.init))))
    let expected = try #require(weighted)
    #expect(try fit(given.selecting(rows: order)) == expected)
    #expect(try fit(given.selecting(rows: order.reversed())) == expected)
    #expect(try fit(given) != expected)
    let reversed = Array(order.reversed())
    let identity = try TrainingIdentity(
      specification, data: given.selecting(rows: order),
      groups: Clusters(order.map { (row: Int) -> Int in row % 7 }))
    let other = try TrainingIdentity(
      specification, data: given.selecting(rows: reversed),
      groups: Clusters(reversed.map { (row: Int) -> Int in 20 - row % 7 }))
    #expect(identity == other && identity.data.rows == order.count)
  }

  /// Labels in memory are adjusted in the same way as labels from files.
  @Test func labelsAreAdjusted() throws {
    let labels = Specification.Labels(
      temperature: 2, smoothing: 0.1, classWeights: .named(["a": 2]))
    var text = "x,y,class\n"
    for (row, name) in zip(Self.rows, Self.names) { text += "\(row[0]),\(row[1]),\(name)\n" }
    var layout = ColumnRoles(labels: .target("class"))
    layout.labelTemperature = 2
    layout.labelSmoothing = 0.1
    layout.classWeights = .named(["a": 2])
    let read = try DatasetReader(roles: layout).read(text: text, name: "data")
    var run = FitRun()
    run.labelsAreAdjusted = true
    let specification = Specification(labels: labels)
    let statistics = try specification.fit(data()).record.statistics
    #expect(statistics == (try specification.fit(read.dataset, in: run).record.statistics))
    #expect(statistics != (try Specification().fit(data()).record.statistics))
  }

  @Test func votesOfARowWeighOne() throws {
    let votes = try Dataset(
      features: Self.rows,
      labels: .counts(Self.names.map { name -> [Double] in name == "a" ? [3, 1] : [1, 2] }))
    let model = try Specification(labels: .init(countWeight: .row)).fit(votes)
    #expect(model.record.specification.likelihood == "categorical")
    #expect(model.record.statistics.totalWeight == 40)
    #expect(try Specification().fit(votes).record.specification.likelihood == "multinomial")
  }

  private func expect(
    _ error: SpecificationError, _ specification: Specification, _ run: FitRun = FitRun(),
    data: Dataset? = nil
  ) throws {
    let data = try data ?? self.data()
    #expect(throws: error) { try specification.fit(data, in: run) }
  }

  @Test func whatDoesNotGoWithTheDataIsRefused() throws {
    try expect(.reference("d", classNames: ["a", "b", "c"]), Specification(reference: "d"))
    try expect(
      .clusters(column: "city"), Specification(standardErrors: .cluster(column: "city")))
    try expect(
      .likelihoodOption("precision", likelihood: "categorical"),
      Specification(likelihood: .init(options: ["precision": [1]])))
    try expect(
      .likelihoodOptions(
        ["confusion": [1], "starting_diagonal": []], likelihood: "noisy-label"),
      Specification(likelihood: .init(name: "noisy-label", options: ["confusion": [1]])))
    try expect(
      .weightsOfUnknown(["d"], classNames: ["a", "b", "c"]),
      Specification(labels: .init(classWeights: .named(["d": 1]))))
    try expect(
      .weightedFrequencies, Specification(labels: .init(classWeights: .balanced)),
      data: Dataset(
        features: Self.rows, labels: .classes(Self.names),
        weights: .frequency([Double](repeating: 1, count: 40))))
    var network = Specification.Network()
    network.validationShare = 0.001
    try expect(
      .validationRows(share: 0.001, rowCount: 40), Specification(model: .network(network)))
  }

  @Test func clustersAreUsed() throws {
    var run = FitRun()
    run.clusters = Clusters((0..<40).map { $0 % 8 }, name: "city")
    let model = try Specification(
      prior: .l2(0.01), standardErrors: .cluster(column: "city")
    ).fit(data(), in: run)
    #expect(model.record.uncertainty.kind == .cluster)
    #expect(model.record.uncertainty.unitCount == 8)
  }

  @Test func memoryIsAskedForFirst() throws {
    let data = try data()
    let specification = Specification(prior: .l2(0.1))
    let memory = try #require(specification.memory(of: data, threads: .one))
    let (with, without) = (memory.total(withCovariance: true), memory.total(withCovariance: false))
    var run = FitRun()
    run.memoryLimit = without - 1
    #expect(throws: FitMemoryError.self) { try specification.fit(data, in: run) }
    run.memoryLimit = max(with, without)
    #expect(try specification.fit(data, in: run).record.uncertainty.kind != nil)
    #expect(throws: FitMemoryError.self) {
      try specification.requireMemory(forParallelFits: 2, of: data, limit: without)
    }
  }

  @Test func observersStopAFit() throws {
    var run = FitRun()
    run.observer = { _ in false }
    let model = try Specification(prior: .l2(0.01)).fit(data(), in: run)
    #expect(model.record.convergence.termination == "interrupted")
  }

  @Test func aFitEndsBeforeStandardErrorsIfItsOwnerThrows() {
    struct Enough: Error {}
    var run = FitRun()
    run.optimumFound = { throw Enough() }
    #expect(throws: Enough.self) { try Specification(prior: .l2(0.01)).fit(data(), in: run) }
  }

  @Test func arraysAreCheckedAsData() throws {
    let flat = try Dataset(
      features: Self.rows.flatMap { $0 }, columnCount: 2, labels: .classes(Self.names))
    #expect((0..<40).allSatisfy { flat.features.matrix.row($0) == Self.rows[$0] })
    #expect(flat.classNames == ["a", "b", "c"])
    #expect(throws: DatasetError.self) {
      try Dataset(features: [1, 2, 3], columnCount: 2, labels: .indices([0, 1]))
    }
    #expect(throws: DatasetError.self) {
      try Dataset(features: [[1], [2, 3]], labels: .indices([0, 1]))
    }
    #expect(throws: DatasetError.self) {
      try Dataset(features: [[1], [2]], labels: .probabilities([[1, 0], [1]]))
    }
    #expect(throws: DatasetError.label(.classOutOfRange(row: 1, index: 2, classCount: 2))) {
      try Dataset(features: [[1], [2]], labels: .classes(["a", "z"]), classNames: ["a", "b"])
    }
    #expect(throws: DatasetError.self) {
      try Dataset(features: [[1], [2], [3]], labels: .indices([0, 1]))
    }
  }
}
