/// The result of a solver. Not having converged is a result, not an error.
public struct Solution: Sendable {
  /// The point with the smallest value found.
  public var point: [Double]
  /// The objective at the point.
  public var value: Double
  /// The gradient at the point.
  public var gradient: [Double]
  /// The infinity norm of the gradient.
  public var gradientNorm: Double
  /// `gᵀ H⁻¹ g` at the point, if the solver computed curvature.
  public var squaredDecrement: Double?
  /// Why the solver stopped.
  public var termination: Termination
  /// The number of steps.
  public var iterations: Int
  /// The number of evaluations of value and gradient.
  public var evaluations: Int
  /// The number of products with the curvature, or of curvature matrices.
  public var curvatureEvaluations: Int
  /// The last accepted step. In a run without a minimum it approximates the direction of
  /// divergence.
  public var lastStep: [Double]

  /// Adds the steps and evaluations of an earlier run that this one continued.
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
  /// The iteration limit was reached.
  case iterationLimit = "iteration_limit"
  /// No step decreases the objective: it is flat to the last bits, or its gradient is inexact.
  case noProgress = "no_progress"
  /// The objective is not finite at the start.
  case notFinite = "not_finite"
  /// The observer requested a stop.
  case cancelled = "interrupted"
  /// The stopping rule is met, but the curvature vanishes together with the gradient: it is not
  /// decided whether there is a maximum or the parameters tend to infinity.
  case notDecided = "not_decided"
  /// A stochastic solver made the requested number of passes; it cannot tell whether this is a
  /// minimum.
  case epochsDone = "epochs_done"
  /// A stochastic solver reached its step limit while the score was still decreasing.
  case stepsDone = "steps_done"
  /// The loss of the passes stopped decreasing; no rows were held out.
  case lossSettled = "loss_settled"
  /// The score on held-out data stopped decreasing.
  case earlyStopping = "early_stopping"
  /// The objective of a stochastic solver became very large or NaN.
  case diverged
}

/// The convergence criterion of a solver.
public struct StoppingRule: Sendable, Hashable {
  /// Bound on the infinity norm of the gradient.
  public var tolerance: Double
  /// The largest number of steps.
  public var maximumIterations: Int

  /// Creates a rule; the default tolerance is 1e-8.
  public init(tolerance: Double = 1e-8, maximumIterations: Int = 1000) {
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Whether the gradient with infinity norm `gradientNorm` is within the tolerance.
  public func accepts(gradientNorm: Double) -> Bool { gradientNorm <= tolerance }

  /// Whether half the squared Newton decrement, the expected decrease, is at most `100 tolerance²
  /// max(1, |value|)`. Nearly separable data have tiny gradients far from the optimum; the
  /// decrement detects that.
  public func accepts(squaredDecrement: Double, value: Double) -> Bool {
    squaredDecrement / 2 <= 100 * tolerance * tolerance * max(1, value.magnitude)
  }
}

/// The state that an observer receives after each step.
public struct SolverProgress: Sendable {
  /// The number of steps so far.
  public let iteration: Int
  /// The objective.
  public let value: Double
  /// The infinity norm of its gradient.
  public let gradientNorm: Double
  /// The number of evaluations so far.
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

/// Receives the progress of a solver; returns whether it should continue.
public typealias Observer = @Sendable (SolverProgress) -> Bool
