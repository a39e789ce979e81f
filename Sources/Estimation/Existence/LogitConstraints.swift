import SurprisalProbability

/// The conditions on the logits of each row under which a direction decreases the likelihood of no
/// row.
///
/// Along the direction, classes in the label's support keep equal logits; classes outside it do not
/// exceed them. A class is free once a direction has been found along which its logit decreases
/// without bound: the remaining classes form the limiting problem (Geyer, doi:10.1214/08-EJS349).
/// All classes of a row of weight zero are free.
struct LogitConstraints: Sendable, Equatable {
  /// The condition on the change of one logit along the direction.
  enum Constraint: UInt8, Sendable {
    /// No condition.
    case free = 0
    /// At most that of the support.
    case atMost = 1
    /// Equal to that of the rest of the support.
    case equal = 2
  }

  let rowCount: Int
  let classCount: Int
  private var codes: [UInt8]
  /// A class of the support, for each row; nil if the row has weight zero.
  let leaders: [Int?]

  /// The constraints of labels other than candidate sets; rows of weight zero are ignored.
  init(_ labels: Labels, weights: [Double]?) {
    let (rowCount, classCount) = (labels.rowCount, labels.classCount)
    self.init(rowCount: rowCount, classCount: classCount) { row in
      guard weights.map({ $0[row] > 0 }) ?? true else { return nil }
      if case .classes(let indices) = labels {
        var constraints = [Constraint](repeating: .atMost, count: classCount)
        constraints[indices[row]] = .equal
        return constraints
      }
      return labels.distribution(ofRow: row).map { $0 > 0 ? .equal : .atMost }
    }
  }

  /// The constraints of each row; nil for rows that are ignored.
  init(rowCount: Int, classCount: Int, _ constraints: (Int) -> [Constraint]?) {
    self.rowCount = rowCount
    self.classCount = classCount
    codes = []
    codes.reserveCapacity(rowCount * classCount)
    var leaders: [Int?] = []
    leaders.reserveCapacity(rowCount)
    let ignored = [UInt8](repeating: Constraint.free.rawValue, count: classCount)
    for row in 0..<rowCount {
      let row = constraints(row)
      codes.append(contentsOf: row?.map(\.rawValue) ?? ignored)
      leaders.append(row?.firstIndex(of: .equal))
    }
    self.leaders = leaders
  }

  subscript(row: Int, class index: Int) -> Constraint {
    Constraint(rawValue: codes[row * classCount + index]) ?? .free
  }

  /// The number of active rows.
  var activeRowCount: Int { leaders.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

  /// Whether the logit of some class may still decrease relative to the support of its row.
  var hasInequalities: Bool { codes.contains(Constraint.atMost.rawValue) }

  /// Whether the support of some row has several classes.
  var hasSharedRows: Bool {
    leaders.indices.contains { row in
      guard let leader = leaders[row] else { return false }
      return (0..<classCount).contains { $0 != leader && self[row, class: $0] == .equal }
    }
  }

  /// Whether a class of an active row is free.
  var hasFreedClasses: Bool {
    leaders.indices.contains { row in
      leaders[row] != nil && (0..<classCount).contains { self[row, class: $0] == .free }
    }
  }

  mutating func free(row: Int, class index: Int) { set(.free, row: row, class: index) }

  mutating func set(_ constraint: Constraint, row: Int, class index: Int) {
    codes[row * classCount + index] = constraint.rawValue
  }

  /// The constraints with only the classes of the supports.
  var equalitiesOnly: LogitConstraints {
    var result = self
    for index in codes.indices where codes[index] == Constraint.atMost.rawValue {
      result.codes[index] = Constraint.free.rawValue
    }
    return result
  }

  /// The number of rows in which a class is free here but not in `before`.
  func freedRowCount(since before: LogitConstraints) -> Int {
    (0..<rowCount).reduce(0) { count, row in
      let range = row * classCount..<(row + 1) * classCount
      return count + (codes[range] == before.codes[range] ? 0 : 1)
    }
  }
}
