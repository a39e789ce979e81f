import SurprisalLinearAlgebra
import SurprisalOptimization

/// The inverse of a curvature matrix that was written out, on a sample of the rows or on all.
struct ExactPreconditioner: Preconditioner {
  private let factor: Cholesky

  var estimatesDecrement: Bool { true }

  /// nil if the matrix cannot be factorised.
  init?(_ curvature: SymmetricMatrix) {
    guard let factor = Cholesky(curvature) else { return nil }
    self.factor = factor
  }

  func multiply(_ vector: [Double]) -> [Double] { factor.solve(vector) }
}
