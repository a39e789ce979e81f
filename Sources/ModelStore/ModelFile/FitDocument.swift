import SurprisalCalibration
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels

/// The member `fit` of a model file: a `FitRecord` with a list of named parameters, and with
/// reasons and warnings as sentences.
struct FitDocument: Codable {
  typealias Problem = ModelFileError.Problem

  var specification: FitRecord.Specification
  var convergence: FitRecord.Convergence
  var statistics: FitStatistics
  var coefficients: [Coefficient]
  var auxiliaryParameters: [Auxiliary]
  /// The lower triangle, row by row, for the coefficients that have a standard error.
  var covariance: [Double]?
  var uncertainty: UncertaintyRecord
  var warnings: [FitWarning]
  var training: [TrainingRecord]?
  var validation: TrainingRecord.Held?
  /// Columns that are linear combinations of others; absent if there are none.
  @Absentable var dependencies: [ColumnDependencies.Aliased]?
  /// The annotators of a joint fit; absent for other fits.
  @Absentable var votes: VoteRecord?
  /// Tests and intervals by the profile likelihood; absent if there are none.
  @Absentable var profile: ProfileRecord?

  private enum CodingKeys: String, CodingKey {
    case specification, statistics, coefficients, covariance, uncertainty, warnings, training
    case validation, dependencies, votes, profile
    case convergence = "course"
    case auxiliaryParameters = "own_parameters"
  }

  /// The coefficient of a class relative to the reference, on the user's scale.
  struct Coefficient: Codable {
    var classIndex: Int
    var feature: String
    var estimate: Double?
    var state: ParameterTable.State
    var standardError: Double?

    private enum CodingKeys: String, CodingKey {
      case feature, estimate, state
      case classIndex = "class"
      case standardError = "std_error"
    }
  }

  /// A parameter of the likelihood in natural units.
  struct Auxiliary: Codable {
    var name: String
    var estimate: Double
    var standardError: Double?
    var interval: ClosedRange<Double>?

    private enum CodingKeys: String, CodingKey {
      case name, estimate, interval
      case standardError = "std_error"
    }
  }

  init(_ record: FitRecord) {
    specification = record.specification
    convergence = record.convergence
    statistics = record.statistics.inWords
    coefficients = record.coefficients.map {
      Coefficient(
        classIndex: $0.classIndex, feature: $0.feature, estimate: $0.estimate, state: $0.state,
        standardError: $0.standardError)
    }
    auxiliaryParameters = record.parameters.auxiliaryParameters.map {
      Auxiliary(
        name: $0.name, estimate: $0.estimate, standardError: $0.standardError,
        interval: $0.interval)
    }
    covariance = record.parameters.covariance
    uncertainty = record.uncertainty
    uncertainty.reason = .recorded(uncertainty.reason.sentence)
    warnings = record.warnings.map(\.inWords)
    training = record.training
    validation = record.validation
    dependencies = record.dependencies.isEmpty ? nil : record.dependencies
    votes = record.votes
    profile = record.profile
  }

  /// The record, after all checks. `columnNames` are those of the design, empty for networks.
  func record(
    classCount: Int, columnNames: [String], network: MultilayerPerceptron?
  ) throws(Problem) -> FitRecord {
    let path = "fit"
    try requireValid(path, classCount: classCount, network: network)
    try requireValidDependencies("\(path).dependencies", columnCount: columnNames.count)
    try requireValidProfile("\(path).profile")
    try votes?.requireValid("\(path).votes", classCount: classCount)
    var record = FitRecord(
      specification: specification, convergence: convergence, statistics: statistics,
      parameters: try parameterTable(columnNames: network == nil ? columnNames : []),
      warnings: warnings, training: training)
    record.validation = validation
    record.dependencies = dependencies ?? []
    record.votes = votes
    record.profile = profile
    return record
  }

  /// The table of parameters; the column of each coefficient is looked up by name, once.
  private func parameterTable(columnNames: [String]) throws(Problem) -> ParameterTable {
    var columns: [String: Int?] = [ParameterTable.interceptName: nil as Int?]
    for (column, name) in columnNames.enumerated() { columns[name] = column }
    var rows: [ParameterTable.Row] = []
    rows.reserveCapacity(coefficients.count + auxiliaryParameters.count)
    var place = 0
    for (index, coefficient) in coefficients.enumerated() {
      guard let column = columns[coefficient.feature] else {
        throw .value(path: "fit.coefficients[\(index)].feature", found: "the name of no column")
      }
      rows.append(
        ParameterTable.Row(
          .coefficient(class: coefficient.classIndex, column: column),
          estimate: coefficient.estimate, state: coefficient.state,
          standardError: coefficient.standardError,
          place: coefficient.standardError == nil ? nil : place))
      if coefficient.standardError != nil { place += 1 }
    }
    rows += auxiliaryParameters.map {
      ParameterTable.Row(
        .auxiliary($0.name), estimate: $0.estimate, standardError: $0.standardError,
        interval: $0.interval)
    }
    return ParameterTable(
      columnNames: columnNames, rows: rows, covariance: covariance, uncertainty: uncertainty)
  }
}

// MARK: Sentences in the place of cases

extension FitStatistics {
  /// A copy with the reason for missing criteria as a sentence.
  fileprivate var inWords: FitStatistics {
    guard case .unavailable(let reason) = criteria else { return self }
    var result = self
    result.criteria = .unavailable(reason: .recorded(reason.sentence))
    return result
  }
}

extension FitWarning {
  /// A copy with the warning as code word and sentence.
  fileprivate var inWords: FitWarning { .recorded(code: code, message: message) }
}

extension CalibrationRecord {
  /// A copy with reasons and warnings as sentences.
  var inWords: CalibrationRecord {
    var result = self
    result.errorsReason = .recorded(errorsReason.sentence)
    result.testReason = .recorded(testReason.sentence)
    result.warnings = warnings.map(\.inWords)
    return result
  }
}
