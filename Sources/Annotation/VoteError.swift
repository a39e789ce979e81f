/// Why votes cannot be aggregated. Votes and items count from 0.
public enum VoteError: Error, Sendable, Equatable {
  /// There are no votes with a positive weight.
  case noVotes
  /// There is at most one class.
  case oneClass(String?)
  /// More annotators times classes than can be counted in 32 bits.
  case tooLarge(annotators: Int, classes: Int)
  /// Two arrays that need the same length differ in it.
  case rowMismatch(what: String, expected: Int, found: Int)
  /// An index that is not among its `count` names; `row` is its position in the array.
  case index(what: String, row: Int, index: Int, count: Int)
  /// The weight of a vote is negative or not finite.
  case weight(row: Int, value: Double)
  /// The votes of an annotator weigh more than the method admits.
  case heavyAnnotator(String, weight: Double)
}
