import Foundation
import SurprisalDatasets
import SurprisalFitting
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

@testable import SurprisalDiagnostics
@testable import SurprisalEstimation
@testable import SurprisalModelStore
@testable import SurprisalTables

/// Models for the tests of model files: every kind of source, factor and state occurs.
enum ModelFileFixture {
  /// A number, a text with levels, their product and a column that marks missing cells.
  static let encoding = FeatureEncoding(
    sources: [
      .init(name: "age", kind: .number, substitute: 41.5),
      .init(
        name: "color", kind: .factor(levels: ["blue", "green", "red"], base: 0), substitute: 1),
    ],
    columns: [
      .init(factors: [.value(source: 0)]),
      .init(factors: [.level(source: 1, level: 1)]),
      .init(factors: [.level(source: 1, level: 2)]),
      .init(factors: [.value(source: 0), .level(source: 1, level: 2)]),
      .init(factors: [.absence(source: 0)]),
    ])

  /// 3 classes x 5 columns, then intercepts: seventeen digits, a signed zero, subnormals, extremes.
  static let parameters: [Double] = [
    0.1 + 0.2, -1.0 / 3.0, 0.70000000000000007, -0.0, .leastNonzeroMagnitude,
    1.25, Double.leastNormalMagnitude.nextDown, -2.5, 1e-300, 0.5,
    -1.7976931348623157e-5, 3, 0.015625, 123456.78901234567e-5, -1e22 / 3e22,
    0.25, -0.75, 1e-17,
  ]

  static let statistics = FitStatistics(
    rowCount: 24, totalWeight: 1681, objective: 1.0318, crossEntropy: 1.0309, labelEntropy: 1.0101,
    divergence: 0.0207, nullCrossEntropy: 1.0888, logLikelihood: -1735.0418,
    logLikelihoodConstant: 0, nullLogLikelihood: -.infinity, logPosterior: -1740.5,
    degreesOfFreedom: 12, criteria: .available(akaike: 3494.0836, bayesian: 3559.25),
    gradientNorm: 3.1e-9, standardizedGradientNorm: 2.7e-10, gapBound: nil, gapEstimate: 4e-18)

  static let record = FitRecord(
    specification: .init(
      model: "softmax", likelihood: "multinomial", reading: "multinomial (votes are draws)",
      labels: .counts,
      prior: .init(name: "gaussian", precision: 1.681, lambda: 1e-3, isStandardized: false),
      weighting: .importance, hasIntercept: true, reference: 0),
    convergence: .init(
      solvers: ["newton", "lbfgs"], isConverged: true, termination: "converged", iterations: 6,
      passes: 7, curvatureEvaluations: 6, tolerance: 1e-8),
    statistics: statistics,
    parameters: ParameterTable(
      columnNames: encoding.columnNames,
      rows: [
        .init(
          .coefficient(class: 1, column: nil), estimate: -1, standardError: 0.1 + 0.2, place: 0),
        .init(
          .coefficient(class: 1, column: 0), estimate: 0.1 + 0.7, standardError: 0.25, place: 1),
        .init(.coefficient(class: 2, column: 2), estimate: nil, state: .aliased),
        .init(.coefficient(class: 2, column: 4), estimate: nil, state: .infinite),
        .init(.auxiliary("precision"), estimate: .infinity),
        .init(
          .auxiliary("dispersion"), estimate: 0.25, standardError: 0.125, interval: 0.0625...0.75),
      ],
      covariance: [0.09000000000000002, -0.0125, 0.0625],
      uncertainty: .init(
        kind: .cluster, reason: .recorded("rows of one rater may depend on one another"),
        unitCount: 12, clusterColumn: "rater",
        tests: [
          .init(feature: "age", statistic: 10.24, degreesOfFreedom: 1, pValue: 0.001374),
          .init(feature: nil, statistic: 12.5, degreesOfFreedom: 2, pValue: 0.0019304541362277093),
        ])),
    warnings: [.recorded(code: "fit.rare", message: "class \"high\" has the mass of one row")])

  static let saved = model(classNames: ["low", "medium", "high"])

  /// The model with other class names.
  static func model(classNames: [String]) -> FittedModel {
    FittedModel(
      affine: ModelClassifier(
        model: LinearPredictor(featureCount: 5, classCount: 3, hasIntercept: true),
        parameters: parameters, likelihood: Multinomial(), encoding: encoding,
        standardization: Standardization(
          centers: [41.25, 0.1, 0.3, 12.5, 0], scales: [11.5, 0.3, 0.45, 100.0 / 3.0, 1]),
        classNames: classNames, usesOffsets: false),
      record: record)
  }

  /// Without an intercept, with offsets, a flat prior, and nil for all optional values.
  static let bare = FittedModel(
    affine: ModelClassifier(
      model: LinearPredictor(featureCount: 1, classCount: 2, hasIntercept: false),
      parameters: [1.5, -1.5], likelihood: Categorical(),
      encoding: FeatureEncoding(numbers: ["x"]),
      standardization: .identity(columnCount: 1), classNames: ["", "b"], usesOffsets: true),
    record: FitRecord(
      specification: .init(
        model: "softmax", likelihood: "categorical", reading: "categorical", labels: .classes,
        prior: .init(name: "flat", precision: nil, lambda: nil, isStandardized: false),
        weighting: .frequency, hasIntercept: false, reference: 1),
      convergence: .init(
        solvers: [], isConverged: false, termination: "separation", iterations: 0, passes: 0,
        curvatureEvaluations: 0, tolerance: 0),
      statistics: {
        var statistics = ModelFileFixture.statistics
        statistics.degreesOfFreedom = nil
        statistics.criteria = .unavailable(reason: .recorded("the fit has a proper prior"))
        statistics.gapBound = 1e-9
        statistics.gapEstimate = nil
        return statistics
      }(),
      parameters: ParameterTable(
        columnNames: ["x"],
        uncertainty: .init(
          kind: nil, reason: .recorded("standard errors were not asked for"))),
      warnings: []))

  /// Rows to predict: missing cells are substituted.
  static let rows: [Column] = [
    Column(name: "color", words: ["red", "blue"], codes: [0, 1, -1, 0]),
    Column(name: "age", numbers: [40, 33.25, 41, .nan]),
  ]

  /// The probabilities of `rows` under a model with this encoding.
  static func probabilities(of saved: FittedModel) throws -> [[Double]] {
    let encoding = saved.affine.encoding
    let matrix = try encoding.design(of: rows, rowCount: 4)
    let result = try saved.affine.probabilities(
      for: Features(trusting: matrix, encoding: encoding))
    return (0..<4).map { row in
      saved.affine.classNames.indices.map { result.values[row, $0] }
    }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// A file of the folder `Golden`.
  static func golden(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// The bytes with a valid checksum.
  static func withChecksum(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    ModelFileChecksum.write(to: &bytes)
    return bytes
  }
}

extension FittedModel {
  /// The classifier of these tests, which is affine.
  var affine: ModelClassifier<LinearPredictor> {
    get {
      guard let affine = classifier.affine else { preconditionFailure("not an affine classifier") }
      return affine
    }
    set { classifier = .affine(newValue) }
  }

  init(affine: ModelClassifier<LinearPredictor>, record: FitRecord) {
    self.init(classifier: .affine(affine), record: record)
  }
}
