import SurprisalDatasets

/// A fault of the data with the place where it was found.
public struct DataDiagnosis: Error, Sendable {
  /// The fault.
  public let error: DatasetError
  /// Where rows and columns stand.
  public let source: DataSource

  /// A fault found in the data of `source`.
  public init(_ error: DatasetError, in source: DataSource) {
    self.error = error
    self.source = source
  }
}
