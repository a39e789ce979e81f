import SurprisalProbability

/// For every row and class what a direction may do to the class in that row.
///
/// A class the label gives a share to must stay on a par with all others of that kind; one it
/// leaves out must not overtake them; one that has fallen behind already, or does not count, is
/// free. Taking a found direction into account means to set classes free: what is left is the
/// problem in the limit (Geyer, doi:10.1214/08-EJS349).
struct ClassStandings: Sendable, Equatable {
  enum Standing: UInt8, Sendable {
    case free = 0
    case excluded = 1
    case supported = 2
  }

  let rowCount: Int
  let classCount: Int
  private var codes: [UInt8]
  /// A class with a share, for each row; nil where the row does not count.
  let leaders: [Int?]

  /// The standings that labels other than candidate sets give; rows without weight do not count.
  init(_ labels: Labels, weights: [Double]?) {
    let (rowCount, classCount) = (labels.rowCount, labels.classCount)
    self.init(rowCount: rowCount, classCount: classCount) { row in
      guard weights.map({ $0[row] > 0 }) ?? true else { return nil }
      if case .classes(let indices) = labels {
        var standings = [Standing](repeating: .excluded, count: classCount)
        standings[indices[row]] = .supported
        return standings
      }
      return labels.distribution(ofRow: row).map { $0 > 0 ? .supported : .excluded }
    }
  }

  /// The standings when each row belongs to the most probable of its candidates: it alone must not
  /// be overtaken, by classes that are no candidates.
  init(completing sets: CandidateSets, by fitted: ClassProbabilities, weights: [Double]?) {
    self.init(rowCount: sets.rowCount, classCount: sets.classCount) { row in
      guard weights.map({ $0[row] > 0 }) ?? true else { return nil }
      let members = sets.members(ofRow: row)
      var standings = [Standing](repeating: .excluded, count: sets.classCount)
      for member in members { standings[member] = .free }
      let best = members.max { first, second in
        (fitted.values[row, first], second) < (fitted.values[row, second], first)
      }
      if let best { standings[best] = .supported }
      return standings
    }
  }

  private init(rowCount: Int, classCount: Int, _ standings: (Int) -> [Standing]?) {
    self.rowCount = rowCount
    self.classCount = classCount
    codes = []
    codes.reserveCapacity(rowCount * classCount)
    var leaders: [Int?] = []
    leaders.reserveCapacity(rowCount)
    let ignored = [UInt8](repeating: Standing.free.rawValue, count: classCount)
    for row in 0..<rowCount {
      let row = standings(row)
      codes.append(contentsOf: row?.map(\.rawValue) ?? ignored)
      leaders.append(row?.firstIndex(of: .supported))
    }
    self.leaders = leaders
  }

  subscript(row: Int, class index: Int) -> Standing {
    Standing(rawValue: codes[row * classCount + index]) ?? .free
  }

  /// Rows that count.
  var activeRowCount: Int { leaders.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

  /// Whether some class can still fall behind.
  var hasExclusions: Bool { codes.contains(Standing.excluded.rawValue) }

  /// Whether some row has several classes with a share.
  var hasSharedRows: Bool {
    leaders.indices.contains { row in
      guard let leader = leaders[row] else { return false }
      return (0..<classCount).contains { $0 != leader && self[row, class: $0] == .supported }
    }
  }

  /// Whether some class of a row that counts is free.
  var hasFreedClasses: Bool {
    leaders.indices.contains { row in
      leaders[row] != nil && (0..<classCount).contains { self[row, class: $0] == .free }
    }
  }

  mutating func free(row: Int, class index: Int) {
    codes[row * classCount + index] = Standing.free.rawValue
  }

  /// The same rows with only the classes that have a share.
  var supportedOnly: ClassStandings {
    var result = self
    for index in codes.indices where codes[index] == Standing.excluded.rawValue {
      result.codes[index] = Standing.free.rawValue
    }
    return result
  }

  /// Rows in which this has set free a class that `before` had not.
  func freedRowCount(since before: ClassStandings) -> Int {
    (0..<rowCount).reduce(0) { count, row in
      let range = row * classCount..<(row + 1) * classCount
      return count + (codes[range] == before.codes[range] ? 0 : 1)
    }
  }
}
