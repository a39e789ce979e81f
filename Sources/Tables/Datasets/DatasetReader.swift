import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// From a file to a data set: which columns are what, checked row by row.
public struct DatasetReader: Sendable {
  /// What the columns are.
  public var layout: DataLayout
  /// How delimited text is read.
  public var delimited: DelimitedOptions

  /// A reader for one layout.
  public init(layout: DataLayout, delimited: DelimitedOptions = DelimitedOptions()) {
    self.layout = layout
    self.delimited = delimited
  }

  /// Reads a CSV, TSV, NPY or LIBSVM file.
  ///
  /// Throws `InterchangeError`, `LabelColumnError` and `DataDiagnosis`, each a `Diagnosable` with
  /// file, line and column.
  public func read(_ file: InputFile) throws -> LoadedData {
    try load(try readTables(file))
  }

  /// Reads the table with the features and the one with the labels, and takes nothing for granted
  /// that the layout says of them. Throws `InterchangeError`, and `LabelColumnError.rowMismatch`.
  public func readTables(_ file: InputFile) throws -> TableSet {
    var names: [String] = []
    var options = delimited
    options.gatheredStorage = layout.featureStorage
    let data = try TableFile(file, options: options).read(gathering: layout.isFeature(_:)) { name in
      names.append(name)
      return layout.reading(of: name)
    }
    names += data.sparse?.featureNames ?? []
    guard let labelFile = layout.labelFile else {
      return TableSet(data: data, labels: data, names: names, labelNames: names)
    }
    var labelNames: [String] = []
    let known = Set(names)
    options.format = nil
    let labels = try TableFile(labelFile, options: options).read(isLabels: true) { name in
      labelNames.append(name)
      if layout.labels.matches(name) { return layout.labelReading(of: name) }
      return known.contains(name) ? .ignore : layout.readingBesideLabels(of: name)
    }
    try requireSameRows(data, labels)
    return TableSet(data: data, labels: labels, names: names, labelNames: labelNames)
  }

  /// The data set that tables hold under the layout. Throws as `read` does.
  public func load(_ tables: consuming TableSet) throws -> LoadedData {
    try requireColumns(tables)
    try requireOnePart(tables)
    var selection = RowSelection(rowCount: tables.data.rowCount)
    selection.dropMissing(featureColumns(of: tables), policy: layout.encoding.missing)
    try requireRows(selection, of: tables)
    var labels = try readLabels(tables, &selection)
    try requireRows(selection, of: tables)
    let source = source(of: tables, labels, selection)
    tables.forget { layout.isOnlyLabel($0) }
    let rest = consume tables
    return try diagnosing(in: source) {
      try assemble(rest, labels: &labels, selection: selection, source: source)
    }
  }

  /// Reads delimited text that is in memory; `name` is what errors call it.
  public func read(text: String, name: String) throws -> LoadedData {
    var options = delimited
    options.gatheredStorage = layout.featureStorage
    let table = try DelimitedReader(options: options).read(
      ByteSource(bytes: Array(text.utf8), name: name), gathering: layout.isFeature(_:)
    ) { layout.reading(of: $0) }
    return try load(TableSet(data: table, labels: table))
  }

  /// Runs `body`, giving faults of the data their place.
  func diagnosing<R>(in source: DataSource, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    } catch let error as LabelError {
      throw DataDiagnosis(.label(error), in: source)
    }
  }

  /// Checks that everything that was named is there.
  private func requireColumns(_ tables: TableSet) throws {
    let names =
      tables.data.columns.map(\.name) + (tables.data.sparse?.featureNames ?? [])
      + (layout.labelFile == nil ? [] : tables.labels.columns.map(\.name))
    let single = [
      (layout.weight, "--weight"), (layout.frequency, "--frequency"),
      (layout.cluster, layout.clusterFlag),
    ]
    for (column, flag) in single {
      guard let column, !names.contains(column) else { continue }
      throw missing(column, flag, tables)
    }
    let patterns = [
      (layout.features, "--features"), (layout.offsets, "--offset"), (layout.texts, "--text"),
    ]
    for (pattern, flag) in patterns {
      guard let part = pattern?.unmatched(among: names).first else { continue }
      throw missing(part, flag, tables)
    }
  }

  /// A column that is named as a feature, not only matched by a glob, has no other part.
  private func requireOnePart(_ tables: TableSet) throws {
    let names = Set(tables.data.columns.map(\.name))
    for column in layout.features?.namedColumns ?? [] where names.contains(column) {
      guard let flag = layout.otherPart(of: column) else { continue }
      throw LabelColumnError.twoParts(column, flag: flag, file: tables.data.source)
    }
  }

  private func missing(
    _ column: String, _ flag: String, _ tables: TableSet
  ) -> LabelColumnError {
    .missingColumn(
      column, flag: flag, file: tables.data.source,
      among: tables.names)
  }

  /// Checks that not every row was left out.
  private func requireRows(_ selection: RowSelection, of tables: TableSet) throws {
    guard selection.count == 0 else { return }
    throw LabelColumnError.noRowsLeft(
      file: tables.data.source, reasons: selection.notices.map(\.message))
  }

  func featureColumns(of tables: TableSet) -> [TableColumn] {
    if tables.data.sparse != nil { return [] }
    return tables.data.columns.filter { layout.isFeature($0.name) }
  }

  private func source(
    of tables: TableSet, _ labels: ReadLabels, _ selection: RowSelection
  ) -> DataSource {
    // The lines alone: whoever keeps the places must not keep the numbers.
    let (lines, labelLines) = (tables.data.lines, tables.labels.lines)
    var source = DataSource(
      file: tables.data.source, labelFile: tables.labels.source, labelFlag: layout.labels.flag,
      labelColumns: labels.columns, classNames: labels.classNames, rows: selection.rows,
      rowCount: selection.count,
      line: { lines.line(ofRow: $0) }, labelLine: { labelLines.line(ofRow: $0) })
    source.number = { lines.number(ofRow: $0) }
    source.usesModel = layout.knownEncoding != nil
    source.sumTolerance = layout.sumTolerance
    return source
  }

  private func assemble(
    _ tables: TableSet, labels: inout ReadLabels, selection: RowSelection, source: DataSource
  ) throws -> LoadedData {
    let rowCount = selection.count
    var kind = try labels.takeLabels(layout, weights: rowWeights(tables, selection))
    if let temperature = layout.labelTemperature {
      kind.labels = try kind.labels.tempered(by: temperature)
    }
    if let epsilon = layout.labelSmoothing { kind.labels = try kind.labels.smoothed(by: epsilon) }
    let weighted = try weighClasses(&kind.labels, &kind.weights, labels.classNames)
    let columns = try featureColumns(of: tables).map { column in
      try requireFeature(column, in: tables.data)
      return selection.apply(to: FeatureColumn(column))
    }
    let features =
      try sparseFeatures(of: tables.data, selection)
      ?? makeFeatures(columns, rowCount: rowCount, of: tables.data.source)
    let offsets = try readOffsets(offsetTable(tables), classNames: labels.classNames, selection)
    let dataset = try Dataset(
      features: features, labels: kind.labels, classNames: labels.classNames,
      weights: kind.weights, offsets: offsets)
    let notices =
      selection.notices + labels.notices + substitutions(columns)
      + queries(tables.data) + weighted
      + (tables.data.rejectedRowCount > 0 ? [.rejected(rows: tables.data.rejectedRowCount)] : [])
    return LoadedData(
      dataset: dataset, source: source, notices: notices,
      clusters: try clusters(tables, selection))
  }

  /// Weighs the classes as the layout says.
  private func weighClasses(
    _ labels: inout Labels, _ weights: inout RowWeights, _ classNames: [String]
  ) throws -> [DataNotice] {
    guard let wanted = layout.classWeights else { return [] }
    if case .frequency = weights { throw LabelColumnError.weightedFrequencies }
    let unknown = wanted.unknownNames(among: classNames)
    guard unknown.isEmpty else {
      throw LabelColumnError.weightsOfUnknown(unknown, classes: classNames)
    }
    let values = wanted.values(classNames: classNames, labels: labels, weights: weights)
    let result = try labels.weightingClasses(by: values)
    labels = result.labels
    weights = try weights.multiplied(by: result.factors)
    return [.weightedClasses(classNames, values)]
  }

  private func makeFeatures(
    _ columns: [FeatureColumn], rowCount: Int, of file: String
  ) throws -> Features {
    var options = layout.encoding
    options.columnLimit = delimited.columnLimit
    let encoding =
      try layout.knownEncoding ?? FeatureEncoding(learning: columns, options: options)
    // Numbers alone are columns already; levels and products are columns still to be made.
    if !encoding.isPlain {
      try delimited.memoryBudget.require(
        TableSize(
          rows: BlockedMatrix.paddedRowCount(rowCount), features: encoding.columnCount,
          width: layout.featureStorage == .single ? 4 : 8),
        for: "the design matrix of \(file)")
    }
    return Features(
      matrix: try encoding.design(
        of: columns, rowCount: rowCount, storage: layout.featureStorage),
      encoding: encoding)
  }

  private func substitutions(_ columns: [FeatureColumn]) -> [DataNotice] {
    guard layout.encoding.missing == .mean || layout.encoding.missing == .indicator else {
      return []
    }
    let found = columns.map { ($0.name, $0.missingRows.count) }.filter { $0.1 > 0 }
    if found.isEmpty { return [] }
    return [.substituted(cells: found.reduce(0) { $0 + $1.1 }, columns: found.map(\.0))]
  }
}

extension FeatureColumn {
  /// A column of a table as a feature.
  package init(_ column: TableColumn) {
    switch column.cells {
    case .numbers(let values, let missing):
      self.init(name: column.name, finite: values, missing: missing)
    case .text(let levels, let codes, _, _):
      self.init(name: column.name, cells: .texts(levels: levels, codes: codes))
    }
  }
}
