import Surprisal

/// Reads a data set as the options say.
struct DataLoader {
  let labels: LabelOptions
  let features: FeatureOptions
  let table: TableOptions

  /// The data of a file; `adjust` may change the layout before it is used.
  func load(
    _ file: InputFile, labels columns: LabelColumns, adjust: (inout DataLayout) -> Void = { _ in }
  ) throws -> LoadedData {
    var layout = DataLayout(labels: columns)
    labels.apply(to: &layout)
    features.apply(to: &layout)
    adjust(&layout)
    if let labelFile = layout.labelFile, labelFile.isStandardInput, file.isStandardInput {
      throw UsageError("the standard input was named twice", cure: "name a file for one of them")
    }
    let collector = RejectCollector()
    let reader = DatasetReader(layout: layout, delimited: table.delimited(collecting: collector))
    let loaded = try reader.read(file)
    try collector.write(to: table.rejects)
    return loaded
  }
}
