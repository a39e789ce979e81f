import SurprisalLinearAlgebra
import SurprisalOptimization

/// The options of a fit. They do not change the estimand, except `penalizesStandardized`.
public struct FitOptions: Sendable {
  /// The method of minimisation.
  public var solver: SolverChoice
  /// The convergence criterion.
  public var stopping: StoppingRule
  /// Whether the prior applies to the coefficients of standardised features instead of raw ones.
  public var penalizesStandardized: Bool
  /// The number of random starts after the first if the likelihood is not concave; nil for four.
  public var restarts: Int?
  /// The seed of the random starts.
  public var seed: UInt64
  /// The threads that share the work; they do not change the result.
  public var threads: any Reducer

  /// Creates options; all have defaults.
  public init(
    solver: SolverChoice = .automatic, stopping: StoppingRule = StoppingRule(),
    penalizesStandardized: Bool = false, restarts: Int? = nil, seed: UInt64 = 1,
    threads: any Reducer = .one
  ) {
    self.solver = solver
    self.stopping = stopping
    self.penalizesStandardized = penalizesStandardized
    self.restarts = restarts
    self.seed = seed
    self.threads = threads
  }
}

/// A method of minimisation, by name.
public enum SolverChoice: String, Sendable, CaseIterable {
  /// Newton if its matrix is affordable, otherwise L-BFGS followed by Newton-CG.
  case automatic = "auto"
  /// Newton with a factorised matrix.
  case newton
  /// Newton with conjugate gradients.
  case newtonCG = "newton-cg"
  /// Limited-memory BFGS.
  case lbfgs
}
