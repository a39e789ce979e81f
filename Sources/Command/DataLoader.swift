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
    for path in labels.files { try table.requireTable(InputFile(path)) }
    var layout = ColumnRoles(labels: columns)
    layout.featureStorage = table.featureStorage
    try labels.apply(to: &layout)
    features.apply(to: &layout)
    adjust(&layout)
    return DatasetReader(
      roles: layout, delimited: table.delimited(collecting: collector, threads: threads))
  }
}

extension LoadedData {
  /// Checks the labels of a validation file, whose rows are not those of the data.
  func requireResponses(to likelihood: some Likelihood) throws {
    do {
      try dataset.requireResponses(to: likelihood)
    } catch {
      throw DataDiagnosis(error, in: source)
    }
  }

  /// The features named by each `--test`. Throws `column.missing` for unknown names.
  func testedColumns(_ texts: [String]) throws -> [[String]] {
    let names = dataset.features.encoding.testableNames
    return try texts.map { text in
      let pattern = ColumnPattern(text)
      let chosen = names.filter { pattern.matches($0) }
      if let unknown = chosen.isEmpty ? text : pattern.unmatched(among: names).first {
        throw DataDiagnosis(.testedColumn(unknown, available: names), in: source)
      }
      return chosen
    }
  }
}

extension FitRecord {
  /// Whether the fit has no problems, as `--strict` requires.
  func isClean(_ notices: [DataWarning]) -> Bool {
    isFinished && !notices.contains { $0.dropsRows } && existence != "undecided"
      && !coefficients.contains { $0.state != .estimated }
  }
}
