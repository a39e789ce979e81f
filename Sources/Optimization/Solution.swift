/// Where a solver stopped, and why. Not having converged is a result, not an error.
public struct Solution: Sendable {
  /// The point with the smallest value that was found.
  public var point: [Double]
  /// The objective there.
  public var value: Double
  /// The gradient there.
  public var gradient: [Double]
  /// The infinity norm of the gradient.
  public var gradientNorm: Double
  /// `gᵀ H⁻¹ g` at the point, where the solver had curvature at hand.
  public var squaredDecrement: Double?
  /// Why the solver stopped.
  public var termination: Termination
  /// Steps taken.
  public var iterations: Int
  /// Evaluations of value and gradient.
  public var evaluations: Int
  /// Products with the curvature, or curvature matrices formed.
  public var curvatureEvaluations: Int
  /// The last accepted step; the direction in which a run without a minimum was heading.
  public var lastStep: [Double]

  /// Counts the steps and evaluations of an earlier run that this one went on from.
  public mutating func add(workOf earlier: Solution) {
    iterations += earlier.iterations
    evaluations += earlier.evaluations
    curvatureEvaluations += earlier.curvatureEvaluations
    if lastStep.isEmpty { lastStep = earlier.lastStep }
  }

  /// Whether the stopping rule was met.
  public var isConverged: Bool { termination == .converged }
}

/// Why a solver stopped.
public enum Termination: String, Sendable, CaseIterable {
  /// The stopping rule is met.
  case converged
  /// The iterations that were allowed are used up.
  case iterationLimit = "iteration_limit"
  /// No step decreases the objective: it is flat to the last bits, or its gradient is inexact.
  case noProgress = "no_progress"
  /// The objective is not finite where the solver started.
  case notFinite = "not_finite"
  /// The observer asked to stop.
  case cancelled = "interrupted"
  /// The stopping rule is met, but the curvature vanishes as the gradient does: whether there is a
  /// maximum, or the parameters tend to infinity, is not decided.
  case notDecided = "not_decided"
  /// A stochastic solver made the passes it was asked for; whether that is a minimum it cannot say.
  case epochsDone = "epochs_done"
  /// A stochastic solver used up its steps while the score still fell.
  case stepsDone = "steps_done"
  /// The loss of the passes had stopped falling, nothing being held out.
  case lossSettled = "loss_settled"
  /// The score on held-out data had stopped falling.
  case earlyStopping = "early_stopping"
  /// The objective of a stochastic solver grew out of bounds or was no number any more.
  case diverged
}

/// When a solver may call a point stationary.
public struct StoppingRule: Sendable, Hashable {
  /// Bound on the infinity norm of the gradient.
  public var tolerance: Double
  /// The most steps a solver takes.
  public var maximumIterations: Int

  /// A rule; the default tolerance is 1e-8.
  public init(tolerance: Double = 1e-8, maximumIterations: Int = 1000) {
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Whether a gradient of infinity norm `gradientNorm` is small enough.
  public func accepts(gradientNorm: Double) -> Bool { gradientNorm <= tolerance }

  /// Whether half the squared Newton decrement, the decrease still to be expected, is at most
  /// `100 tolerance² max(1, |value|)`. Nearly separable data have tiny gradients far from the
  /// optimum; the decrement sees that.
  public func accepts(squaredDecrement: Double, value: Double) -> Bool {
    squaredDecrement / 2 <= 100 * tolerance * tolerance * max(1, value.magnitude)
  }
}

/// What an observer sees after each step.
public struct SolverProgress: Sendable {
  /// Steps so far.
  public let iteration: Int
  /// The objective.
  public let value: Double
  /// The infinity norm of its gradient.
  public let gradientNorm: Double
  /// Evaluations so far.
  public let evaluations: Int

  init(iteration: Int, value: Double, gradientNorm: Double, evaluations: Int) {
    self.iteration = iteration
    self.value = value
    self.gradientNorm = gradientNorm
    self.evaluations = evaluations
  }

  /// The last step of a run.
  public init(_ solution: Solution) {
    self.init(
      iteration: solution.iterations, value: solution.value, gradientNorm: solution.gradientNorm,
      evaluations: solution.evaluations)
  }
}

/// Sees the progress of a solver and says whether it should go on.
public typealias Observer = @Sendable (SolverProgress) -> Bool
