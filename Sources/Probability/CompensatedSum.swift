/// A sum with its rounding errors carried along: a thousand equal terms lose no digit.
///
/// Neumaier's variant of Kahan's summation. Infinite terms give the plain sum.
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
