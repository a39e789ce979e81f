/// The weight of each row.
public enum RowWeights: Sendable, Equatable {
  /// Weight 1 for every row.
  case uniform
  /// Importance weights: they scale the log-likelihood of a row; n is the number of rows.
  case importance([Double])
  /// Frequencies: whole numbers; a row of frequency f is equivalent to f rows in every output.
  case frequency([Double])

  /// Importance weights, one per row, after checking that they are finite, not negative, not all
  /// zero, and have a sum from 1e-300 to 1e305.
  public static func importance(checking values: [Double]) throws(DatasetError) -> RowWeights {
    try check(values)
    return .importance(values)
  }

  /// Frequencies, one per row, after checking that they are whole, not negative and not all zero.
  public static func frequency(checking values: [Double]) throws(DatasetError) -> RowWeights {
    try check(values)
    let weights = RowWeights.frequency(values)
    try weights.requireNumbers()
    return weights
  }

  /// Throws `.weight` unless all weights are finite and not negative, and `.frequency` unless
  /// frequencies are whole: cases of this type are made without checks. Complexity: O(N).
  package func requireNumbers() throws(DatasetError) {
    guard let values else { return }
    if let row = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .weight(row: row, value: values[row])
    }
    guard case .frequency = self else { return }
    if let row = values.firstIndex(where: { $0.rounded() != $0 }) {
      throw .frequency(row: row, value: values[row])
    }
  }

  /// The weight of a row.
  public subscript(row: Int) -> Double {
    switch self {
    case .uniform: 1
    case .importance(let values), .frequency(let values): values[row]
    }
  }

  /// One weight per row; nil for uniform weights.
  public var values: [Double]? {
    switch self {
    case .uniform: nil
    case .importance(let values), .frequency(let values): values
    }
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> RowWeights {
    switch self {
    case .uniform: .uniform
    case .importance(let values): .importance(rows.map { values[$0] })
    case .frequency(let values): .frequency(rows.map { values[$0] })
    }
  }

  /// Importance weights: these times one factor per row, with the same checks.
  ///
  /// Also throws `.rowMismatch` unless there is one factor per weight.
  public func multiplied(by factors: [Double]) throws(DatasetError) -> RowWeights {
    if let values {
      try DatasetError.require("factors of the weights", factors.count, equals: values.count)
    }
    return try .importance(checking: factors.indices.map { self[$0] * factors[$0] })
  }

  /// Sums of weights within this have all their digits: no weight that counts is subnormal, and no
  /// sum over classes overflows.
  private static let sums = 1e-300...1e305

  private static func check(_ values: [Double]) throws(DatasetError) {
    try RowWeights.importance(values).requireNumbers()
    guard values.contains(where: { $0 > 0 }) else { throw .zeroWeights }
    let sum = values.reduce(0, +)
    guard sums.contains(sum) else { throw .weightSum(sum) }
  }
}
