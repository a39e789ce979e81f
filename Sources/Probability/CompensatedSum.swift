/// A sum with error compensation: the sum of a thousand equal terms is correctly rounded.
///
/// Neumaier's variant of Kahan's summation. If a term is infinite, the result is the plain sum.
struct CompensatedSum {
  private var sum = 0.0
  private var error = 0.0

  /// Adds a term.
  mutating func add(_ term: Double) {
    let next = sum + term
    error += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  /// The sum so far.
  var value: Double { sum.isFinite ? sum + error : sum }
}
