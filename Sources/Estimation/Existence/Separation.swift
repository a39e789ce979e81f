/// A direction in which the likelihood rises without end, and what it means for the coefficients.
///
/// Along the direction B the logits of row i change by x_i · B_k. In every row the classes of the
/// label's support keep equal logits and no other class exceeds them; somewhere the logit of a
/// class decreases for good (Albert & Anderson, doi:10.1093/biomet/71.1.1). The direction is the
/// most separating one: whatever any such direction separates, this one does.
public struct Separation: Sendable, Equatable {
  /// How much of the data is separated.
  public enum Kind: Sendable, Equatable {
    /// Every row has one class, and all others decrease: the likelihood tends to 1.
    case complete
    /// In some rows several classes keep equal logits; contrasts between them may have finite
    /// maximum likelihood estimates.
    case quasi
  }

  /// Complete or quasi-complete.
  public let kind: Kind
  /// The direction: weights C x D, class by class, then C intercepts if there are any. Columns that
  /// depend on others have zeros.
  public let direction: [Double]
  /// Whether the sign of every separated row, and every tie, is certain beyond rounding. Otherwise
  /// ties hold to 1e-11 of the size of the terms, and separated rows are at least 1e-8 apart.
  public let isRigorous: Bool
  /// Whether it is proven that nothing else separates. If not, differences called finite may not
  /// be.
  public let isExhaustive: Bool
  /// Rows, of positive weight, in which the logit of some class decreases.
  public let separatedRowCount: Int
  /// Rows of positive weight.
  public let rowCount: Int
  /// C.
  public let classCount: Int
  /// Entry `[d][k]`: a group of classes for coefficient d, the features first and then the
  /// intercept if there is one. Differences between the coefficients of classes of one group are
  /// finite, all others are not. Columns that depend on others have one group.
  public let groups: [[Int]]
  /// D.
  public let columnCount: Int

  /// Classes put together when all differences between them are finite, each group ascending:
  /// `[[0], [1, 2]]` when class 0 separates from 1 and 2, which overlap.
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

  /// How much the difference of the coefficients of a column between two classes changes along the
  /// direction.
  func change(ofColumn column: Int, class first: Int, against second: Int) -> Double {
    direction[first * columnCount + column] - direction[second * columnCount + column]
  }

  /// How many differences are infinite beside those that follow from others: the number of groups
  /// less one, summed over coefficients.
  public var infiniteCount: Int {
    groups.reduce(0) { $0 + Set($1).count - 1 }
  }

  /// Whether the coefficient of `column` (nil: the intercept) has a finite difference between two
  /// classes.
  public func isFinite(column: Int?, class first: Int, against second: Int) -> Bool {
    let place = column ?? columnCount
    precondition(place < groups.count, "there is no such coefficient")
    return groups[place][first] == groups[place][second]
  }
}
