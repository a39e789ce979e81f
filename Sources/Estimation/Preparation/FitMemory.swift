import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability

/// The memory of a fit of affine logits, estimated before it is allocated.
///
/// Includes everything that can be large: the data, matrices of features by features and of
/// parameters by parameters, and some vectors.
public struct FitMemory: Sendable, Equatable {
  /// Features as they are stored, labels and offsets.
  public let data: Int
  /// The largest total of matrices that the fit holds at one time.
  public let matrices: Int
  /// The same for L-BFGS with a prior, which needs few matrices even with many parameters.
  public let matricesOfLBFGS: Int
  /// The memory per row besides the data: predictions, and the columns copied by the search for a
  /// separating direction.
  public let rows: Int
  /// The same for a fit without a record, as in cross-validation, which compares many predictions
  /// with labels block by block.
  public let rowsOfPath: Int
  /// The covariance of the parameters and the matrices it is computed from.
  public let covariance: Int
  /// The number of coefficients and intercepts, P.
  public let parameterCount: Int

  /// The memory of a fit, in bytes; sums saturate.
  ///
  /// `isProper` is whether there is a proper prior; without one, dependent columns are searched
  /// for.
  public init(of data: Dataset, options: FitOptions, hasIntercept: Bool, isProper: Bool) {
    let sizes = FitSizes(data, hasIntercept: hasIntercept, threads: options.threads)
    self.init(
      data: sizes.data, matrices: sizes.matrices(options.solver, isProper: isProper),
      matricesOfLBFGS: sizes.matrices(.lbfgs, isProper: true),
      rows: sizes.rows(isProper: isProper), rowsOfPath: sizes.rowsOfPath,
      covariance: sizes.curvature.multipliedSaturating(by: 3),
      parameterCount: sizes.parameters)
  }

  private init(
    data: Int, matrices: Int, matricesOfLBFGS: Int, rows: Int, rowsOfPath: Int, covariance: Int,
    parameterCount: Int
  ) {
    (self.data, self.matrices, self.matricesOfLBFGS) = (data, matrices, matricesOfLBFGS)
    (self.rows, self.rowsOfPath) = (rows, rowsOfPath)
    (self.covariance, self.parameterCount) = (covariance, parameterCount)
  }

  /// The memory of an examination of data without a fit, as of `DatasetProfile`, in bytes.
  public static func ofExamination(of data: Dataset, threads: any Reducer) -> Int {
    let sizes = FitSizes(data, hasIntercept: true, threads: threads)
    return sizes.data.addingSaturating(sizes.examination)
      .addingSaturating(sizes.rows(isProper: false))
  }

  /// The memory of several parallel fits, each of most of the rows of these data, in addition to
  /// the data.
  public func ofParallelFits(_ count: Int) -> FitMemory {
    FitMemory(
      data: data.addingSaturating(data.multipliedSaturating(by: count)),
      matrices: matrices.multipliedSaturating(by: count),
      matricesOfLBFGS: matricesOfLBFGS.multipliedSaturating(by: count),
      rows: min(rows, rowsOfPath).multipliedSaturating(by: count),
      rowsOfPath: rowsOfPath.multipliedSaturating(by: count), covariance: 0,
      parameterCount: parameterCount)
  }

  /// The largest total at one time.
  public func total(withCovariance: Bool) -> Int {
    data.addingSaturating(rows)
      .addingSaturating(withCovariance ? max(matrices, covariance) : matrices)
  }

  /// The largest total at one time with L-BFGS and a prior.
  public var totalWithLBFGS: Int {
    data.addingSaturating(rows).addingSaturating(matricesOfLBFGS)
  }
}

/// The quantities that determine the memory of a fit.
private struct FitSizes {
  private let features: BlockedMatrix
  private let classes: Int
  private let hasClasses: Bool
  private let threads: any Reducer
  /// The number of parameters, P.
  let parameters: Int
  /// The bytes of features, labels and offsets.
  let data: Int

  init(_ data: Dataset, hasIntercept: Bool, threads: any Reducer) {
    features = data.features.matrix
    classes = data.classCount
    hasClasses = data.labels.kind == .classes
    self.threads = threads
    parameters = (features.columnCount + (hasIntercept ? 1 : 0))
      .multipliedSaturating(by: data.classCount)
    let labels = data.labels.kind == .classes ? 1 : data.classCount
    self.data = [
      data.rowCount.multipliedSaturating(by: labels).multipliedSaturating(by: 8),
      data.offsets?.storageSize ?? 0,
    ].reduce(features.storageSize) { $0.addingSaturating($1) }
  }

  /// The bytes of a matrix of parameters by parameters.
  var curvature: Int { square(parameters) }

  /// The memory of the column examination or of the solver, and some vectors.
  func matrices(_ solver: SolverChoice, isProper: Bool) -> Int {
    // The record of a fit with its names, and the text of a model file.
    let record = max(0, parameters - Self.smallRecord).multipliedSaturating(by: 1000)
    let vectors = parameters.multipliedSaturating(by: (30 + partialSums) * 8)
      .addingSaturating(record)
    return max(isProper ? 0 : examination, matrices(of: solver)).addingSaturating(vectors)
  }

  /// The memory for the rows: under a flat prior there may be a search for a separating direction,
  /// with copies of the columns. Measured with all kinds of labels; with classes and a prior the
  /// predictions are not held.
  func rows(isProper: Bool) -> Int {
    let count = features.rowCount
    let predictions = count.multipliedSaturating(by: classes).multipliedSaturating(by: 8)
    if isProper, hasClasses {
      return (predictions / 2).addingSaturating(features.storageSize / 2)
        .addingSaturating(count.multipliedSaturating(by: 180))
    }
    if isProper {
      return (predictions / 2).multipliedSaturating(by: 9)
        .addingSaturating(features.storageSize / 2)
    }
    let isSparse = features.storageKind == .sparse
    let cells = count.multipliedSaturating(by: features.columnCount).multipliedSaturating(by: 8)
    let copies = isSparse && cells > BlockedMatrix.examinationLimit ? 0 : isSparse ? 3 : 5
    return predictions.multipliedSaturating(by: 5)
      .addingSaturating((cells / 2).multipliedSaturating(by: copies))
      .addingSaturating(count.multipliedSaturating(by: 180))
  }

  /// The memory for the rows of a fit whose held-out predictions are compared with the labels.
  var rowsOfPath: Int {
    (3 * 8 * Evaluation.mostHeldPredictions)
      .addingSaturating(features.storageSize / 2)
      .addingSaturating(features.rowCount.multipliedSaturating(by: 180))
  }

  /// Up to this number of coefficients, the memory of the record is negligible.
  private static let smallRecord = 10_000

  /// The largest number of partial sums over rows at one time: one per thread and one per level.
  private var partialSums: Int {
    let tree = SummationTree(blockCount: features.blockCount)
    return min(threads.width, tree.leafCount) + tree.height
  }

  private func square(_ size: Int) -> Int {
    size.multipliedSaturating(by: size).multipliedSaturating(by: 8)
  }

  /// The memory of the search for dependent columns.
  var examination: Int {
    let (rows, columns) = (features.rowCount, features.columnCount)
    let cells = rows.multipliedSaturating(by: columns).multipliedSaturating(by: 8)
    let isSparse = features.storageKind == .sparse
    if isSparse, cells > BlockedMatrix.examinationLimit { return 0 }
    let inFull = isSparse ? cells : 0
    // With fewer rows than columns no Gram matrix is formed: copies of the columns, and directions.
    if rows <= columns { return inFull.addingSaturating(cells.multipliedSaturating(by: 2)) }
    // Partial sums, the correlations and their factor.
    return inFull.addingSaturating(
      square(columns).multipliedSaturating(by: partialSums + 2))
  }

  private func matrices(of solver: SolverChoice) -> Int {
    let formsMatrix = AffineMinimization.formsMatrix(
      rows: features.rowCount, dimension: parameters, units: classes)
    let mayEndWithProducts = formsMatrix ? curvature.multipliedSaturating(by: 3) : states
    switch solver {
    case .newton:
      return AffineMinimization.mayFormMatrix(dimension: parameters, units: classes)
        ? curvature.multipliedSaturating(by: 3) : states
    case .newtonCG: return states
    case .lbfgs: return mayEndWithProducts
    case .automatic:
      let sample =
        AffineMinimization.formsSampleMatrix(dimension: parameters, units: classes)
        ? curvature.multipliedSaturating(by: 3) : 0
      return max(mayEndWithProducts, sample, preconditioner)
    }
  }

  /// What conjugate gradients store from the forward pass.
  private var states: Int {
    let all = features.rowCount.multipliedSaturating(by: classes).multipliedSaturating(by: 8)
    return min(all, features.mostStateBytes)
  }

  /// The second moments, the partial sums of the threads, and factors for classes of similar
  /// frequency.
  private var preconditioner: Int {
    let head = PreconditionedMinimization.headCount(
      features.columnCount, isSparse: features.storageKind == .sparse)
    let copies =
      1 + partialSums + min(classes, KroneckerPreconditioner.mostFactors)
    return square(head).multipliedSaturating(by: copies)
  }
}
