import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra

/// Counts the rows to be predicted that break a linear dependence between columns which held in all
/// rows of the fit.
public struct DependenceCheck: Sendable {
  private let encoding: FeatureEncoding
  private let dependencies: [ColumnDependencies.Aliased]
  private var rowCount = 0
  private var brokenCount = 0
  private var first: ColumnDependencies.Aliased?

  /// A check without rows; nil for a model without dependent columns.
  public init?(of model: FittedModel) {
    guard !model.record.dependencies.isEmpty else { return nil }
    dependencies = model.record.dependencies
    encoding = model.classifier.encoding
  }

  /// Checks some rows, and returns them encoded. Throws `DatasetError` if the columns cannot be
  /// encoded.
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

  /// The warning about the checked rows; nil if the dependences hold in all of them.
  public var warning: FitWarning? {
    first.map {
      .brokenDependence(
        rows: brokenCount, of: rowCount, equation: $0.equation(columnNames: encoding.columnNames))
    }
  }
}
