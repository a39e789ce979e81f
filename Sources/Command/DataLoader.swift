import Surprisal

/// Reads a data set as the options say.
struct DataLoader {
  let labels: LabelOptions
  let features: FeatureOptions
  let table: TableOptions
  let threads: ThreadCount

  /// The data of a file; `adjust` may change the layout before it is used.
  func load(
    _ file: InputFile, labels columns: LabelColumns, adjust: (inout ColumnRoles) -> Void = { _ in }
  ) throws -> LoadedData {
    let collector = RejectCollector()
    let reader = try reader(file, labels: columns, collecting: collector, adjust: adjust)
    let loaded = try reader.read(file)
    try collector.write(to: table.rejects)
    return loaded
  }

  /// A reader for a file; rows that are skipped go to `collector`.
  func reader(
    _ file: InputFile, labels columns: LabelColumns, collecting collector: RejectCollector,
    adjust: (inout ColumnRoles) -> Void = { _ in }
  ) throws -> DatasetReader {
    try table.checkStorage(of: file)
    var layout = ColumnRoles(labels: columns)
    layout.featureStorage = table.featureStorage
    try labels.apply(to: &layout)
    features.apply(to: &layout)
    adjust(&layout)
    try table.checkRejects(notSameAs: [file] + (layout.labelFile.map { [$0] } ?? []))
    if let labelFile = layout.labelFile, labelFile.isStandardInput, file.isStandardInput {
      throw UsageError(
        "the standard input was named twice", suggestion: "name a file for one of them")
    }
    return DatasetReader(
      roles: layout, delimited: table.delimited(collecting: collector, threads: threads))
  }
}
