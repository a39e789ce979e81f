import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalTables

/// The rows of a fit with their diagnostics as CSV, with the column names of the R package broom.
public struct AugmentTable: Sendable {
  private let rows: [RowDiagnostic]
  private let numbers: [Int]
  private let classNames: [String]

  /// The table of the rows of a fit, with their numbers in the file.
  ///
  /// Throws `DatasetError.rowMismatch` unless there is one number per row and one name per class.
  public init(
    _ rows: [RowDiagnostic], numbers: [Int], classNames: [String]
  ) throws(DatasetError) {
    try DatasetError.require("row numbers", numbers.count, equals: rows.count)
    for row in rows {
      try DatasetError.require("class names", classNames.count, equals: row.fitted.count)
    }
    self.rows = rows
    self.numbers = numbers
    self.classNames = classNames
  }

  /// One line per row: its number, `.fitted` of the second of two classes, or `.fitted_<class>` for
  /// each of several; `.resid` and `.pearson`, `.hat` and `.cooksd`; `.quantile`, or
  /// `.quantile_<class>`. Missing values are `NA`.
  public var text: String {
    let writer = DelimitedWriter()
    func cell(_ value: Double?) -> String {
      value.flatMap { $0.isFinite ? writer.field($0) : nil } ?? "NA"
    }
    let isBinary = classNames.count == 2
    let head =
      ["row"] + (isBinary ? [".fitted"] : classNames.map { ".fitted_\($0)" })
      + [".resid", ".pearson", ".hat", ".cooksd"]
      + (isBinary ? [".quantile"] : classNames.map { ".quantile_\($0)" })
    let lines = zip(numbers, rows).map { number, row in
      (["\(number)"] + (isBinary ? [row.fitted[1]] : row.fitted).map(cell)
        + [
          cell(row.devianceResidual), cell(row.pearsonResidual), cell(row.leverage),
          cell(row.cooksDistance),
        ]
        + classNames.indices.dropFirst(isBinary ? 1 : 0).map { cell(row.quantileResiduals?[$0]) })
        .joined(separator: ",")
    }
    return ([head.map { writer.field($0) }.joined(separator: ",")] + lines)
      .joined(separator: "\n") + "\n"
  }
}
