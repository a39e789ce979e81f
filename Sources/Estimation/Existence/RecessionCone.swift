import SurprisalLinearAlgebra
import SurprisalProbability

/// The directions along which the likelihood of a softmax regression never falls.
///
/// Over the rows of positive weight, B is one iff for every row i and every class k the label gives
/// a share to, `x_i · B_k = max_j x_i · B_j`. The maximum is attained iff every such direction
/// leaves all differences of logits as they are (Albert & Anderson 1984,
/// doi:10.1093/biomet/71.1.1; Geyer 2009, doi:10.1214/08-EJS349). Offsets do not matter.
///
/// Give features that are centred and scaled: the answer is the same for any units, but the digits
/// it rests on are not.
public struct RecessionCone: Sendable {
  let design: ExistenceDesign
  let labels: Labels
  let weights: [Double]?
  let threads: any Reducer

  /// What decides where neither a guess nor a fit does.
  package enum Method: Sendable, CaseIterable { case linearProgram, newton }
  /// Which is tried first; nil leaves it to the size of the problem.
  package var method: Method?
  /// Asked in every loop of the search; after true it ends without a verdict.
  package var isCancelled: @Sendable () -> Bool = { false }

  /// Prepares the search.
  ///
  /// `features` is N x D, `weights` holds one weight a row (nil: all count), `dependencies` are
  /// those of the same features, weights and intercept if they are known already.
  public init(
    features: BlockedMatrix, labels: Labels, weights: [Double]? = nil, includesIntercept: Bool,
    dependencies: ColumnDependencies? = nil, threads: any Reducer = .one
  ) {
    precondition(labels.rowCount == features.rowCount, "one label a row")
    let dependencies =
      dependencies
      ?? ColumnDependencies(
        of: features, weights: weights, includesIntercept: includesIntercept, threads: threads)
    design = ExistenceDesign(
      features, dependencies: dependencies, includesIntercept: includesIntercept)
    self.labels = labels
    self.weights = weights
    self.threads = threads
  }

  /// C.
  var classCount: Int { labels.classCount }
  /// Number of coefficients, all C classes counted.
  var parameterCount: Int { classCount * design.columnCount }

  /// Whether every label of positive weight gives every class a share: then the maximum exists and
  /// nothing need be prepared. Complexity: O(N C), less when the answer is no.
  public static func hasFullSupport(_ labels: Labels, weights: [Double]? = nil) -> Bool {
    (0..<labels.rowCount).allSatisfy { row in
      guard weights.map({ $0[row] > 0 }) ?? true else { return true }
      switch labels {
      case .classes: return false
      case .probabilities(let labels):
        return (0..<labels.classCount).allSatisfy { labels.values[row, $0] > 0 }
      case .counts(let labels):
        return (0..<labels.classCount).allSatisfy { labels.values[row, $0] > 0 }
      case .candidates(let labels):
        return (0..<labels.classCount).allSatisfy { labels.membership[row, $0] == 1 }
      case .evidence(let labels):
        return (0..<labels.classCount).allSatisfy { labels.logs[row, $0] == 0 }
      }
    }
  }
}
