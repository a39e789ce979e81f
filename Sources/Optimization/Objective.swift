import SurprisalLinearAlgebra

/// What a solver minimises: a function of a vector, and nothing else.
public protocol Objective: Sendable {
  /// The number of variables.
  var dimension: Int { get }
}

/// An objective with a gradient. Value and gradient come from one composition, so they cannot
/// disagree.
public protocol DifferentiableObjective: Objective {
  /// The value, with the gradient written to `gradient` (`dimension` entries, overwritten).
  ///
  /// A point outside the domain gives a value that is not finite; a line search then shortens.
  func evaluate(at point: [Double], gradient: inout [Double]) -> Double
}

/// An objective whose Hessian, or a positive semi-definite stand-in, can be multiplied.
public protocol TwiceDifferentiableObjective: DifferentiableObjective {
  /// The curvature at one point; products share what was computed there.
  associatedtype Linearization: LinearOperator
  /// The curvature at `point`.
  func linearize(at point: [Double]) -> Linearization
}

/// An objective whose curvature can be written out.
public protocol ExplicitCurvatureObjective: DifferentiableObjective {
  /// The curvature at `point`, positive semi-definite; directions along which the objective is
  /// constant may be given any positive curvature, since no gradient points there.
  func curvature(at point: [Double]) -> SymmetricMatrix
  /// The Hessian at `point` if that is another matrix, which need not be semi-definite; else nil.
  func hessian(at point: [Double]) -> SymmetricMatrix?
}

extension ExplicitCurvatureObjective {
  public func hessian(at point: [Double]) -> SymmetricMatrix? { nil }
}

/// An approximate inverse of the curvature: what turns steepest descent into something useful.
public protocol Preconditioner: LinearOperator {
  /// Whether `gᵀ P g` is a fair estimate of the squared Newton decrement near the optimum.
  var estimatesDecrement: Bool { get }
}

/// A symmetric positive semi-definite operator known by its products.
public protocol LinearOperator: Sendable {
  /// The product with a vector.
  func multiply(_ vector: [Double]) -> [Double]
}
