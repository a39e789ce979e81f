import SurprisalKernels
import SurprisalLinearAlgebra

/// The features of a block of examples in the layout that the first layer reads.
enum PerceptronInput {
  /// Feature-major, or compressed rows.
  case block(RowBlock)
  /// One row per example, `stride` apart, with zeros from D on: the copied rows of a batch.
  /// Compared with `block`, the two products swap their loops over examples and over features.
  case rows(UnsafePointer<Double>, stride: Int)

  /// The weights or the gradient of some units, and the strides of their entries.
  struct Weights<Pointer> {
    let start: Pointer
    let unitStride: Int
    let columnStride: Int
  }

  /// `target[u, i] += sum_d weights[u, d] x[i, d]`. For `rows`, the unit stride of the weights must
  /// equal the stride of the rows.
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
