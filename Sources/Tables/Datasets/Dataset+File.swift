import SurprisalDatasets

extension Dataset {
  /// Reads a CSV, TSV or NPY file; every column that is not a label is a feature.
  ///
  /// For other roles of columns, use `DatasetReader` with a `ColumnRoles`. Throws a `LocatedError`
  /// with file, line and column.
  public init(contentsOf path: String, labels: LabelColumns) throws {
    self = try DatasetReader(roles: ColumnRoles(labels: labels)).read(InputFile(path)).dataset
  }
}
