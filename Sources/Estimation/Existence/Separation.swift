/// A direction in which the likelihood increases without end, and its effect on the coefficients.
///
/// Along the direction B the logits of row i change by x_i · B_k. In every row the classes of the
/// label's support keep equal logits and no other class exceeds them; in some row the logit of a
/// class decreases without bound (Albert & Anderson, doi:10.1093/biomet/71.1.1). The direction is
/// the most separating one: it separates everything that any such direction separates.
public struct Separation: Sendable, Equatable {
  /// The extent of the separation.
  public enum Kind: Sendable, Equatable {
    /// Every row has one class, and the logits of all others decrease: the likelihood tends to 1.
    case complete
    /// In some rows several classes keep equal logits; contrasts between them may have finite
    /// maximum likelihood estimates.
    case quasi
  }

  /// Complete or quasi-complete.
  public let kind: Kind
  /// The direction: weights C x D, class by class, then C intercepts if there are any. The entries
  /// of dependent columns are zero.
  public let direction: [Double]
  /// Whether the sign of every separated row, and every tie, is certain beyond rounding. Otherwise
  /// ties hold to 1e-11 of the size of the terms, and separated rows are at least 1e-8 apart.
  public let isRigorous: Bool
  /// Whether it is proved that nothing else separates. If not, differences reported as finite may
  /// be infinite.
  public let isExhaustive: Bool
  /// The number of rows of positive weight in which the logit of some class decreases.
  public let separatedRowCount: Int
  /// The number of rows of positive weight.
  public let rowCount: Int
  /// The number of classes, C.
  public let classCount: Int
  /// Entry `[d][k]` is the group of class k for coefficient d, features first and then the
  /// intercept if there is one. Differences between coefficients of classes in the same group are
  /// finite, all others are not. Dependent columns have one group.
  public let groups: [[Int]]
  /// The number of columns, D.
  public let columnCount: Int
  /// The conditions of rows with all classes freed that decrease, if exact arithmetic found them.
  var freed: LogitConstraints?

  /// The classes of a row that decrease along the direction; nil if they were found only in rounded
  /// arithmetic.
  package func classesLeftBehind(inRow row: Int) -> [Int]? {
    freed.map { freed in (0..<classCount).filter { freed[row, class: $0] == .free } }
  }

  /// Groups of classes between which all differences are finite, each ascending: `[[0], [1, 2]]` if
  /// class 0 is separated from 1 and 2, which overlap.
  public var classGroups: [[Int]] {
    var result: [[Int]] = []
    for candidate in 0..<classCount {
      let home = result.firstIndex { group in
        group.first.map { first in groups.allSatisfy { $0[first] == $0[candidate] } } ?? false
      }
      if let home { result[home].append(candidate) } else { result.append([candidate]) }
    }
    return result
  }

  /// Features with an infinite difference between some two classes, ascending.
  public var columns: [Int] {
    (0..<columnCount).filter { column in groups[column].contains { $0 != groups[column].first } }
  }

  /// Whether some two classes have an infinite difference of intercepts.
  public var involvesIntercept: Bool {
    groups.count > columnCount && groups[columnCount].contains { $0 != groups[columnCount].first }
  }

  /// The change, along the direction, of the difference of the coefficients of a column between two
  /// classes.
  func change(ofColumn column: Int, class first: Int, against second: Int) -> Double {
    direction[first * columnCount + column] - direction[second * columnCount + column]
  }

  /// The number of independent infinite differences: the number of groups minus one, summed over
  /// coefficients.
  public var infiniteCount: Int {
    groups.reduce(0) { $0 + Set($1).count - 1 }
  }

  /// Whether the difference of the coefficient of `column` (nil: the intercept) between two classes
  /// is finite. Precondition: there are such a column and such classes.
  public func isFinite(column: Int?, class first: Int, against second: Int) -> Bool {
    let place = column ?? columnCount
    precondition(place < groups.count, "there is no such coefficient")
    return groups[place][first] == groups[place][second]
  }
}
