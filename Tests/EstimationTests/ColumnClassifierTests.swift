import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import Testing

/// A classifier that looks up the level of a text column, as a tree does, without a design matrix.
private struct LevelTable: Classifier {
  let column: String
  /// The class probabilities of each level.
  let shares: [String: [Double]]
  let classNames: [String]

  var inputs: ModelInputs { ModelInputs([.init(name: column, isText: true)]) }
  var likelihood: any Likelihood { Categorical() }
  var usesOffsets: Bool { false }
  var parameterCount: Int { shares.count * (classNames.count - 1) }

  func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    let found = try columns.column(named: column)
    guard case .texts(let levels, let codes) = found.cells else {
      throw .kind(column: column, expectsNumbers: false, row: 0, found: "a number")
    }
    var rows: [[Double]] = []
    for (row, code) in codes.enumerated() {
      guard code >= 0 else {
        throw .missingCells([MissingCells(column: column, count: 1, firstRow: row)])
      }
      guard let known = shares[levels[Int(code)]] else {
        throw .unknownLevel(
          column: column, row: row, level: levels[Int(code)], known: shares.keys.sorted())
      }
      rows.append(form == .probabilities ? known : known.map { $0 == 0 ? -.infinity : logOf($0) })
    }
    return BlockedMatrix(rows: rows, columnCount: classNames.count)
  }

  private func logOf(_ share: Double) -> Double { share == 0.5 ? -0.6931471805599453 : 0 }
}

@Suite struct ColumnClassifierTests {
  private let classifier = LevelTable(
    column: "color", shares: ["red": [0.5, 0.5], "blue": [0, 1]], classNames: ["no", "yes"])

  @Test func textColumnsNeedNoDesignMatrix() throws {
    let columns = Columns(
      trusting: [
        Column(name: "age", numbers: [1, 2, 3]),
        Column(name: "color", words: ["blue", "red"], codes: [1, 0, 1]),
      ], rowCount: 3)
    let probabilities = try classifier.probabilities(for: columns).values
    #expect(probabilities.column(0) == [0.5, 0, 0.5] && probabilities.column(1) == [0.5, 1, 0.5])
    let any: any Classifier = classifier
    let logs = try any.logProbabilities(for: columns)
    #expect(logs.column(0) == [-0.6931471805599453, -.infinity, -0.6931471805599453])
    #expect(classifier.inputs.designColumnCount == nil)
  }

  @Test func itsOwnErrorsAreThrown() throws {
    let other = Columns(
      trusting: [Column(name: "color", words: ["green"], codes: [0])], rowCount: 1)
    #expect(
      throws: DatasetError.unknownLevel(
        column: "color", row: 0, level: "green", known: ["blue", "red"])
    ) { try classifier.probabilities(for: other) }
    #expect(throws: DatasetError.missingColumn("color", available: [])) {
      try classifier.probabilities(for: Columns(trusting: [], rowCount: 0))
    }
  }

  /// An encoded classifier encodes columns itself: the bits are those of rows encoded before.
  @Test func columnsAndEncodedRowsGiveTheSameBits() throws {
    let columns = [
      Column(name: "x", numbers: [0.5, 1.5, -2, 3, 0.25, 1]),
      Column(name: "t", words: ["a", "b", "c"], codes: [0, 1, 2, 0, 1, 2]),
    ]
    let features = try Features(learning: columns, rowCount: 6, options: .init())
    let data = try Dataset(
      features: features,
      labels: .classes(ClassIndices([0, 1, 0, 1, 1, 0], classCount: 2)))
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: GaussianPrior(.lambda(0.1))
    ).fit(data)
    let expected = try fit.classifier.probabilities(for: features).values
    // Another order of columns and of levels.
    let turned = Columns(
      trusting: [
        Column(name: "t", words: ["c", "a", "b"], codes: [1, 2, 0, 1, 2, 0]), columns[0],
      ],
      rowCount: 6)
    let found = try fit.classifier.probabilities(for: turned).values
    for row in 0..<6 { #expect(found.row(row) == expected.row(row)) }
  }
}
