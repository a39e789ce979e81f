import RealModule

/// The strengths λ of a penalty that are tried, the strongest first.
///
/// A strength is relative to the total weight of the rows of a fit, so it means the same for all
/// the rows and for those a fold leaves.
public struct RegularizationPath: Sendable, Equatable {
  /// The strengths, descending, none twice; zero stands for a flat prior.
  public let strengths: [Double]

  /// A path through the strengths given, in whatever order.
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

  /// `count` strengths in equal ratios from one end to the other, both included.
  ///
  /// They are rounded to six significant digits, so that a strength that is printed is the one that
  /// was used.
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

  /// Two strengths a decade from 1e-6 to 10.
  public static let standard = RegularizationPath(from: 1e-6, to: 10, count: 15)

  /// Six significant digits; products and quotients with exact powers of ten round once.
  private static func rounded(_ value: Double) -> Double {
    let exponent = Double.log10(value).rounded(.down)
    let shift = Double.exp10((5 - exponent).magnitude).rounded()
    guard shift <= 1e22 else { return value }
    return exponent <= 5
      ? (value * shift).rounded() / shift : (value / shift).rounded() * shift
  }
}
