import RealModule
import SurprisalLinearAlgebra

/// Distributions without zeros, with their logarithms, as needed by a Dirichlet density.
public struct InnerProbabilities: Sendable {
  /// The probabilities, N x C.
  public let probabilities: ClassProbabilities
  /// The logarithms, N x C.
  public let logs: BlockedMatrix
  /// 1 minus the sum of each row, from rounding; it matters if it is multiplied by a precision of
  /// 1e7.
  let deficits: [Double]

  /// The number of rows, N.
  public var rowCount: Int { probabilities.rowCount }
  /// The number of classes, C.
  public var classCount: Int { probabilities.classCount }

  /// Takes the logarithms. Throws `LabelError.outsideDomain` for the first zero.
  init(_ probabilities: ClassProbabilities, likelihood: String) throws(LabelError) {
    let values = probabilities.values
    var logs = values
    var deficits = [Double](repeating: 0, count: values.rowCount)
    for row in 0..<values.rowCount {
      var (deficit, error) = (1.0, 0.0)
      for index in 0..<values.columnCount {
        let value = values[row, index]
        guard value > 0 else {
          throw .outsideDomain(likelihood: likelihood, row: row, class: index, value: value)
        }
        logs[row, index] = Double.log(value)
        let next = deficit - value
        error += (deficit - next) - value
        deficit = next
      }
      deficits[row] = deficit + error
    }
    self.probabilities = probabilities
    self.logs = logs
    self.deficits = deficits
  }
}
