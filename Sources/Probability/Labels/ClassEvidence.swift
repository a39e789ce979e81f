import RealModule
import SurprisalLinearAlgebra

/// The likelihood of what was observed for each of N rows under each class, known up to a factor
/// per row: eᵢₖ ∝ P(observation of row i | its class is k).
///
/// A posterior is not evidence because it includes the prior it was computed with; see
/// `dividing(by:)`.
public struct ClassEvidence: Sendable {
  /// N x C: log eₖ minus the largest of its row. The largest entry is 0; -infinity if eₖ = 0.
  public let logs: BlockedMatrix
  /// log maxₖ eₖ of each row as it was given.
  public let constants: [Double]

  /// The number of rows, N.
  public var rowCount: Int { logs.rowCount }
  /// The number of classes, C.
  public var classCount: Int { logs.columnCount }

  /// Checks N x C values e.
  ///
  /// Throws `LabelError.empty` for a row of zeros, `.negative`, `.notFinite`, `.oneClass` and
  /// `.noRows`. Complexity: O(N C).
  public init(_ values: consuming BlockedMatrix) throws(LabelError) {
    _ = try values.checkedRowSums()
    try self.init(largest: values.rowMaxima, empty: 0, consume values) { value, largest in
      let ratio = value / largest
      // A ratio of subnormal numbers has lost digits; a ratio of normal numbers keeps full
      // precision.
      return ratio > .leastNormalMagnitude || value == 0
        ? Double.log(ratio) : Double.log(value) - Double.log(largest)
    } constant: {
      Double.log($0)
    }
  }

  /// Checks N x C logarithms log e, finite or -infinity.
  ///
  /// Throws `LabelError.empty` for a row of -infinity, `.notFinite` for NaN and +infinity,
  /// `.oneClass` and `.noRows`. Complexity: O(N C).
  public init(logarithms: consuming BlockedMatrix) throws(LabelError) {
    guard logarithms.columnCount >= 2 else { throw .oneClass }
    guard logarithms.rowCount > 0 else { throw .noRows }
    for row in 0..<logarithms.rowCount {
      for index in 0..<logarithms.columnCount {
        let value = logarithms[row, index]
        guard value < .infinity else { throw .notFinite(row: row, class: index, value: value) }
      }
    }
    try self.init(largest: logarithms.rowMaxima, empty: -.infinity, consume logarithms) {
      $0 - $1
    } constant: {
      $0
    }
  }

  /// Candidate sets as evidence: eₖ is 1 for a candidate and 0 for the others.
  package init(_ sets: CandidateSets) {
    var logs = sets.membership
    for column in 0..<logs.columnCount {
      logs.updateColumn(column) { segment, _ in
        for place in segment.indices { segment[place] = segment[place] == 1 ? 0 : -.infinity }
      }
    }
    self.logs = logs
    constants = [Double](repeating: 0, count: sets.rowCount)
  }

  /// Known classes as evidence: eₖ is 1 for the class of the row and 0 for the others.
  init(_ labels: ClassIndices) throws(LabelError) {
    try self.init(ClassProbabilities(oneHot: labels).values)
  }

  private init(
    largest: [Double], empty: Double, _ values: consuming BlockedMatrix,
    relative: (Double, Double) -> Double, constant: (Double) -> Double
  ) throws(LabelError) {
    let vacant = largest.indices.filter { largest[$0] == empty }
    if let row = vacant.first { throw .empty(row: row, affected: vacant.count) }
    var logs = values
    for column in 0..<logs.columnCount {
      logs.updateColumn(column) { segment, rows in
        for (place, row) in rows.enumerated() {
          segment[place] = relative(segment[place], largest[row])
        }
      }
    }
    self.logs = logs
    constants = largest.map(constant)
  }

  private init(unchecked logs: BlockedMatrix, constants: [Double]) {
    self.logs = logs
    self.constants = constants
  }

  /// The evidence contained in posteriors: eₖ / πₖ, with a prior over classes for each row.
  ///
  /// Throws `LabelError.outsideDomain` if a class of prior zero has evidence, and `.rowCount`.
  /// Complexity: O(N C).
  public func dividing(by prior: BlockedMatrix) throws(LabelError) -> ClassEvidence {
    guard prior.rowCount == rowCount, prior.columnCount == classCount else {
      throw .rowCount(expected: rowCount, found: prior.rowCount)
    }
    var result = logs
    for row in 0..<rowCount {
      for index in 0..<classCount {
        let share = prior[row, index]
        guard share >= 0, share.isFinite else {
          throw .outsideDomain(likelihood: Self.priorName, row: row, class: index, value: share)
        }
        guard logs[row, index] > -.infinity else { continue }
        guard share > 0 else {
          throw .outsideDomain(likelihood: Self.priorName, row: row, class: index, value: share)
        }
        result[row, index] = logs[row, index] + constants[row] - Double.log(share)
      }
    }
    return try ClassEvidence(logarithms: result)
  }

  /// The name that errors give to a prior that is divided out.
  private static let priorName = "evidence-prior"

  /// The ranks of the evidence in a row: equal evidence has equal rank, larger evidence larger
  /// rank, 0 if e = 0.
  package func ranks(ofRow row: Int) -> [Double] {
    let values = logs.row(row)
    let distinct = Set(values).subtracting([-.infinity]).sorted()
    return values.map { value in
      distinct.firstIndex(of: value).map { Double($0 + 1) } ?? 0
    }
  }

  /// log e of a row as it was given, its constant included.
  public func logEvidence(ofRow row: Int) -> [Double] {
    logs.row(row).map { $0 + constants[row] }
  }

  /// e divided by its sum: the posterior under a uniform prior.
  public func distribution(ofRow row: Int) -> [Double] {
    let relative = Softmax.exponentials(logs.row(row))
    let sum = relative.reduce(0, +)
    return relative.map { $0 / sum }
  }

  /// The classes with the largest evidence in each row, as sets. Complexity: O(N C).
  package var bestSupported: CandidateSets {
    var membership = logs
    for column in 0..<membership.columnCount {
      membership.updateColumn(column) { segment, _ in
        for place in segment.indices { segment[place] = segment[place] == 0 ? 1 : 0 }
      }
    }
    return CandidateSets(unchecked: membership)
  }

  /// Whether all positive evidence within a row is equal, so that rows are candidate sets.
  package var isSets: Bool {
    (0..<rowCount).allSatisfy { logs.row($0).allSatisfy { $0 == 0 || $0 == -.infinity } }
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> ClassEvidence {
    ClassEvidence(
      unchecked: logs.selecting(rows: rows), constants: rows.map { constants[$0] })
  }
}

extension BlockedMatrix {
  /// The largest entry of each row.
  fileprivate var rowMaxima: [Double] {
    var result = [Double](repeating: -.infinity, count: rowCount)
    for column in 0..<columnCount {
      forEachSegment(ofColumn: column) { segment, rows in
        for (place, row) in rows.enumerated() { result[row] = max(result[row], segment[place]) }
      }
    }
    return result
  }
}
