import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra

/// Predictions of N rows that are computed when they are needed, one block of rows at a time: for
/// many rows and classes whose N x C matrix would not fit in memory.
///
/// Every pass over the rows computes them again, so that a matrix is faster if it fits.
public struct BlockwisePredictions: Sendable {
  /// The logarithms of the predicted probabilities of some rows, one row of C numbers for each.
  public typealias Computation = @Sendable (_ rows: [Int]) throws(DatasetError) -> BlockedMatrix

  /// The number of rows, N.
  public let rowCount: Int
  /// The number of classes, C.
  public let classCount: Int
  /// The number of classes whose predictions are held for all rows at one time, where a measure
  /// sorts the rows by class.
  public let heldClasses: Int
  private let compute: Computation

  /// Predictions that `compute` returns for the rows it is given. They must depend on the row alone
  /// and be the same at every call. `heldClasses` is at least 1.
  public init(
    rowCount: Int, classCount: Int, heldClasses: Int = 1, compute: @escaping Computation
  ) {
    self.rowCount = rowCount
    self.classCount = classCount
    self.heldClasses = max(1, heldClasses)
    self.compute = compute
  }

  /// The predictions of the rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> BlockwisePredictions {
    BlockwisePredictions(
      rowCount: rows.count, classCount: classCount, heldClasses: heldClasses
    ) { [compute] (places: [Int]) throws(DatasetError) in
      try compute(places.map { rows[$0] })
    }
  }

  /// Computes every block once. Throws what the computation throws, with the numbers of the rows,
  /// and `.rowMismatch` if it returns a matrix of another shape.
  func requireAll(threads: any Reducer) throws(DatasetError) {
    let failures =
      threads.map(count: BlockedMatrix.blockCount(ofRows: rowCount)) { index in
        let rows = Array(BlockedMatrix.rows(ofBlock: index, rowCount: rowCount))
        do throws(DatasetError) {
          let logs = try compute(rows)
          try DatasetError.require("predictions of a block", logs.rowCount, equals: rows.count)
          try DatasetError.require(
            "classes of a row of predictions", logs.columnCount, equals: classCount)
          return nil
        } catch {
          return error.mappingRows(rows)
        }
      } as [DatasetError?]
    if let first = failures.compactMap({ $0 }).first { throw first }
  }

  /// The log-probabilities of a block, row-major; NaN if the computation fails, which `requireAll`
  /// has excluded.
  func logProbabilities(ofBlock index: Int) -> [Double] {
    let rows = Array(BlockedMatrix.rows(ofBlock: index, rowCount: rowCount))
    let values = (try? compute(rows))?.rowMajor(block: 0) ?? []
    return values.count == rows.count * classCount
      ? values : [Double](repeating: .nan, count: rows.count * classCount)
  }

  /// The log-probabilities of some classes in all rows.
  func logProbabilities(ofClasses classes: [Int], threads: any Reducer) -> BlockedMatrix {
    var result = BlockedMatrix(rowCount: rowCount, columnCount: classes.count)
    let atOnce = 4 * threads.width
    for first in stride(from: 0, to: result.blockCount, by: atOnce) {
      let count = min(atOnce, result.blockCount - first)
      let parts = threads.map(count: count) { columns(ofBlock: first + $0, classes) }
      for (offset, columns) in parts.enumerated() {
        let start = BlockedMatrix.rows(ofBlock: first + offset, rowCount: rowCount).lowerBound
        for (place, column) in columns.enumerated() {
          column.withUnsafeBufferPointer { result.setColumn(place, from: start, to: $0) }
        }
      }
    }
    return result
  }

  /// The log-probabilities of some classes in the rows of a block.
  private func columns(ofBlock index: Int, _ classes: [Int]) -> [[Double]] {
    let rows = Array(BlockedMatrix.rows(ofBlock: index, rowCount: rowCount))
    guard let logs = try? compute(rows), logs.rowCount == rows.count,
      logs.columnCount == classCount
    else { return classes.map { _ in rows.map { _ in .nan } } }
    return classes.map { logs.column($0) }
  }
}

/// The predictions of one class in all rows.
struct ClassPredictions: Sendable {
  /// Probabilities, or logarithms if these were given.
  let values: [Double]
  let areLogarithms: Bool

  /// The predicted probability in each row.
  var probabilities: [Double] { areLogarithms ? values.map { Double.exp($0) } : values }
}

extension DistributionPairs {
  /// The results of `body` for each class with its predictions, in the order of `classes`.
  func mapClasses<Result: Sendable>(
    of classes: [Int], _ body: @Sendable (Int, ClassPredictions) -> Result
  ) -> [Result] {
    guard case .computed(let source) = predictions else {
      return threads.map(count: classes.count) { body(classes[$0], column(ofClass: classes[$0])) }
    }
    var results: [Result] = []
    for start in stride(from: 0, to: classes.count, by: source.heldClasses) {
      let held = Array(classes[start...].prefix(source.heldClasses))
      let logs = source.logProbabilities(ofClasses: held, threads: threads)
      results += threads.map(count: held.count) {
        body(held[$0], ClassPredictions(values: logs.column($0), areLogarithms: true))
      }
    }
    return results
  }

  /// The predictions of a class that are held.
  private func column(ofClass index: Int) -> ClassPredictions {
    switch predictions {
    case .probabilities(let values):
      ClassPredictions(values: values.column(index), areLogarithms: false)
    case .logProbabilities(let values):
      ClassPredictions(values: values.column(index), areLogarithms: true)
    case .constant(let values):
      ClassPredictions(
        values: [Double](repeating: values[index], count: rowCount), areLogarithms: false)
    case .computed(let source):
      ClassPredictions(
        values: source.logProbabilities(ofClasses: [index], threads: threads).column(0),
        areLogarithms: true)
    }
  }
}
