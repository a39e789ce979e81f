import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// A network has the same bits for rows in any order, for a row of weight 2 and two equal rows, and
/// for a row of weight 0 and no row.
@Suite struct NetworkRowInvarianceTests {
  private static let rowCount = 60

  private static func data(_ kind: LabelKind = .classes, offsets: Bool = true) throws -> Dataset {
    try RandomData(
      rows: rowCount, columns: 3, classes: 3, kind: kind, hasOffsets: offsets, seed: 4
    ).dataset()
  }

  /// How often each row is there: 0 to 3 times, the first three once at least.
  private static let repetitions = (0..<rowCount).map { $0 < 3 ? 1 : $0 * 7 % 4 }

  /// Rows repeated as `repetitions` says, in an order drawn by a seed.
  private static func repeatedRows(seed: UInt64) -> [Int] {
    var numbers = TestNumbers(seed: seed)
    return repetitions.indices.flatMap { [Int](repeating: $0, count: repetitions[$0]) }
      .shuffled(using: &numbers)
  }

  private static func weighted(_ data: Dataset, _ weights: [Double], areFrequencies: Bool) throws
    -> Dataset
  {
    try Dataset(
      features: data.features, labels: data.labels, classNames: data.classNames,
      weights: areFrequencies
        ? .frequency(checking: weights) : .importance(checking: weights),
      offsets: data.offsets)
  }

  private static let trainings: [(TrainingOptions, Validation, Double)] = {
    var open = TrainingOptions(epochs: 12, batchSize: 8, schedule: .plateau, patience: 2)
    open.triesAllRows = true
    let batches = TrainingOptions(epochs: 4, batchSize: 7, learningRate: 0.02)
    return [
      (batches, .none, 0.3), (batches, .share(0.3), 0),
      (TrainingOptions(method: .sgd, epochs: 3, batchSize: 8), .fold(of: 5), 0),
      (TrainingOptions(method: .lbfgs), .none, 0), (open, .fold(of: 5), 0),
    ]
  }()

  private static func point<L: Likelihood>(
    _ data: Dataset, _ likelihood: L, _ place: Int, groups: [Int]? = nil
  ) throws -> [Double] {
    let (training, validation, dropout) = trainings[place]
    var options = FitOptions(seed: 3)
    options.stopping.maximumIterations = 30
    return try MaximumLikelihood(
      MultilayerPerceptron(hidden: [4], dropout: dropout), likelihood: likelihood,
      prior: GaussianPrior(.lambda(0.01)), options: options
    ).fit(data, training: training, validation: validation, groups: groups).solution.point
  }

  private static func expectEqualRowsToBeWeights<L: Likelihood>(
    _ kind: LabelKind, _ likelihood: L, _ place: Int
  ) throws {
    let data = try Self.data(kind)
    let counts = repetitions.map(Double.init)
    let expected = try point(
      weighted(data, counts, areFrequencies: false), likelihood, place)
    let other = try point(weighted(data, counts, areFrequencies: true), likelihood, place)
    #expect(other == expected)
    let present = repetitions.indices.filter { repetitions[$0] > 0 }
    let rest = try weighted(data, counts, areFrequencies: false).selecting(rows: present.reversed())
    #expect(try point(rest, likelihood, place) == expected)
    for seed in [1, 2] as [UInt64] {
      let rows = data.selecting(rows: repeatedRows(seed: seed))
      #expect(try point(rows, likelihood, place) == expected)
    }
    // Other weights are other data.
    #expect(try point(data, likelihood, place) != expected)
  }

  @Test(arguments: trainings.indices, LabelKind.allCases)
  func weightsAreRepetitions(place: Int, kind: LabelKind) throws {
    switch kind {
    case .classes, .probabilities:
      try Self.expectEqualRowsToBeWeights(kind, Categorical(), place)
    case .counts: try Self.expectEqualRowsToBeWeights(kind, Multinomial(), place)
    case .candidates: try Self.expectEqualRowsToBeWeights(kind, CandidateSet(), place)
    case .evidence: try Self.expectEqualRowsToBeWeights(kind, Evidence(), place)
    }
  }

  /// Weights that are not whole numbers are added in an order that does not depend on the rows.
  @Test func sumsOfWeightsDoNotDependOnTheOrder() throws {
    var numbers = TestNumbers(seed: 9)
    let data = try Self.data()
    let rows = Self.repeatedRows(seed: 1) + Self.repeatedRows(seed: 2)
    let weights = rows.map { _ in Double.random(in: 0.1...3, using: &numbers) }
    func point(_ places: [Int]) throws -> [Double] {
      try Self.point(
        Self.weighted(
          data.selecting(rows: places.map { rows[$0] }), places.map { weights[$0] },
          areFrequencies: false), Categorical(), 1)
    }
    let expected = try point(Array(rows.indices))
    for _ in 0..<3 {
      #expect(try point(rows.indices.shuffled(using: &numbers)) == expected)
    }
  }

  /// Neither the order of the rows nor the numbers of the groups matter; equal rows of several
  /// groups are not one row.
  @Test(arguments: [1, 2, 4])
  func groupsHaveNoOrder(place: Int) throws {
    let data = try Self.data()
    let rows = Self.repeatedRows(seed: 1)
    let groups = rows.indices.map { $0 * 5 % 11 }
    let expected = try Self.point(
      data.selecting(rows: rows), Categorical(), place, groups: groups)
    var numbers = TestNumbers(seed: 2)
    for names in [Array(0..<11), (0..<11).map { 30 - 2 * $0 }] {
      let order = rows.indices.shuffled(using: &numbers)
      let point = try Self.point(
        data.selecting(rows: order.map { rows[$0] }), Categorical(), place,
        groups: order.map { names[groups[$0]] })
      #expect(point == expected)
    }
    #expect(throws: DatasetError.rowMismatch(what: "groups", expected: rows.count, found: 1)) {
      try Self.point(data.selecting(rows: rows), Categorical(), place, groups: [1])
    }
  }

  /// What a fit reports is of the given rows.
  @Test func reportsAreOfTheGivenRows() throws {
    let data = try Self.data(.counts)
    let rows = data.selecting(rows: Self.repeatedRows(seed: 1))
    let estimator = MaximumLikelihood(
      MultilayerPerceptron(hidden: [3]), likelihood: Multinomial(), options: FitOptions(seed: 1))
    let training = TrainingOptions(epochs: 2, batchSize: 16)
    let whole = try estimator.fit(rows, training: training)
    #expect(whole.statistics.rowCount == Double(rows.rowCount) && whole.weighting == .uniform)
    #expect(whole.statistics.areOf(rows) && !whole.statistics.areOf(data))
    let weights = (0..<rows.rowCount).map { $0 % 3 == 0 ? 0 : 0.5 }
    let weighted = try Self.weighted(rows, weights, areFrequencies: false)
    let part = try estimator.fit(weighted, training: training, validation: .share(0.25))
    let used = weights.count { $0 > 0 }
    let held = try #require(part.training?.validation)
    #expect(part.weighting == .importance && part.statistics.areOf(weighted) == false)
    #expect(Int(part.statistics.rowCount) + held.rowCount == used)
    #expect(try estimator.fit(weighted, training: training).statistics.areOf(weighted))
    let ensemble = try estimator.fitEnsemble(
      of: 2, to: rows, training: training, validation: .share(0.25))
    let record = ensemble.record
    #expect(
      Int(record.statistics.rowCount) + (record.validation?.rowCount ?? 0) == rows.rowCount)
  }

  /// The rows of the largest data are not compared one by one, and rows of one hash are told apart.
  @Test(arguments: MatrixStorage.allCases)
  func equalRowsAreFound(storage: MatrixStorage) throws {
    let rows: [[Double]] = [
      [0, 1, 0], [2, 0, 0], [-0.0, 1, 0], [0, 1, 3], [2, 0, 0], [0, 0, 0],
    ]
    let matrix = BlockedMatrix(rows: rows, columnCount: 3).stored(as: storage)
    let hashes = matrix.rowHashes()
    for first in rows.indices {
      for second in rows.indices {
        let order = matrix.order(ofRow: first, and: second)
        #expect((order == 0) == (rows[first] == rows[second]))
        #expect((order < 0) == rows[first].lexicographicallyPrecedes(rows[second]))
        #expect((hashes[first] == hashes[second]) == (order == 0))
      }
    }
    #expect(matrix.rowHashes(threads: ThreadCount(3)) == hashes)
  }

  /// Stored zeros of compressed rows are zeros.
  @Test func storedZerosAreZeros() {
    var entries = CompressedRows()
    entries.append(columns: [0, 2], values: [0, 5])
    entries.append(columns: [2], values: [5])
    entries.append(columns: [0], values: [1])
    let matrix = BlockedMatrix(entries, columnCount: 3)
    #expect(matrix.rowHashes()[0] == matrix.rowHashes()[1])
    #expect(matrix.order(ofRow: 0, and: 1) == 0 && matrix.order(ofRow: 1, and: 2) < 0)
  }

  /// Of several labels that a likelihood rejects, the error names the first as the rows are given.
  @Test func theFirstRowAtFaultIsNamed() throws {
    let rows = (0..<40).map { (row: Int) -> [Double] in
      let part = Double(row) / 100
      return [0.2, 0.3 + part, 0.5 - part]
    }
    var shares = BlockedMatrix(rows: rows, columnCount: 3)
    for row in 7..<40 { shares[row, 1] = 0 }
    let data = try Dataset(
      features: Features((0..<40).map { (row: Int) -> [Double] in [Double(row * 13 % 40)] }),
      labels: .probabilities(ClassProbabilities(normalizing: shares)))
    #expect(
      throws: DatasetError.label(
        .outsideDomain(likelihood: "dirichlet", row: 7, class: 1, value: 0))
    ) {
      try MaximumLikelihood(MultilayerPerceptron(hidden: [3]), likelihood: Dirichlet())
        .fit(data, training: TrainingOptions(epochs: 1), validation: .share(0.4))
    }
  }
}
