/// Why labels cannot be interpreted as requested.
///
/// Rows count from 0, classes are indices; the caller that prints the error adds names, files and
/// lines.
public enum LabelError: Error, Sendable, Equatable {
  /// There are no rows, or no classes.
  case noRows
  /// A classifier needs at least two classes.
  case oneClass
  /// A class index outside `0..<classCount`.
  case classOutOfRange(row: Int, index: Int, classCount: Int)
  /// A label entry is negative.
  case negative(row: Int, class: Int, value: Double)
  /// A label entry is not a finite number.
  case notFinite(row: Int, class: Int, value: Double)
  /// Probabilities do not sum to one: the first such row and its sum, the number of such rows, and
  /// the row whose sum is furthest from one.
  case sum(row: Int, sum: Double, affected: Int, worstRow: Int, worstSum: Double)
  /// Rows whose entries are all zero: the first one and their number.
  case empty(row: Int, affected: Int)
  /// Counts that are not whole numbers: the first one and the number of such cells.
  case fractional(row: Int, class: Int, value: Double, affected: Int)
  /// The counts of a row sum to more than 2^53, beyond which doubles do not hold every whole
  /// number.
  case overflow(row: Int)
  /// A likelihood does not accept this kind of label.
  case kind(likelihood: String, found: LabelKind, expected: [LabelKind])
  /// Classes without positive probability in any row of positive weight: their free intercepts have
  /// no finite optimum.
  case neverSeen(classes: [Int])
  /// Classes that no vote on a row of positive weight is for: votes determine neither their
  /// probabilities nor their rows of the confusion matrices.
  case neverVoted(classes: [Int])
  /// Classes that are in every candidate set: always predicting one of them has likelihood one.
  case neverExcluded(classes: [Int])
  /// The likelihood is not defined at this label value.
  case outsideDomain(likelihood: String, row: Int, class: Int, value: Double)
  /// No label carries information about a parameter of the likelihood.
  case notIdentified(likelihood: String, parameter: String)
  /// The labels and an accompanying array have different numbers of rows.
  case rowCount(expected: Int, found: Int)
  /// An array with one entry per class or parameter has another number of entries.
  case entryCount(what: String, expected: Int, found: Int)
  /// An argument of a call is outside its domain; `domain` describes it in words.
  case argument(String, value: Double, domain: String)
}

extension LabelError {
  /// The same error with row numbers translated from the rows that were checked to those of the
  /// data set they were taken from.
  package func mappingRows(_ place: (Int) -> Int) -> LabelError {
    switch self {
    case .classOutOfRange(let row, let index, let classCount):
      .classOutOfRange(row: place(row), index: index, classCount: classCount)
    case .negative(let row, let index, let value):
      .negative(row: place(row), class: index, value: value)
    case .notFinite(let row, let index, let value):
      .notFinite(row: place(row), class: index, value: value)
    case .sum(let row, let sum, let affected, let worstRow, let worstSum):
      .sum(
        row: place(row), sum: sum, affected: affected, worstRow: place(worstRow),
        worstSum: worstSum)
    case .empty(let row, let affected): .empty(row: place(row), affected: affected)
    case .fractional(let row, let index, let value, let affected):
      .fractional(row: place(row), class: index, value: value, affected: affected)
    case .overflow(let row): .overflow(row: place(row))
    case .outsideDomain(let likelihood, let row, let index, let value):
      .outsideDomain(likelihood: likelihood, row: place(row), class: index, value: value)
    case .noRows, .oneClass, .kind, .neverSeen, .neverVoted, .neverExcluded, .notIdentified,
      .rowCount, .entryCount, .argument:
      self
    }
  }
}

/// What a label column holds for a row.
public enum LabelKind: String, Sendable, Codable, CaseIterable {
  /// One class.
  case classes = "target"
  /// A probability for each class.
  case probabilities = "probs"
  /// Votes for each class.
  case counts
  /// A set of classes that contains the true one.
  case candidates
  /// The likelihood of what was observed under each class, up to a factor.
  case evidence
}
