import SurprisalLinearAlgebra
import SurprisalModels

/// A model whose features are the scores of another classifier, one per class, and whose logit of a
/// class depends only on the score of this class: `z_k = a_k u_k + b_k` with few free a and b.
///
/// Because there are few parameters, the score of every row can be computed, as robust standard
/// errors require. Equivalent to affine logits with the constraint W = diag(a).
public protocol ClasswiseScaling: Model
where Workspace == Void, Prepared == [Double], GradientSum == VectorSum {
  /// Orthonormal directions along which no predicted probability changes, if the scores of each row
  /// sum to zero. A penalty on the weights removes those that change weights.
  var nullSpace: [[Double]] { get }

  /// Sets unit p of `rows` to entry p of Jᵀ s of each example; s are units 0..<C of `tile`, whose
  /// padding is zero.
  func pullBackRows(_ tile: Tile, through block: RowBlock, into rows: inout Tile)
}

/// A sum of gradients in the order of the parameters.
public struct VectorSum: ParameterSum, Equatable {
  /// One entry per parameter.
  public var values: [Double]

  /// A sum of zeros.
  public init(count: Int) {
    values = [Double](repeating: 0, count: count)
  }

  public mutating func add(_ other: VectorSum) { values.add(other.values) }

  public func appendNumbers(to numbers: inout [Double]) { values.appendNumbers(to: &numbers) }

  public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    values.takeNumbers(from: &numbers)
  }

  public func add(_ factor: Double, to vector: inout [Double]) {
    for (index, value) in values.enumerated() { vector[index] += factor * value }
  }
}

/// With few parameters no special order is needed, and an affine map is its own Jacobian.
extension ClasswiseScaling {
  public var featureCount: Int { classCount }

  public func prepare(_ parameters: [Double], for storage: MatrixStorage) -> [Double] {
    Array(parameters.prefix(parameterCount))
  }

  public func makeGradientSum(for storage: MatrixStorage) -> VectorSum {
    VectorSum(count: parameterCount)
  }

  public func makeWorkspace() {}

  public func pushForward(
    _ direction: [Double], through block: RowBlock, at parameters: [Double],
    into tile: inout Tile, using workspace: inout Void
  ) {
    computeLogits(of: block, at: direction, into: &tile, using: &workspace)
  }
}

extension Tile {
  /// Calls `body` for each class with the offsets of the class in this tile and in the columns of a
  /// block of scores.
  @inline(__always)
  func forEachClass(
    of block: RowBlock,
    _ body: (_ unit: Int, _ own: UnsafePointer<Double>, _ score: UnsafePointer<Double>) -> Void
  ) {
    let stride = stride
    withUnsafeUnits { own in
      block.withColumns { scores, scoreStride in
        for unit in 0..<block.columnCount {
          body(unit, own + unit * stride, scores + unit * scoreStride)
        }
      }
    }
  }

  /// Sets unit k to `slope(k) * u_k + intercept(k)` of the scores of a block.
  @inline(__always)
  mutating func setScaled(
    _ block: RowBlock, slope: (Int) -> Double, intercept: (Int) -> Double
  ) {
    precondition(block.columnCount <= unitCount && block.rows.count <= capacity)
    fill(0..<block.columnCount, with: intercept)
    let (stride, count) = (stride, block.rows.count)
    withUnsafeMutableUnits { target in
      block.withColumns { scores, scoreStride in
        for unit in 0..<block.columnCount {
          let factor = slope(unit)
          for example in 0..<count {
            target[unit * stride + example] += factor * scores[unit * scoreStride + example]
          }
        }
      }
    }
  }
}
