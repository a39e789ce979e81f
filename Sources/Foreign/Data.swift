import SurprisalAnnotation
import SurprisalDatasets
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalProbability

extension surprisal_features {
  /// Features for a fit, with an encoding determined from them: of the rows with votes, if there
  /// are votes.
  func learned(votes: Votes? = nil, threads: ThreadCount) throws -> Features {
    let policy = try self.missing.map { try text($0, "missing") } ?? MissingPolicy.refuse.rawValue
    guard let policy = MissingPolicy(rawValue: policy), policy != .drop else {
      throw CallError.argument("missing cells are error, mean or indicator, not \(policy)")
    }
    let numeric = policy == .refuse ? try numericTable(threads) : nil
    if table == nil || numeric != nil {
      let matrix = try numeric?.matrix ?? numbers(threads)
      let names = try numeric?.names ?? columnNames(matrix.columnCount)
      try require(matrix, names)
      let features = Features(trusting: matrix, encoding: FeatureEncoding(numbers: names))
      let kept = try votes.flatMap { try requireItems(of: $0, features.rowCount) }
      return (kept.map { features.selecting(rows: $0) } ?? features).storedSuitably()
    }
    let (columns, rows) = try tableColumns()
    let options = FeatureEncoding.Options(missing: policy)
    guard let kept = try votes.flatMap({ try requireItems(of: $0, rows) }) else {
      return try Features(learning: columns, rowCount: rows, options: options)
    }
    do throws(DatasetError) {
      return try Features(
        learning: columns.map { $0.selecting(rows: kept) }, rowCount: kept.count, options: options)
    } catch {
      throw error.mappingRows(kept)
    }
  }

  /// The rows with votes; nil if all have some. Throws unless there is one item per row.
  private func requireItems(of votes: Votes, _ rowCount: Int) throws(DatasetError) -> [Int]? {
    guard votes.itemCount == rowCount else {
      throw .rowMismatch(what: "items of the votes", expected: rowCount, found: votes.itemCount)
    }
    return votes.votedRows
  }

  /// Columns for a prediction; a matrix without names has the names of the model's columns.
  func columns(for inputs: ModelInputs, threads: ThreadCount) throws -> Columns {
    if table != nil {
      let (columns, rows) = try tableColumns()
      return Columns(trusting: columns, rowCount: rows)
    }
    let matrix = try numbers(threads)
    let isNamed = self.names != nil
    if !isNamed {
      guard matrix.columnCount == inputs.columns.count else {
        throw DatasetError.rowMismatch(
          what: "columns of the features", expected: inputs.columns.count,
          found: matrix.columnCount)
      }
      if let input = inputs.columns.first(where: \.isText) {
        throw DatasetError.kind(
          column: input.name, expectsNumbers: false, row: 0, found: "a number")
      }
    }
    let names = isNamed ? try columnNames(matrix.columnCount) : inputs.columns.map(\.name)
    try require(matrix, names)
    return Columns(Features(trusting: matrix, encoding: FeatureEncoding(numbers: names)))
  }

  func numbers(_ threads: ThreadCount) throws -> BlockedMatrix {
    if let matrix, sparse == nil {
      return try matrix.pointee.blocked("features", keepsSingle: true, threads: threads)
    }
    if let sparse, matrix == nil { return try sparse.pointee.blocked("features") }
    throw CallError.argument("features are one of a matrix, a sparse matrix and a table")
  }

  /// A table without text as a matrix, copied once; nil for any other table.
  private func numericTable(
    _ threads: ThreadCount
  ) throws -> (matrix: BlockedMatrix, names: [String])? {
    guard let table, matrix == nil, sparse == nil, rows >= 0, columns > 0,
      columns <= Int64(Int32.max), (0..<Int(columns)).allSatisfy({ table[$0].levels == nil })
    else { return nil }
    try requireMemory(rows: Int(rows), columns: Int(columns), "features")
    let names = try (0..<Int(columns)).map { try text(table[$0].name, "the name of a column") }
    try requireDistinct(names)
    let matrices = try (0..<Int(columns)).map { index in
      let matrix = table[index].matrix(rows: rows)
      try matrix.validate("column \(names[index])")
      return matrix
    }
    return (Matrices(matrices).blocked(rows: Int(rows), threads: threads), names)
  }

  func columnNames(_ count: Int) throws -> [String] {
    guard let names else { return (0..<count).map { "f\($0 + 1)" } }
    let result = try texts(names, count: Int64(count), "names of the features")
    try requireDistinct(result)
    return result
  }

  private func requireDistinct(_ names: [String]) throws(DatasetError) {
    var seen = Set<String>()
    if let name = names.first(where: { !seen.insert($0).inserted }) { throw .duplicateColumn(name) }
  }

  func tableColumns() throws -> (columns: [Column], rows: Int) {
    guard let table, matrix == nil, sparse == nil, rows >= 0, columns >= 0,
      columns <= Int64(Int32.max)
    else { throw CallError.argument("features are one of a matrix, a sparse matrix and a table") }
    try requireMemory(rows: Int(rows), columns: Int(columns), "features")
    return (try (0..<Int(columns)).map { try table[$0].column(rows: Int(rows)) }, Int(rows))
  }

  /// Throws if cells are empty or infinite.
  private func require(_ matrix: BlockedMatrix, _ names: [String]) throws(DatasetError) {
    if let entries = matrix.compressedRows {
      guard let entry = entries.values.firstIndex(where: { !$0.isFinite }) else { return }
      let row = (entries.starts.firstIndex { $0 > entry } ?? 1) - 1
      try Self.throwFault(entries.values[entry], names[Int(entries.columns[entry])], row, 1)
    }
    for column in 0..<matrix.columnCount {
      var (fault, missing): ((row: Int, value: Double)?, Int) = (nil, 0)
      matrix.forEachSegment(ofColumn: column) { segment, rows in
        var faults: UInt64 = 0
        for value in segment { faults |= value.bitPattern & Self.exponent == Self.exponent ? 1 : 0 }
        guard faults != 0 else { return }
        for (offset, value) in segment.enumerated() where !value.isFinite {
          if value.isNaN { missing += 1 }
          if fault == nil { fault = (rows.lowerBound + offset, value) }
        }
      }
      if let fault { try Self.throwFault(fault.value, names[column], fault.row, missing) }
    }
  }

  private static let exponent: UInt64 = 0x7FF0_0000_0000_0000

  private static func throwFault(
    _ value: Double, _ column: String, _ row: Int, _ missing: Int
  ) throws(DatasetError) {
    guard value.isNaN else { throw .notFinite(column: column, row: row, value: value) }
    throw .missingCells([MissingCells(column: column, count: missing, firstRow: row)])
  }
}

extension surprisal_column {
  /// The values as a matrix of one column.
  func matrix(rows: Int64) -> surprisal_matrix {
    surprisal_matrix(
      values: values, type: type, rows: rows, columns: 1, row_stride: stride, column_stride: 1)
  }

  /// The column; equal level texts are merged.
  func column(rows: Int) throws -> Column {
    let name = try text(name, "the name of a column")
    let numbers = try matrix(rows: Int64(rows)).column("column \(name)", rows: rows)
    guard let levels else { return Column(name: name, numbers: Column.Numbers(numbers)) }
    let given = try texts(levels, count: level_count, "levels of \(name)")
    var (distinct, places): ([String], [String: Int32]) = ([], [:])
    let merged = given.map { level in
      if let place = places[level] { return place }
      places[level] = Int32(distinct.count)
      distinct.append(level)
      return Int32(distinct.count - 1)
    }
    let codes = try numbers.map { number in
      guard let code = Int(exactly: number), code < merged.count else {
        throw CallError.argument("column \(name): \(number) is not the place of a level")
      }
      return code < 0 ? -1 : merged[code]
    }
    return Column(name: name, words: distinct, codes: codes)
  }
}

extension surprisal_data {
  /// The class names used to interpret labels.
  func names(count: Int) throws -> [String] {
    guard let given = class_names else { return (0..<count).map(String.init) }
    let names = try texts(given, count: class_count, "names of the classes")
    guard Set(names).count == names.count else {
      throw CallError.argument("two classes have the same name")
    }
    return names
  }

  /// The labels with the names of the classes; `known` are those of a model.
  func responses(known: [String]? = nil) throws -> (labels: Labels, classNames: [String]) {
    guard let matrix = labels?.pointee else { throw CallError.argument("the labels are NULL") }
    if label_kind == Int32(SURPRISAL_CLASSES) {
      let indices = try matrix.column("labels", rows: Int(clamping: matrix.rows))
      let positions = try indices.enumerated().map { row, value in
        guard let index = Int(exactly: value) else {
          throw CallError.argument("labels: \(value) of row \(row) is not the place of a class")
        }
        return index
      }
      let most = positions.max() ?? 0
      guard class_names != nil || most < 1_000_000 else {
        throw CallError.argument("labels: there are not \(most) classes")
      }
      let names = try known ?? names(count: most + 1)
      return (.classes(try ClassIndices(positions, classCount: names.count)), names)
    }
    let names = try known ?? names(count: Int(clamping: matrix.columns))
    guard names.count == matrix.columns else {
      throw DatasetError.rowMismatch(
        what: "columns of the labels", expected: names.count, found: Int(matrix.columns))
    }
    let values = try matrix.blocked("labels")
    let labels: Labels
    do throws(LabelError) {
      switch label_kind {
      case Int32(SURPRISAL_PROBABILITIES): labels = .probabilities(try ClassProbabilities(values))
      case Int32(SURPRISAL_COUNTS): labels = .counts(try ClassCounts(values))
      case Int32(SURPRISAL_CANDIDATES): labels = .candidates(try CandidateSets(values))
      case Int32(SURPRISAL_EVIDENCE): labels = .evidence(try ClassEvidence(values))
      default: throw LabelError.noRows
      }
    } catch {
      guard (0...Int32(SURPRISAL_EVIDENCE)).contains(label_kind) else {
        throw CallError.argument("there is no kind \(label_kind) of labels")
      }
      throw ArrayFault(.label(error), classNames: names)
    }
    return (labels, names)
  }

  /// The weights of `rows` rows.
  func rowWeights(rows: Int) throws -> RowWeights {
    guard let values = try weights?.pointee.column("weights", rows: rows) else { return .uniform }
    return weights_are_frequencies != 0
      ? try .frequency(checking: values) : try .importance(checking: values)
  }

  /// The data set of features, labels, weights and offsets with the same rows.
  func dataset(_ features: Features) throws -> Dataset {
    let (labels, names) = try responses()
    return try Dataset(
      features: features, labels: labels, classNames: names,
      weights: rowWeights(rows: labels.rowCount),
      offsets: offsets.map { try $0.pointee.offsets(rows: labels.rowCount, classes: names.count) })
  }

  /// The clusters of the rows.
  func rowClusters(rows: Int) throws -> Clusters? {
    guard let values = try clusters?.pointee.column("clusters", rows: rows) else { return nil }
    return Clusters(
      values, name: try cluster_name.map { try text($0, "cluster_name") } ?? "cluster")
  }
}

extension surprisal_matrix {
  /// Offsets of the logits, checked to be finite.
  func offsets(rows: Int, classes: Int) throws -> BlockedMatrix {
    let matrix = try blocked("offsets")
    guard matrix.rowCount == rows, matrix.columnCount == classes else {
      throw CallError.argument(
        "offsets: \(matrix.rowCount) x \(matrix.columnCount), expected \(rows) x \(classes)")
    }
    for column in 0..<classes {
      guard matrix.column(column).allSatisfy(\.isFinite) else {
        throw CallError.argument("offsets: class \(column) has one that is not finite")
      }
    }
    return matrix
  }
}
