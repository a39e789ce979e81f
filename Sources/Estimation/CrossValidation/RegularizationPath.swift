import RealModule

/// The strengths λ of a penalty that are compared, the strongest first.
///
/// A strength is relative to the total weight of the rows of a fit, so it is comparable between all
/// rows and the training rows of a fold.
public struct RegularizationPath: Sendable, Equatable {
  /// The strengths, descending and distinct; zero is a flat prior.
  public let strengths: [Double]

  /// A path through the given strengths, in any order.
  ///
  /// Precondition: there is a strength, and all are finite and not negative.
  public init(_ strengths: [Double]) {
    precondition(!strengths.isEmpty, "a path has a strength")
    precondition(
      strengths.allSatisfy { $0 >= 0 && $0.isFinite }, "a strength is finite and not negative")
    var result: [Double] = []
    for strength in strengths.sorted(by: >) where strength != result.last {
      result.append(strength)
    }
    self.strengths = result
  }

  /// `count` strengths with equal ratios between the two ends, inclusive.
  ///
  /// They are rounded to six significant digits, so that the printed strength is exactly the one
  /// used. Precondition: both ends are positive and finite, and `count` is positive.
  public init(from first: Double, to last: Double, count: Int) {
    precondition(first > 0 && last > 0 && first.isFinite && last.isFinite, "the ends are positive")
    precondition(count >= 1, "a path has a strength")
    let (low, high) = (Double.log10(first), Double.log10(last))
    self.init(
      (0..<count).map { index in
        if index == 0 { return first }
        if index == count - 1 { return last }
        let share = Double(index) / Double(count - 1)
        return Self.rounded(Double.exp10(low + share * (high - low)))
      })
  }

  /// Two strengths per decade from 1e-6 to 10.
  public static let standard = RegularizationPath(from: 1e-6, to: 10, count: 15)

  /// Rounds to six significant digits; products and quotients with exact powers of ten round once.
  private static func rounded(_ value: Double) -> Double {
    let exponent = Double.log10(value).rounded(.down)
    let shift = Double.exp10((5 - exponent).magnitude).rounded()
    guard shift <= 1e22 else { return value }
    return exponent <= 5
      ? (value * shift).rounded() / shift : (value / shift).rounded() * shift
  }
}
