import RealModule
import SurprisalEstimation
import SurprisalLinearAlgebra

/// A linear combination of coefficients of a model, such as `b:x - c:x`.
public struct LinearContrast: Sendable, Equatable {
  /// The text of the combination.
  public let text: String
  /// a'β.
  public let estimate: Double
  /// The root of a'Va.
  public let standardError: Double
  /// z or t, p and the interval; nil if the standard error is zero.
  public let wald: WaldStatistic?
}

/// Linear combinations of the coefficients of a record, and their joint Wald test.
///
/// A combination is a sum of terms `NUMBER*CLASS:FEATURE` with signs between; the number may be
/// left out, or be a ratio such as `1/3`. Classes and features have the names of the summary,
/// `(Intercept)` is one. A name ends where the longest name of the model does; in backticks,
/// as a whole or each half, it ends there. Coefficients of the reference class are zero.
public struct LinearContrasts: Sendable {
  /// The combinations.
  public let contrasts: [LinearContrast]
  /// The type of the standard errors.
  public let uncertainty: UncertaintyRecord
  /// The coverage of intervals.
  public let level: Double
  /// The test that all combinations are zero; nil for a single one, or if it is refused.
  public private(set) var jointTest: WaldTest?
  /// Why several combinations have no joint test.
  public private(set) var jointRefusal: TestRefusal?

  /// The combinations that `texts` describe. Throws `ContrastError`; `.refusal(.level)` unless
  /// `level` is between 0 and 1. Complexity: O(n P²) for n combinations of P coefficients.
  public init(
    _ texts: [String], of record: FitRecord, classNames: [String], level: Double = 0.95
  ) throws(ContrastError) {
    guard level > 0, level < 1 else { throw .refusal(.level(level)) }
    let table = record.parameters
    uncertainty = record.uncertainty
    self.level = level
    guard uncertainty.kind != nil else {
      throw .refusal(.noStandardErrors(uncertainty.reason))
    }
    guard let covariance = table.covarianceMatrix else {
      throw .refusal(
        .covarianceNotKept(
          limit: ParameterTable.keptCovarianceLimit,
          coefficientCount: table.coefficientsWithError.count))
    }
    let names = CoefficientNames(record, classNames: classNames)
    let rule = uncertainty.rule(level: level)
    var vectors: [[Double]] = []
    var contrasts: [LinearContrast] = []
    for text in texts {
      var vector = [Double](repeating: 0, count: covariance.dimension)
      var estimate = 0.0
      for (coefficient, factor) in try names.terms(of: text) {
        let (value, place) = try names.value(of: coefficient)
        estimate += factor * value
        vector[place] = factor
      }
      let variance = vector.dot(covariance.multiply(vector))
      guard estimate.isFinite, variance.isFinite else { throw .range(text) }
      let error = max(0, variance).squareRoot()
      vectors.append(vector)
      contrasts.append(
        LinearContrast(
          text: text, estimate: estimate, standardError: error,
          wald: WaldStatistic(estimate, error, rule)))
    }
    self.contrasts = contrasts
    guard contrasts.count > 1 else { return }
    do throws(TestRefusal) {
      jointTest = try joint(vectors, covariance)
    } catch {
      jointRefusal = error
    }
  }

  private func joint(
    _ vectors: [[Double]], _ covariance: SymmetricMatrix
  ) throws(TestRefusal) -> WaldTest {
    if uncertainty.kind == .laplace { throw .prior }
    if uncertainty.kind?.isRobust ?? false, let units = uncertainty.unitCount,
      Double(2 * vectors.count) >= units
    {
      throw .fewUnitsForCoefficients(vectors.count)
    }
    var matrix = SymmetricMatrix(dimension: vectors.count)
    for (row, vector) in vectors.enumerated() {
      let product = covariance.multiply(vector)
      for column in 0...row { matrix[row, column] = product.dot(vectors[column]) }
    }
    guard let factor = Cholesky(matrix, tolerance: 1e-10) else { throw .singularCoefficients }
    let values = contrasts.map(\.estimate)
    let statistic = max(0, values.dot(factor.solve(values)))
    return WaldTest(
      feature: nil, statistic: statistic, degreesOfFreedom: values.count,
      pValue: uncertainty.distribution.jointTail(statistic, count: values.count))
  }
}

/// Why a linear combination of coefficients cannot be computed. The sentences are in the module
/// Diagnostics.
public enum ContrastError: Error, Sendable, Equatable {
  /// The text has no term here.
  case syntax(String, at: String)
  /// No coefficient begins here.
  case unknown(String, at: String, known: [String])
  /// Every factor is zero, or that of the reference class.
  case empty(String)
  /// The coefficient is infinite.
  case infinite(String)
  /// The column has no coefficient of its own.
  case aliased(String)
  /// The coefficient is beyond the range of doubles.
  case outOfRange(String)
  /// The coefficient has no standard error.
  case noStandardError(String)
  /// The sum leaves the range of doubles.
  case range(String)
  /// The model has no covariance.
  case refusal(PredictionRefusal)
}

/// The coefficients of a record by name, and the combinations that are written with the names.
private struct CoefficientNames {
  private let coefficients: [ParameterTable.Coefficient]
  /// Class and feature, and the place among `coefficients`; nil for the reference class.
  private let names: [(unit: String, feature: String, place: Int?)]

  init(_ record: FitRecord, classNames: [String]) {
    let coefficients = record.coefficients
    self.coefficients = coefficients
    let reference = classNames[record.specification.reference]
    var features: [String] = []
    var isListed = Set<String>()
    for coefficient in coefficients where isListed.insert(coefficient.feature).inserted {
      features.append(coefficient.feature)
    }
    names =
      coefficients.indices.map {
        (classNames[coefficients[$0].classIndex], coefficients[$0].feature, $0)
      } + features.map { (reference, $0, nil) }
  }

  /// The nonzero factors of coefficients, by position.
  func terms(of text: String) throws(ContrastError) -> [(Int, Double)] {
    var factors: [Int: Double] = [:]
    var rest = Self.trimmed(text[...])
    var isFirst = true
    while isFirst || !rest.isEmpty {
      var factor = 1.0
      if let sign = rest.first, sign == "+" || sign == "-" {
        factor = sign == "-" ? -1 : 1
        rest = Self.trimmed(rest.dropFirst())
      } else if !isFirst {
        throw .syntax(text, at: String(rest))
      }
      isFirst = false
      var name = longestName(of: rest)
      if name == nil, let (number, after) = Self.number(at: rest) {
        factor *= number
        rest = after
        name = longestName(of: rest)
      }
      guard let name else {
        if rest.isEmpty { throw .syntax(text, at: "") }
        throw .unknown(
          text, at: String(rest.prefix { !$0.isWhitespace }),
          known: names.filter { $0.place != nil }.map { "\($0.unit):\($0.feature)" })
      }
      if let place = name.place { factors[place, default: 0] += factor }
      rest = Self.trimmed(rest.dropFirst(name.length))
    }
    let result = factors.filter { $0.value != 0 }.sorted { $0.key < $1.key }
    guard !result.isEmpty else { throw .empty(text) }
    return result.map { ($0.key, $0.value) }
  }

  /// The estimate of a coefficient, and its row of the covariance.
  func value(of index: Int) throws(ContrastError) -> (Double, Int) {
    let coefficient = coefficients[index]
    let name = "\(names[index].unit):\(names[index].feature)"
    switch coefficient.state {
    case .estimated: break
    case .aliased: throw .aliased(name)
    case .infinite, .plusInfinite, .minusInfinite: throw .infinite(name)
    case .outOfRange: throw .outOfRange(name)
    }
    guard let value = coefficient.estimate, let place = coefficient.place else {
      throw .noStandardError(name)
    }
    return (value, place)
  }

  private func longestName(of text: Substring) -> (place: Int?, length: Int)? {
    var best: (place: Int?, length: Int)?
    for name in names {
      let (unit, feature) = (name.unit, name.feature)
      for form in [
        "\(unit):\(feature)", "`\(unit):\(feature)`", "`\(unit)`:`\(feature)`",
        "`\(unit)`:\(feature)", "\(unit):`\(feature)`",
      ] where form.count > best?.length ?? 0 && text.hasPrefix(form) {
        let next = text.dropFirst(form.count).first
        if next.map({ $0.isWhitespace || $0 == "+" || $0 == "-" }) ?? true {
          best = (name.place, form.count)
        }
      }
    }
    return best
  }

  /// A number or a ratio of two before an asterisk, and what comes after that.
  private static func number(at text: Substring) -> (Double, Substring)? {
    guard let star = text.firstIndex(of: "*") else { return nil }
    let parts = text[..<star].split(separator: "/", omittingEmptySubsequences: false).map {
      part -> Double in
      let digits = trimmed(part)
      guard digits.allSatisfy({ "0123456789.eE+-".contains($0) }) else { return .nan }
      return Double(digits) ?? .nan
    }
    guard parts.count < 3 else { return nil }
    let value = parts.count == 2 ? parts[0] / parts[1] : parts[0]
    return value.isFinite ? (value, trimmed(text[star...].dropFirst())) : nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.last?.isWhitespace ?? false { text = text.dropLast() }
    return text.drop { $0.isWhitespace }
  }
}
