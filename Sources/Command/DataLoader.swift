import Surprisal

/// Reads a data set according to the options.
struct DataLoader {
  let labels: LabelOptions
  let features: FeatureOptions
  let table: TableOptions
  let threads: ThreadCount
  /// Collects the skipped rows.
  let collector: RejectCollector

  /// The data of a file; `adjust` may change the column roles before they are used.
  func load(
    _ file: InputFile, labels columns: LabelColumns, adjust: (inout ColumnRoles) -> Void = { _ in }
  ) throws -> LoadedData {
    let reader = try reader(file, labels: columns, adjust: adjust)
    let loaded = try reader.read(file)
    try collector.add(rowsLeftOutOf: loaded, file, reader.delimited)
    return loaded
  }

  /// A reader for a file.
  func reader(
    _ file: InputFile, labels columns: LabelColumns, adjust: (inout ColumnRoles) -> Void = { _ in }
  ) throws -> DatasetReader {
    try table.checkStorage(of: file)
    var layout = ColumnRoles(labels: columns)
    layout.featureStorage = table.featureStorage
    try labels.apply(to: &layout)
    features.apply(to: &layout)
    adjust(&layout)
    return DatasetReader(
      roles: layout, delimited: table.delimited(collecting: collector, threads: threads))
  }
}
