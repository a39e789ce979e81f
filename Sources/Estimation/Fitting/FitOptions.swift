import SurprisalLinearAlgebra
import SurprisalOptimization

/// How a fit is carried out. None of it changes what is estimated, except whose coefficients a
/// prior is about.
public struct FitOptions: Sendable {
  /// The method of minimisation.
  public var solver: SolverChoice
  /// When it stops.
  public var stopping: StoppingRule
  /// Whether the prior is about the coefficients of standardised features instead of raw ones.
  public var penalizesStandardized: Bool
  /// Random starts after the first, where the likelihood is not concave; nil for four of them.
  public var restarts: Int?
  /// What the random starts are drawn from.
  public var seed: UInt64
  /// How many threads share the work; the result does not depend on it.
  public var threads: any Reducer

  /// Options; all have defaults.
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
  /// Newton where its matrix is affordable, L-BFGS finished by Newton-CG elsewhere.
  case automatic = "auto"
  /// Newton with a factorised matrix.
  case newton
  /// Newton with conjugate gradients.
  case newtonCG = "newton-cg"
  /// Limited-memory BFGS.
  case lbfgs
}
