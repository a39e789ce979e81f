import SurprisalOptimization

extension Termination {
  /// The reason as a sentence.
  public var sentence: String {
    switch self {
    case .converged: "the gradient is within the tolerance"
    case .iterationLimit:
      "the iterations allowed were used up; allow more with --max-iterations, or add a prior"
    case .noProgress:
      "no step decreases the objective any more; the tolerance may be below rounding"
    case .notFinite: "the objective is not finite at the starting point"
    case .notDecided:
      "the gradient vanishes, but so does the curvature: whether there is a maximum, or "
        + "coefficients tend to infinity, is not decided; a prior (--l2 LAMBDA) gives finite ones"
    case .cancelled: "it was interrupted"
    case .epochsDone: "the passes over the data that were asked for are done"
    case .stepsDone:
      "the steps allowed were used up while the loss still fell; allow more passes with "
        + "--schedule plateau --epochs N"
    case .lossSettled: "the loss of the training rows had stopped falling"
    case .earlyStopping: "the divergence on the validation data had stopped falling"
    case .diverged:
      "training diverged: the objective grew out of bounds; the last good parameters are kept; "
        + "lower --learning-rate, or bound gradients with --clip"
    }
  }
}
