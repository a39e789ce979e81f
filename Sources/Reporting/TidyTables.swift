import SurprisalEstimation
import SurprisalInterchange

/// A fit as the two CSV tables that the R package broom would make of it.
public struct TidyTables: Sendable {
  private let record: FitRecord
  private let classNames: [String]
  private let writer = DelimitedWriter()

  /// The tables of a record.
  public init(_ record: FitRecord, classNames: [String]) {
    self.record = record
    self.classNames = classNames
  }

  /// One line a coefficient; what is not available is `NA`.
  public var tidy: String {
    let head = [
      "y.level", "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high",
    ]
    let rows = record.coefficients.map { coefficient in
      [
        writer.field(classNames[coefficient.classIndex]), writer.field(coefficient.feature),
        cell(coefficient.estimate),
      ] + [String](repeating: "NA", count: 5)
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
    let row = [
      cell(statistics.rowCount), statistics.degreesOfFreedom.map(String.init) ?? "NA",
      cell(statistics.logLikelihood), cell(statistics.devianceAgainstLabels), cell(akaike),
      cell(bayesian), record.course.isConverged ? "TRUE" : "FALSE",
    ]
    return head.joined(separator: ",") + "\n" + row.joined(separator: ",")
  }

  private func cell(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "NA" }
    return Int(exactly: value).map(String.init) ?? writer.field(value)
  }
}
