import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The memory that a fit of affine logits takes, known before any of it is asked for.
///
/// What is counted is what can be large: the data, matrices of features by features and of
/// parameters by parameters, and some vectors. Small things are not counted.
public struct FitMemory: Sendable, Equatable {
  /// Features as they are stored, labels and offsets.
  public let data: Int
  /// Matrices that the fit makes for itself, the largest that are there at one time.
  public let matrices: Int
  /// The covariance of the parameters and what it is made of.
  public let covariance: Int
  /// P, the number of coefficients and intercepts.
  public let parameterCount: Int

  /// The memory of a fit, in bytes; sums saturate.
  ///
  /// `isProper` says whether there is a prior, without which dependent columns are looked for.
  public init(of data: Dataset, options: FitOptions, hasIntercept: Bool, isProper: Bool) {
    let (features, classes) = (data.features.columnCount, data.classCount)
    let rows = data.rowCount
    let matrix = data.features.matrix
    let parameters = Self.product(features.addingReportingOverflow(hasIntercept ? 1 : 0).0, classes)
    parameterCount = parameters
    let labels = data.labels.kind == .classes ? rows : Self.product(rows, classes)
    let offsets = data.offsets?.storageSize ?? 0
    self.data = Self.sum([matrix.storageSize, Self.product(labels, 8), offsets])
    let square = Self.product(Self.product(features, features), 8)
    var sums = 0
    if matrix.storageKind != .sparse || features <= 4000 {
      let groups = BlockGroups(
        blockCount: matrix.blockCount, sumSize: Self.product(features, features))
      // Partial sums, their sum and its factor. Fewer rows than columns are not multiplied out.
      sums = rows > features && !isProper ? Self.product(square, groups.count + 2) : 0
    }
    let curvature = Self.product(Self.product(parameters, parameters), 8)
    let formsCurvature =
      options.solver == .newton
      || (parameters <= AffineMinimization.largestMatrix
        && classes <= AffineMinimization.mostUnits)
    var solver = formsCurvature ? Self.product(curvature, 3) : 0
    if options.solver == .automatic {
      let head = PreconditionedMinimization.headCount(
        features, isSparse: matrix.storageKind == .sparse)
      // The second moments, what threads add to them, and factors for classes of like frequency.
      let copies = 2 + min(options.threads.value, 8) + min(classes, 4)
      solver = max(solver, Self.product(Self.product(head, head), 8 * copies))
    }
    let vectors = Self.product(parameters, 32 * 8)
    matrices = Self.sum([max(sums, solver), vectors])
    covariance = Self.product(curvature, 3)
  }

  private init(data: Int, matrices: Int, covariance: Int, parameterCount: Int) {
    (self.data, self.matrices) = (data, matrices)
    (self.covariance, self.parameterCount) = (covariance, parameterCount)
  }

  /// The memory of several fits at the same time, each of most of the rows of these data, beside the
  /// data themselves.
  public func ofParallelFits(_ count: Int) -> FitMemory {
    FitMemory(
      data: Self.sum([data, Self.product(data, count)]), matrices: Self.product(matrices, count),
      covariance: 0, parameterCount: parameterCount)
  }

  /// All that is there at one time.
  public func total(withCovariance: Bool) -> Int {
    Self.sum([data, withCovariance ? max(matrices, covariance) : matrices])
  }

  private static func product(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }

  private static func sum(_ parts: [Int]) -> Int {
    parts.reduce(0) { total, part in
      let (sum, overflow) = total.addingReportingOverflow(part)
      return overflow ? .max : sum
    }
  }
}
