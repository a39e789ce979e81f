import SurprisalDatasets
import SurprisalLinearAlgebra

extension DatasetReader {
  /// The features of a LIBSVM file; nil for a table.
  func sparseFeatures(of table: Table, _ selection: RowSelection) throws -> Features? {
    guard let data = table.sparse else { return nil }
    let features =
      try layout.knownEncoding.map {
        try data.features(as: $0, file: table.source, ignoringUnseen: layout.ignoresUnseen)
      } ?? chosenFeatures(of: data)
    let selected = selection.rows.map { features.selecting(rows: $0) } ?? features
    return layout.knownEncoding == nil ? selected.storedSuitably() : selected
  }

  /// A note of rows that name a query.
  func queries(_ table: Table) -> [DataNotice] {
    guard let count = table.sparse?.queryCount, count > 0 else { return [] }
    return [.queries(rows: count)]
  }

  private func chosenFeatures(of data: LIBSVMData) -> Features {
    let names = data.featureNames
    let matrix = BlockedMatrix(data.entries, columnCount: data.columnCount)
    guard layout.features != nil || layout.ignored != nil else {
      return Features(matrix: matrix, encoding: FeatureEncoding(numbers: names))
    }
    let chosen = names.indices.filter { index in
      layout.ignored?.matches(names[index]) != true
        && layout.features?.matches(names[index]) ?? true
    }
    return Features(
      matrix: matrix.selecting(columns: chosen),
      encoding: FeatureEncoding(numbers: chosen.map { names[$0] }))
  }
}

extension LIBSVMData {
  /// The features as a model has them: an index is the feature of that name.
  ///
  /// Throws `model.features` for an index beyond those of the model, unless these are left out, and
  /// `libsvm.base` for index 0 where the model counts from 1: then no index means what it did, and
  /// leaving out the first would hide that. Complexity: O(entries + D).
  package func features(
    as encoding: FeatureEncoding, file: String, ignoringUnseen: Bool
  ) throws(InterchangeError) -> Features {
    let places = try places(in: encoding, file: file)
    try requireSameBase(places, file: file)
    if !ignoringUnseen, let largest = places.keys.max() {
      try requireKnown(upTo: largest, file: file)
    }
    let map = (0..<columnCount).map { places[$0 + firstIndex] }
    let isPlain = map.enumerated().allSatisfy { $0.offset == $0.element.map(Int.init) }
    let rows = isPlain ? entries : entries.mapping(columns: map)
    return Features(
      matrix: BlockedMatrix(rows, columnCount: encoding.columnCount), encoding: encoding)
  }

  /// The design column of each index.
  private func places(
    in encoding: FeatureEncoding, file: String
  ) throws(InterchangeError) -> [Int: UInt32] {
    var result: [Int: UInt32] = [:]
    for (column, design) in encoding.columns.enumerated() {
      guard design.factors.count == 1, case .value(let source)? = design.factors.first,
        let index = Self.index(of: encoding.sources[source].name)
      else {
        let name = encoding.columnNames[column]
        throw .sparse(file: file, line: 1, .notAnIndex(feature: name))
      }
      result[index] = UInt32(clamping: column)
    }
    return result
  }

  private func requireSameBase(
    _ places: [Int: UInt32], file: String
  ) throws(InterchangeError) {
    guard firstIndex == 0, places[0] == nil, places[1] != nil else { return }
    for row in 0..<rowCount {
      guard let first = entries.entries(ofRow: row).first, entries.columns[first] == 0 else {
        continue
      }
      throw .sparse(file: file, line: line(ofRow: row), .base)
    }
  }

  private func requireKnown(upTo largest: Int, file: String) throws(InterchangeError) {
    for row in 0..<rowCount {
      guard let last = entries.entries(ofRow: row).last else { continue }
      let index = Int(entries.columns[last]) + firstIndex
      guard index <= largest else {
        throw .sparse(
          file: file, line: line(ofRow: row), .unseen(index: index, largest: largest))
      }
    }
  }

  /// 12 of `f12`.
  private static func index(of name: String) -> Int? {
    let digits = name.dropFirst()
    guard name.first == "f", digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
  }
}

extension CompressedRows {
  /// Each column moved to its place; those without one are left out.
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
  /// Where a good part of the entries is not zero, the matrix is stored in full: that is as small,
  /// faster, and can be centred.
  fileprivate func storedSuitably() -> Features {
    guard let entries = matrix.compressedRows else { return self }
    let (cells, overflow) = matrix.rowCount.multipliedReportingOverflow(by: matrix.columnCount)
    guard !overflow, cells <= 1 << 26, entries.entryCount >= cells / 4 else { return self }
    return Features(matrix: matrix.stored(as: .double), encoding: encoding)
  }
}
