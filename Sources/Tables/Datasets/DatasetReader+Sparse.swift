import SurprisalDatasets
import SurprisalLinearAlgebra

extension DatasetReader {
  /// The features of a LIBSVM file; nil for a table.
  func sparseFeatures(of table: Table, _ selection: RowSelection) throws -> Features? {
    guard let data = table.sparse else { return nil }
    let features =
      try roles.inputs.map {
        try data.features(for: $0, file: table.source, ignoringUnseen: roles.ignoresUnseen)
      } ?? chosenFeatures(of: data)
    let selected = selection.rows.map { features.selecting(rows: $0) } ?? features
    return roles.inputs == nil ? selected.storedSuitably() : selected
  }

  /// A warning about rows with a query identifier.
  func queries(_ table: Table) -> [DataWarning] {
    guard let count = table.sparse?.queryCount, count > 0 else { return [] }
    return [.queries(rows: count)]
  }

  private func chosenFeatures(of data: LIBSVMData) -> Features {
    let names = data.featureNames
    let matrix = BlockedMatrix(data.entries, columnCount: data.columnCount)
    guard roles.features != nil || roles.ignored != nil else {
      return Features(trusting: matrix, encoding: FeatureEncoding(numbers: names))
    }
    let chosen = names.indices.filter { index in
      roles.ignored?.matches(names[index]) != true
        && roles.features?.matches(names[index]) ?? true
    }
    return Features(
      trusting: matrix.selecting(columns: chosen),
      encoding: FeatureEncoding(numbers: chosen.map { names[$0] }))
  }
}

extension LIBSVMData {
  /// The features in a model's order: an index denotes the feature with that name.
  ///
  /// Throws `model.features` for an index beyond those of the model, unless these are left out, and
  /// `libsvm.base` for index 0 if the model counts from 1: then all indices are shifted, and
  /// leaving out the first would hide that. Complexity: O(entries + D).
  package func features(
    for inputs: ModelInputs, file: String, ignoringUnseen: Bool
  ) throws(FileError) -> Features {
    let places = try places(of: inputs, file: file)
    try requireSameBase(places, file: file)
    if !ignoringUnseen, let largest = places.keys.max() {
      try requireKnown(upTo: largest, file: file)
    }
    let map = (0..<columnCount).map { places[$0 + firstIndex] }
    let isIdentity = map.enumerated().allSatisfy { $0.offset == $0.element.map(Int.init) }
    let rows = isIdentity ? entries : entries.mapping(columns: map)
    return Features(
      trusting: BlockedMatrix(rows, columnCount: inputs.columns.count),
      encoding: FeatureEncoding(numbers: inputs.columns.map(\.name)))
  }

  /// The input for each index.
  private func places(
    of inputs: ModelInputs, file: String
  ) throws(FileError) -> [Int: UInt32] {
    var result: [Int: UInt32] = [:]
    for (column, input) in inputs.columns.enumerated() {
      guard !input.isText, let index = Self.index(of: input.name) else {
        throw .sparse(file: file, line: 1, .notAnIndex(feature: input.name))
      }
      result[index] = UInt32(clamping: column)
    }
    return result
  }

  private func requireSameBase(
    _ places: [Int: UInt32], file: String
  ) throws(FileError) {
    guard firstIndex == 0, places[0] == nil, places[1] != nil else { return }
    for row in 0..<rowCount {
      guard let first = entries.entries(ofRow: row).first, entries.columns[first] == 0 else {
        continue
      }
      throw .sparse(file: file, line: line(ofRow: row), .base)
    }
  }

  private func requireKnown(upTo largest: Int, file: String) throws(FileError) {
    for row in 0..<rowCount {
      guard let last = entries.entries(ofRow: row).last else { continue }
      let index = Int(entries.columns[last]) + firstIndex
      guard index <= largest else {
        throw .sparse(
          file: file, line: line(ofRow: row), .unseen(index: index, largest: largest))
      }
    }
  }

  /// The number in a name: 12 for `f12`.
  private static func index(of name: String) -> Int? {
    let digits = name.dropFirst()
    guard name.first == "f", digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
  }
}

extension CompressedRows {
  /// Moves each column to its place; leaves out those without a place.
  fileprivate func mapping(columns places: [UInt32?]) -> CompressedRows {
    var result = CompressedRows()
    result.reserve(rows: rowCount, entries: entryCount)
    for row in 0..<rowCount {
      let moved = entries(ofRow: row).compactMap { entry in
        places[Int(columns[entry])].map { ($0, values[entry]) }
      }.sorted { $0.0 < $1.0 }
      result.append(columns: moved.map(\.0), values: moved.map(\.1))
    }
    return result
  }
}

extension Features {
  /// The features, stored densely if at least a quarter of the entries are nonzero: that takes no
  /// more memory, is faster, and allows centring.
  package func storedSuitably() -> Features {
    guard let entries = matrix.compressedRows else { return self }
    let (cells, overflow) = matrix.rowCount.multipliedReportingOverflow(by: matrix.columnCount)
    guard !overflow, cells <= 1 << 26, entries.entryCount >= cells / 4 else { return self }
    return Features(trusting: matrix.stored(as: .double), encoding: encoding)
  }
}
