import SurprisalLinearAlgebra
import SurprisalProbability

/// The directions along which the likelihood of a softmax regression never decreases.
///
/// B is such a direction if for every row i of positive weight and every class k in the support of
/// its label `x_i · B_k = max_j x_i · B_j`. The maximum is attained if and only if every such
/// direction leaves all differences of logits unchanged (Albert & Anderson 1984,
/// doi:10.1093/biomet/71.1.1; Geyer 2009, doi:10.1214/08-EJS349). Offsets do not matter.
///
/// Pass centred and scaled features: the answer does not depend on units, but its numerical
/// accuracy does.
package struct RecessionCone: Sendable {
  let design: ExistenceDesign
  let labels: Labels
  let weights: [Double]?
  let threads: any Reducer

  /// The method used if neither a candidate direction nor a fit decides.
  package enum Method: Sendable, CaseIterable { case linearProgram, newton }
  /// The method tried first; nil to choose by the size of the problem.
  package var method: Method?
  /// The given features, if the problem is small: used if rounding leaves the result open.
  var exact: ExactFeatures?
  /// Called in every loop of the search; if it returns true, the search ends undecided.
  package var isCancelled: @Sendable () -> Bool = { false }

  /// Prepares the search.
  ///
  /// `features` is N x D, `weights` has one weight per row (nil: all rows are used), `dependencies`
  /// are those of the same features, weights and intercept if they are already known.
  package init(
    features: BlockedMatrix, labels: Labels, weights: [Double]? = nil,
    includesIntercept: Bool, dependencies: ColumnDependencies? = nil, threads: any Reducer = .one
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

  /// The number of classes, C.
  var classCount: Int { labels.classCount }
  /// The number of coefficients of all C classes.
  var parameterCount: Int { classCount * design.columnCount }

  /// Whether every label of positive weight gives every class a positive probability: the maximum
  /// then exists and no search is needed. Complexity: O(N C), less if the answer is no.
  package static func hasFullSupport(_ labels: Labels, weights: [Double]? = nil) -> Bool {
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
