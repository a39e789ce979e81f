import SurprisalOptimization

/// The status of a fit.
public enum FitStatus: Sendable {
  /// The optimum exists and was reached within the tolerance.
  case converged
  /// The likelihood has no maximum: it increases along a direction that was verified on every row.
  case separated(Separation)
  /// Training ended as planned; it cannot tell whether this is an optimum.
  case trained(Termination)
  /// The stopping rule was not met.
  case notConverged(Termination)

  /// Whether the parameters are the optimum.
  public var isConverged: Bool { if case .converged = self { true } else { false } }

  /// The word used in files: the termination of the solver, or `separation`.
  public var name: String {
    switch self {
    case .converged: Termination.converged.rawValue
    case .separated: "separation"
    case .trained(let termination), .notConverged(let termination): termination.rawValue
    }
  }
}
