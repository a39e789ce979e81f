import SurprisalOptimization

extension Termination {
  /// The reason as a sentence.
  public var sentence: String {
    switch self {
    case .converged: "the gradient is within the tolerance"
    case .iterationLimit:
      "the iteration limit was reached; allow more with --max-iterations, or add a prior"
    case .noProgress:
      "no step decreases the objective any more; the tolerance may be below rounding"
    case .notFinite: "the objective is not finite at the starting point"
    case .notDecided:
      "the gradient vanishes, but so does the curvature: it is not decided whether there is a "
        + "maximum or coefficients tend to infinity; a prior (--l2 LAMBDA) gives finite ones"
    case .cancelled: "it was interrupted"
    case .epochsDone: "the requested passes over the data are done"
    case .stepsDone:
      "the step limit was reached while the loss was still decreasing; allow more passes with "
        + "--schedule plateau --epochs N"
    case .lossSettled: "the loss of the training rows stopped decreasing"
    case .earlyStopping: "the divergence on the validation data stopped decreasing"
    case .diverged:
      "training diverged: the objective became too large; the last good parameters are kept; "
        + "lower --learning-rate, or clip gradients with --clip"
    }
  }
}
