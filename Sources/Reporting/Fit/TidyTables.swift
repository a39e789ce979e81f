import RealModule
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// A fit as the two CSV tables of the R package broom.
public struct TidyTables: Sendable {
  private let record: FitRecord
  private let classNames: [String]
  private let exponentiates: Bool
  private let level: Double
  private let writer = DelimitedWriter()

  /// The tables of a record; on request with odds ratios instead of log odds, with the standard
  /// errors of the logarithms, as in broom.
  ///
  /// Throws `DatasetError.rowMismatch` for a class without a name, and `.argument` unless `level`
  /// is between 0 and 1.
  public init(
    _ record: FitRecord, classNames: [String], exponentiates: Bool = false, level: Double = 0.95
  ) throws(DatasetError) {
    try record.requireNames(classNames)
    try DatasetError.requireLevel(level)
    self.record = record
    self.level = level
    self.classNames = classNames
    self.exponentiates = exponentiates
  }

  /// One line per coefficient; missing values are `NA`.
  public var tidy: String {
    let head = [
      "y.level", "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high",
    ]
    let rows = record.parameters.coefficients(level: level).map { coefficient in
      let wald = coefficient.wald
      return [
        writer.field(classNames[coefficient.classIndex]), writer.field(coefficient.feature),
        estimate(coefficient), cell(coefficient.standardError), cell(wald?.z),
        cell(wald?.pValue), cell(scaled(wald?.interval.lowerBound)),
        cell(scaled(wald?.interval.upperBound)),
      ]
    }
    return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n")
  }

  /// One line of statistics.
  public var glance: String {
    let statistics = record.statistics
    let head = ["nobs", "df", "logLik", "deviance", "AIC", "BIC", "converged"]
    var (akaike, bayesian): (Double?, Double?)
    if case .available(let first, let second) = statistics.criteria {
      (akaike, bayesian) = (first, second)
    }
    let deviance = record.specification.isCrossEntropy ? statistics.devianceAgainstLabels : nil
    // Training of a network has no notion of convergence to an optimum.
    let isConverged = record.convergence.isConverged ? "TRUE" : "FALSE"
    let row = [
      cell(statistics.rowCount), statistics.degreesOfFreedom.map(String.init) ?? "NA",
      cell(statistics.logLikelihood), cell(deviance), cell(akaike),
      cell(bayesian), record.training == nil ? isConverged : "NA",
    ]
    return head.joined(separator: ",") + "\n" + row.joined(separator: ",")
  }

  /// The covariance of the coefficients as CSV, with one line and one column each; nil if there is
  /// none.
  public var covariance: String? {
    guard let entries = record.parameters.covariance else { return nil }
    let names = record.parameters.coefficientsWithError.map {
      "\(classNames[$0.classIndex]):\($0.feature)"
    }
    guard entries.count == names.count * (names.count + 1) / 2 else { return nil }
    let rows = names.indices.map { row -> String in
      let values = names.indices.map { column -> String in
        let (high, low) = (max(row, column), min(row, column))
        return cell(entries[high * (high + 1) / 2 + low])
      }
      return ([writer.field(names[row])] + values).joined(separator: ",")
    }
    let head = ([""] + names).map { writer.field($0) }.joined(separator: ",")
    return ([head] + rows).joined(separator: "\n")
  }

  /// The estimate; `Inf` and `-Inf`, which R and pandas read, if it is infinite.
  private func estimate(_ coefficient: ParameterTable.Coefficient) -> String {
    guard let infinity = coefficient.state.infinity else {
      return cell(scaled(coefficient.estimate))
    }
    return infinity > 0 ? "Inf" : exponentiates ? "0" : "-Inf"
  }

  private func scaled(_ value: Double?) -> Double? {
    exponentiates ? value.map { Double.exp($0) } : value
  }

  private func cell(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "NA" }
    return Int(exactly: value).map(String.init) ?? writer.field(value)
  }
}
