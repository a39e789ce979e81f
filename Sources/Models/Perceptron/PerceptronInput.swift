import SurprisalKernels
import SurprisalLinearAlgebra

/// The features of a block of examples as the first layer reads them.
enum PerceptronInput {
  /// Feature-major, or compressed rows.
  case block(RowBlock)
  /// One row an example, `stride` apart and zero from D up to it: what a batch of rows drawn from
  /// everywhere is copied to. The two products change their roles: what runs along examples for a
  /// block runs along features here.
  case rows(UnsafePointer<Double>, stride: Int)

  /// Weights or a gradient of units, and how far apart their entries are.
  struct Weights<Pointer> {
    let start: Pointer
    let unitStride: Int
    let columnStride: Int
  }

  /// `target[u, i] += sum_d weights[u, d] x[i, d]`. Rows want weights whose unit stride is their
  /// own.
  func addProduct(
    _ weights: Weights<UnsafePointer<Double>>, units: Int,
    to target: UnsafeMutablePointer<Double>, stride targetStride: Int, examples: Int
  ) {
    switch self {
    case .block(let block):
      block.addProduct(
        weights: weights.start, unitStride: weights.unitStride,
        columnStride: weights.columnStride, units: units, to: target, stride: targetStride)
    case .rows(let rows, let stride):
      surprisal_add_outer_product(
        stride, examples, units, rows, stride, weights.start, weights.unitStride, target,
        targetStride)
    }
  }

  /// `gradient[u, d] += sum_i scores[u, i] x[i, d]`.
  func addOuterProduct(
    _ scores: UnsafePointer<Double>, stride scoreStride: Int, units: Int,
    to gradient: Weights<UnsafeMutablePointer<Double>>, examples: Int
  ) {
    switch self {
    case .block(let block):
      block.addOuterProduct(
        scores: scores, stride: scoreStride, units: units, to: gradient.start,
        unitStride: gradient.unitStride, columnStride: gradient.columnStride)
    case .rows(let rows, let stride):
      surprisal_add_product(
        stride, examples, units, rows, stride, scores, scoreStride, gradient.start,
        gradient.unitStride)
    }
  }
}
