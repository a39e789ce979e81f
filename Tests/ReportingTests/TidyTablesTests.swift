import SurprisalReporting
import Testing

@testable import SurprisalEstimation

/// The tables for R users, and the text beside them.
@Suite struct TidyTablesTests {
  static let statistics = FitStatistics(
    rowCount: 20, totalWeight: 20, objective: 0.5, crossEntropy: 0.5, labelEntropy: 0,
    divergence: 0.5, nullCrossEntropy: 0.7, logLikelihood: -10, logLikelihoodConstant: 0,
    nullLogLikelihood: -14, logPosterior: -10, degreesOfFreedom: 2,
    criteria: .available(akaike: 24, bayesian: 26), gradientNorm: 0, standardizedGradientNorm: 0,
    gapBound: nil, gapEstimate: nil)

  static func record(_ kind: CovarianceType?) -> FitRecord {
    FitRecord(
      specification: .init(
        model: "softmax", likelihood: "categorical", reading: "categorical", labels: .classes,
        prior: .init(name: "flat", precision: nil, lambda: nil, isStandardized: false),
        weighting: .uniform, hasIntercept: true, reference: 0),
      convergence: .init(
        solvers: ["newton"], isConverged: true, termination: "converged", iterations: 1, passes: 2,
        curvatureEvaluations: 1, tolerance: 1e-8),
      statistics: statistics,
      parameters: ParameterTable(
        columnNames: ["x", "y", "z"],
        rows: [
          .init(
            .coefficient(class: 1, column: 0), estimate: 2,
            standardError: kind == nil ? nil : 0.5, place: kind == nil ? nil : 0),
          .init(.coefficient(class: 1, column: 1), estimate: nil, state: .infinite),
          .init(
            .coefficient(class: 1, column: 2), estimate: 40,
            standardError: kind == nil ? nil : 0.5, place: kind == nil ? nil : 1),
        ],
        covariance: kind == nil ? nil : [0.25, 0.1, 0.25],
        uncertainty: .init(
          kind: kind, reason: kind == nil ? .notConverged : .requested,
          unitCount: kind == .sandwich ? 20 : nil)),
      warnings: [])
  }

  @Test func tidyHasEveryNumber() throws {
    let lines = try TidyTables(Self.record(.sandwich), classNames: ["a", "b"]).tidy
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines[1].prefix(5) == ["b", "x", "2", "0.5", "4"])
    // 2 (1 - pnorm(4)) and 2 -+ qnorm(0.975) / 2 by mpmath with 30 digits.
    #expect(abs((Double(lines[1][5]) ?? .nan) / 6.33424836662398e-05 - 1) < 1e-13)
    #expect(abs((Double(lines[1][6]) ?? .nan) - 1.020018007729973) < 1e-14)
    #expect(abs((Double(lines[1][7]) ?? .nan) - 2.979981992270027) < 1e-14)
    #expect(lines[2] == ["b", "y", "NA", "NA", "NA", "NA", "NA", "NA"])
  }

  @Test func oddsRatiosKeepTheErrorOfTheLogarithm() throws {
    let lines = try TidyTables(
      Self.record(.sandwich), classNames: ["a", "b"], exponentiates: true
    ).tidy.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(abs((Double(lines[1][2]) ?? .nan) - 7.38905609893065) < 1e-13)
    #expect(lines[1][3] == "0.5")
  }

  @Test func posteriorsHaveNeitherZNorP() throws {
    let lines = try TidyTables(Self.record(.laplace), classNames: ["a", "b"]).tidy
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines[1][4] == "NA" && lines[1][5] == "NA" && lines[1][6] != "NA")
  }

  @Test func covarianceIsASquare() throws {
    let text = try TidyTables(Self.record(.information), classNames: ["a", "b"]).covariance
    #expect(text == "\"\",b:x,b:z\nb:x,0.25,0.1\nb:z,0.1,0.25")
    #expect(try TidyTables(Self.record(nil), classNames: ["a", "b"]).covariance == nil)
  }

  @Test(arguments: CovarianceType.allCases.map { Optional($0) } + [nil])
  func textSaysWhichErrorsAndNeverNaN(_ kind: CovarianceType?) {
    let text = FitSummary(Self.record(kind), classNames: ["a", "b"]).text
    let words = text.lowercased().split { !$0.isLetter }
    #expect(!words.contains("nan") && !words.contains("inf"))
    switch kind {
    case nil: #expect(text.contains("standard errors: none, the fit did not converge"))
    case .laplace: #expect(text.contains("post.sd"))
    case .sandwich: #expect(text.contains("sandwich over 20 rows"))
    default: #expect(text.contains("< 2e-16"))
    }
  }
}
