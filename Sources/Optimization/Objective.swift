import SurprisalLinearAlgebra

/// The function of a vector that a solver minimises.
public protocol Objective: Sendable {
  /// The number of variables.
  var dimension: Int { get }
}

/// An objective with a gradient. Value and gradient come from one evaluation, so they are
/// consistent.
public protocol DifferentiableObjective: Objective {
  /// The value; the gradient is written to `gradient` (`dimension` entries, overwritten).
  ///
  /// For a point outside the domain the value is not finite; a line search then shortens the step.
  func evaluate(at point: [Double], gradient: inout [Double]) -> Double
}

/// An objective with products of its Hessian, or of a positive semi-definite approximation of it.
public protocol TwiceDifferentiableObjective: DifferentiableObjective {
  /// The curvature at one point; products share the computations for that point.
  associatedtype Linearization: LinearOperator
  /// The curvature at `point`.
  func linearize(at point: [Double]) -> Linearization
}

/// An objective whose curvature matrix can be computed.
public protocol ExplicitCurvatureObjective: DifferentiableObjective {
  /// The curvature at `point`, positive semi-definite. Directions along which the objective is
  /// constant may have any positive curvature because gradients are orthogonal to them.
  func curvature(at point: [Double]) -> SymmetricMatrix
  /// The Hessian at `point` if it differs from the curvature; it need not be semi-definite.
  /// Otherwise nil.
  func hessian(at point: [Double]) -> SymmetricMatrix?
}

extension ExplicitCurvatureObjective {
  public func hessian(at point: [Double]) -> SymmetricMatrix? { nil }
}

/// An approximate inverse of the curvature, used to precondition descent directions.
public protocol Preconditioner: LinearOperator {
  /// Whether `gᵀ P g` approximates the squared Newton decrement near the optimum.
  var estimatesDecrement: Bool { get }
}

/// A symmetric positive semi-definite operator, defined by its products.
public protocol LinearOperator: Sendable {
  /// The product with a vector.
  func multiply(_ vector: [Double]) -> [Double]
}
