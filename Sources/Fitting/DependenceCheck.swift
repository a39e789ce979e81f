import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra

/// Counts the rows to be predicted in which columns part that were combinations of each other in
/// all rows of the fit.
public struct DependenceCheck: Sendable {
  private let encoding: FeatureEncoding
  private let dependencies: [ColumnDependencies.Aliased]
  private var rowCount = 0
  private var brokenCount = 0
  private var first: ColumnDependencies.Aliased?

  /// A check of no rows yet; nil for a model without such columns.
  public init?(of model: FittedModel) {
    guard !model.record.dependencies.isEmpty else { return nil }
    dependencies = model.record.dependencies
    encoding = model.classifier.encoding
  }

  /// Checks some rows, and returns them encoded. Throws `DatasetError` for columns that cannot be.
  public mutating func add(_ columns: consuming Columns) throws(DatasetError) -> Columns {
    let features = try columns.encoded(as: encoding)
    rowCount += features.rowCount
    for index in 0..<features.rowCount {
      let row = features.matrix.row(index)
      guard let broken = dependencies.first(where: { !$0.holds(in: row) }) else { continue }
      brokenCount += 1
      first = first ?? broken
    }
    return Columns(features)
  }

  /// What a user should know of the rows; nil if the dependences hold in all of them.
  public var warning: FitWarning? {
    first.map {
      .brokenDependence(
        rows: brokenCount, of: rowCount, equation: $0.equation(columnNames: encoding.columnNames))
    }
  }
}
