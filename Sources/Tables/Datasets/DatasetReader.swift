import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Reads a file into a data set: assigns roles to columns and checks every row.
public struct DatasetReader: Sendable {
  /// The roles of the columns.
  public var roles: ColumnRoles
  /// How delimited text is read.
  public var delimited: DelimitedOptions

  /// A reader for the given roles.
  public init(roles: ColumnRoles, delimited: DelimitedOptions = DelimitedOptions()) {
    self.roles = roles
    self.delimited = delimited
  }

  /// Reads a CSV, TSV, NPY or LIBSVM file.
  ///
  /// Throws `FileError`, `LabelColumnError` and `DataDiagnosis`, each a `LocatedError` with
  /// file, line and column.
  public func read(_ file: InputFile) throws -> LoadedData {
    var reader = self
    let tables = try reader.readTables(file)
    return try reader.load(tables)
  }

  /// Reads the table with the features and the one with the labels, without validating them against
  /// the roles. Ranges of columns in the roles are resolved. Throws `FileError`, and
  /// `LabelColumnError.rowMismatch`.
  public mutating func readTables(_ file: InputFile) throws -> TableSet {
    var names: [String] = []
    var options = delimited
    options.contiguousStorage = roles.featureStorage
    var roles = roles
    defer { self.roles = roles }
    let data = try TableFile(file, options: options).read(
      header: { roles.resolveRanges(among: $0) }, contiguous: { roles.isFeature($0) },
      columns: { name in
        names.append(name)
        return roles.columnType(of: name)
      })
    names += data.sparse?.featureNames ?? []
    guard let labelFile = roles.labelFile else {
      return TableSet(data: data, labels: data, names: names, labelNames: names)
    }
    var labelNames: [String] = []
    let known = Set(names)
    options.format = nil
    options.allowsIndexHeader = true
    let labels = try TableFile(labelFile, options: options).read(
      isLabels: true,
      header: { names in
        roles.labels.resolveRanges(among: names)
        roles.resolveRangesBesideFeatures(among: names)
      },
      columns: { name in
        labelNames.append(name)
        if roles.labels.matches(name) { return roles.labelType(of: name) }
        if name == roles.key { return .text }
        return known.contains(name) ? .ignore : roles.columnTypeBesideLabels(of: name)
      })
    return try matched(data, labels, names: names, labelNames: labelNames)
  }

  /// The data set in tables, by the roles. Throws as `read` does.
  public func load(_ tables: consuming TableSet) throws -> LoadedData {
    var tables = tables
    try requireColumns(tables)
    try requireOneRole(tables)
    let keys = try roles.key.map { try tables.data.keys($0, among: tables.names) }
    var selection = RowSelection(rowCount: tables.data.rowCount, leftOut: tables.leftOut)
    let unseen = try leaveOutUnusable(&tables, &selection)
    try requireRows(selection, of: tables)
    var labels = try readLabels(tables, &selection)
    try requireRows(selection, of: tables)
    let source = source(of: tables, labels, selection)
    let noticed = columnWarnings(tables)
    tables.forget { roles.isOnlyLabel($0) }
    let rest = consume tables
    var loaded = try diagnosing(in: source) {
      try assemble(rest, labels: &labels, selection: selection, source: source)
    }
    loaded.keys = keys.map { selection.apply(to: $0) }
    loaded.votes = labels.cast
    loaded.warnings = noticed + loaded.warnings + unseen
    return loaded
  }

  /// Reads delimited text from memory; `name` is the file name in errors.
  public func read(text: String, name: String) throws -> LoadedData {
    var options = delimited
    options.contiguousStorage = roles.featureStorage
    var reader = self
    let table = try DelimitedReader(options: options).read(
      ByteSource(bytes: Array(text.utf8), name: name),
      header: { reader.roles.resolveRanges(among: $0) },
      contiguous: { reader.roles.isFeature($0) },
      columns: { reader.roles.columnType(of: $0) })
    return try reader.load(TableSet(data: table, labels: table))
  }

  /// Runs `body` and adds their place to faults of the data.
  func diagnosing<R>(in source: DataSource, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    } catch let error as LabelError {
      throw DataDiagnosis(.label(error), in: source)
    }
  }

  /// Checks that every named column exists.
  private func requireColumns(_ tables: TableSet) throws {
    let names =
      tables.data.columns.map(\.name) + (tables.data.sparse?.featureNames ?? [])
      + (roles.labelFile == nil ? [] : tables.labels.columns.map(\.name))
    let single = [
      (roles.weight, ColumnRole.weight), (roles.frequency, .frequency),
      (roles.cluster, .cluster(roles.clusterPurpose)), (roles.votesColumn, .votesPerRow),
    ]
    for (column, role) in single {
      guard let column, !names.contains(column) else { continue }
      throw missing(column, role, tables)
    }
    let patterns = [
      (roles.features, ColumnRole.features), (roles.offsets, .offset), (roles.texts, .texts),
      (roles.evidencePrior?.pattern, .evidencePrior),
    ]
    for (pattern, role) in patterns {
      guard let part = pattern?.unmatched(among: names).first else { continue }
      throw missing(part, role, tables)
    }
    if let end = roles.ignored?.missingEnds.first { throw missing(end, .ignored, tables) }
  }

  /// Checks that a column named as a feature, not only matched by a glob, has no other role.
  private func requireOneRole(_ tables: TableSet) throws {
    let names = Set(tables.data.columns.map(\.name))
    for column in roles.features?.namedColumns ?? [] where names.contains(column) {
      guard let role = roles.otherRole(of: column) else { continue }
      throw LabelColumnError.twoRoles(column, role: role, file: tables.data.source)
    }
  }

  private func missing(
    _ column: String, _ role: ColumnRole, _ tables: TableSet
  ) -> LabelColumnError {
    .missingColumn(
      column, role: role, file: tables.data.source,
      among: tables.names)
  }

  /// Checks that not all rows were left out.
  private func requireRows(_ selection: RowSelection, of tables: TableSet) throws {
    guard selection.count == 0 else { return }
    throw LabelColumnError.noRowsLeft(
      file: tables.data.source, reasons: selection.warnings)
  }

  func featureColumns(of tables: TableSet) -> [Column] {
    if tables.data.sparse != nil { return [] }
    return tables.data.columns.filter { roles.isFeature($0.name) }
  }

  private func source(
    of tables: TableSet, _ labels: ReadLabels, _ selection: RowSelection
  ) -> DataSource {
    // Capture the lines alone: keeping the places must not keep the numbers in memory.
    let (lines, labelLines) = (tables.data.lines, tables.labels.lines)
    var source = DataSource(
      file: tables.data.source, labelFile: tables.labels.source, labelRole: roles.labelRole,
      labelColumns: labels.columns, classNames: labels.classNames, rows: selection.rows,
      rowCount: selection.count,
      line: { lines.line(ofRow: $0) }, labelLine: { labelLines.line(ofRow: $0) })
    source.number = { lines.number(ofRow: $0) }
    source.usesModel = roles.inputs != nil
    source.sumTolerance = roles.sumTolerance
    source.labelsAreShares = roles.votesPerRow != nil
    return source
  }

  private func assemble(
    _ tables: TableSet, labels: inout ReadLabels, selection: RowSelection, source: DataSource
  ) throws -> LoadedData {
    let rowCount = selection.count
    var kind = try labels.takeLabels(roles, weights: rowWeights(tables, selection))
    if let temperature = roles.labelTemperature {
      kind.labels = try kind.labels.tempered(by: temperature)
    }
    if let epsilon = roles.labelSmoothing { kind.labels = try kind.labels.smoothed(by: epsilon) }
    kind.labels = try dividing(kind.labels, tables, labels.classNames, selection)
    let weighted = try weighClasses(&kind.labels, &kind.weights, labels.classNames)
    let columns = try featureColumns(of: tables).map { column in
      try requireFeature(column, in: tables.data)
      return selection.apply(to: column)
    }
    let inputs = try modelColumns(columns, of: tables.data, selection)
    let features =
      try inputs != nil
      ? Features(
        trusting: BlockedMatrix(rowCount: rowCount, columnCount: 0),
        encoding: FeatureEncoding(numbers: []))
      : sparseFeatures(of: tables.data, selection)
        ?? makeFeatures(columns, rowCount: rowCount, of: tables.data.source)
    let offsets = try readOffsets(
      table(with: roles.offsets, in: tables), classNames: labels.classNames, selection)
    let dataset = try Dataset(
      features: features, labels: kind.labels, classNames: labels.classNames,
      weights: kind.weights, offsets: offsets)
    let warnings =
      clusterWarnings(tables.data) + selection.warnings + labels.warnings + substitutions(columns)
      + queries(tables.data) + weighted
    return LoadedData(
      dataset: dataset, source: source, columns: inputs, warnings: warnings,
      clusters: try clusters(tables, selection), fileRowCount: tables.data.fileRowCount)
  }

  /// Applies the class weights of the roles.
  private func weighClasses(
    _ labels: inout Labels, _ weights: inout RowWeights, _ classNames: [String]
  ) throws -> [DataWarning] {
    guard let wanted = roles.classWeights else { return [] }
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
    _ columns: [Column], rowCount: Int, of file: String
  ) throws -> Features {
    var options = roles.encoding
    options.columnLimit = delimited.columnLimit
    let encoding = try FeatureEncoding(learning: columns, options: options)
    try requireMemory(designColumns: encoding.inputs.designColumnCount, rowCount, of: file)
    return Features(
      trusting: try encoding.design(
        of: columns, rowCount: rowCount, storage: roles.featureStorage),
      encoding: encoding)
  }

  /// The input columns of a model that predicts; nil if the features are those of a fit.
  private func modelColumns(
    _ columns: [Column], of table: Table, _ selection: RowSelection
  ) throws -> Columns? {
    guard let inputs = roles.inputs else { return nil }
    if let features = try sparseFeatures(of: table, selection) { return Columns(features) }
    for input in inputs.columns where !columns.contains(where: { $0.name == input.name }) {
      throw DatasetError.missingColumn(input.name, available: columns.map(\.name))
    }
    try requireMemory(
      designColumns: inputs.designColumnCount, selection.count, of: table.source)
    return Columns(trusting: columns, rowCount: selection.count, storage: roles.featureStorage)
  }

  /// Checks the memory for levels and products; numeric columns are in memory already.
  private func requireMemory(
    designColumns count: Int?, _ rowCount: Int, of file: String
  ) throws(FileError) {
    guard let count else { return }
    try delimited.memoryBudget.require(
      TableSize(
        rows: BlockedMatrix.paddedRowCount(rowCount), features: count,
        width: roles.featureStorage == .single ? 4 : 8),
      for: "the design matrix of \(file)")
  }

  private func substitutions(_ columns: [Column]) -> [DataWarning] {
    guard roles.encoding.missing == .mean || roles.encoding.missing == .indicator else {
      return []
    }
    let found = columns.map { ($0.name, $0.missingRows.count) }.filter { $0.1 > 0 }
    if found.isEmpty { return [] }
    return [.substituted(cells: found.reduce(0) { $0 + $1.1 }, columns: found.map(\.0))]
  }
}
