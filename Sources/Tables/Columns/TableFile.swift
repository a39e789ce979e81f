import SurprisalDatasets
import SurprisalLinearAlgebra

/// A file that holds a table, in any format: the one set in the options, otherwise NPY or LIBSVM by
/// the name's extension, otherwise delimited text.
public struct TableFile: Sendable {
  /// The file.
  public let file: InputFile
  /// How delimited text is read.
  public let options: DelimitedOptions

  /// A file.
  public init(_ file: InputFile, options: DelimitedOptions = DelimitedOptions()) {
    self.file = file
    self.options = options
  }

  /// The format.
  public var format: TableFormat {
    options.format ?? TableFormat(fileExtension: file.fileExtension)
  }

  /// Whether it is a NumPy array.
  public var isArray: Bool { format == .npy }

  /// Whether it has the LIBSVM format.
  public var isSparse: Bool { format == .libsvm }

  /// Reads a LIBSVM file. Throws as `LIBSVMReader` does, and `usage` if a number denotes missing
  /// cells: entries that are not in the file are zeros.
  package func readSparse() throws(FileError) -> LIBSVMData {
    if let token = options.missing.firstNumber(options.numbers) {
      throw .missingNumber(file: file.name, token: token)
    }
    var reader = LIBSVMReader()
    reader.indexLimit = options.columnLimit
    reader.memoryBudget = options.memoryBudget
    reader.threads = options.threads
    reader.leastShared = options.leastShared
    reader.badRows = options.badRows
    return try reader.read(file)
  }

  /// The bytes of the rows with these numbers, from 1, as in the file; none of an array, which is
  /// not text. Throws the errors of files.
  public func records(_ numbers: Set<Int>) throws(FileError) -> [Int: [UInt8]] {
    if isArray { return [:] }
    return isSparse
      ? try LIBSVMReader().records(numbers, of: file)
      : try DelimitedReader(options: options).records(numbers, of: file)
  }

  /// Reads the columns; `isLabels` determines the names of an array's columns: `0`, `1`, ... for
  /// labels and `f1`, `f2`, ... for features. `header` is called with all names before `columns`.
  /// Columns that are `contiguous` are columns of one matrix.
  public func read(
    isLabels: Bool = false, header: ([String]) -> Void = { _ in },
    contiguous isContiguous: (String) -> Bool = { _ in false },
    columns: (String) -> ColumnType
  ) throws(FileError) -> Table {
    if isSparse {
      let data = try readSparse()
      header(data.featureNames)
      return Table(data, source: file.name, columns: columns)
    }
    guard isArray else {
      return try DelimitedReader(options: options).read(
        file.open(), fileExtension: format.rawValue, header: header, contiguous: isContiguous,
        columns: columns)
    }
    var reader = NPYReader()
    reader.columnLimit = options.columnLimit
    reader.memoryBudget = options.memoryBudget
    reader.threads = options.threads
    reader.isLabels = isLabels
    reader.storage = isLabels ? .double : options.contiguousStorage
    reader.missing = options.missing
    let array = try reader.read(file)
    let names = (0..<array.columnCount).map { isLabels ? "\($0)" : "f\($0 + 1)" }
    header(names)
    return Table(
      array, source: file.name, names: names,
      missing: options.missing.elements(options.numbers), columns: columns)
  }
}

extension Table {
  /// An array as a table; its rows are the lines 1, 2, ... The numbers in `missing`, and NaN, are
  /// missing cells.
  init(
    _ array: NPYArray, source: String, names: [String], missing: [Double] = [],
    columns: (String) -> ColumnType
  ) {
    var lines = LineIndex()
    lines.append(lines: array.rowCount, from: 1)
    let wanted = names.indices.compactMap { index -> Column? in
      let type = columns(names[index])
      if type == .ignore { return nil }
      if let texts = array.texts?[index] {
        return Column(
          name: names[index], position: index + 1,
          cells: .texts(levels: texts.encoder.levels, codes: texts.codes),
          levelKinds: texts.encoder.kinds)
      }
      let numbers = Column(array, index, name: names[index]).withoutNumbers(missing)
      guard case .numbers(let values, _) = numbers.cells,
        type == .text
          || array.oddRows(ofColumn: index).contains(where: { values[$0].isInfinite })
      else { return numbers }
      return Column(
        name: names[index], position: index + 1, textsOf: values.array,
        areWhole: type == .text && values.allSatisfy { $0.rounded() == $0 || $0.isNaN })
    }
    self.init(
      source: source, rowCount: array.rowCount, columns: wanted, rejectedRowCount: 0, lines: lines)
    hasNames = false
  }
}

extension Column {
  /// A column of an array of numbers, in which NaN is a missing cell.
  fileprivate init(_ array: NPYArray, _ index: Int, name: String) {
    let values = Numbers(array.matrix, column: index)
    let missing = array.oddRows(ofColumn: index).filter { values[$0].isNaN }
    self.init(name: name, position: index + 1, cells: .numbers(values, missing: missing))
  }

  /// The numbers of an array as texts.
  fileprivate init(name: String, position: Int, textsOf values: [Double], areWhole: Bool) {
    var levels: [String] = []
    var positions: [String: Int32] = [:]
    var kinds: [NonNumber.Kind?] = []
    let codes = values.map { value -> Int32 in
      if value.isNaN { return -1 }
      let text = areWhole ? Int(exactly: value).map(String.init) ?? "\(value)" : "\(value)"
      if let known = positions[text] { return known }
      let code = Int32(clamping: levels.count)
      positions[text] = code
      levels.append(text)
      kinds.append(value.isInfinite ? .infinite : nil)
      return code
    }
    self.init(
      name: name, position: position, cells: .texts(levels: levels, codes: codes),
      levelKinds: kinds)
  }
}

/// The formats of tables.
public enum TableFormat: String, Sendable, CaseIterable {
  /// Text with commas between the fields.
  case csv
  /// Text with tabs between the fields.
  case tsv
  /// A NumPy array.
  case npy
  /// A label, then `index:value` for each feature that is not zero.
  case libsvm
  /// One JSON object per line; supported by `predict` only, which reads it with `JSONLines`.
  case ndjson

  /// The format for a file extension; delimited text if the extension is unknown.
  public init(fileExtension: String) {
    switch fileExtension {
    case "npy": self = .npy
    case "libsvm", "svm", "svmlight": self = .libsvm
    case "tsv", "tab": self = .tsv
    case "ndjson", "jsonl": self = .ndjson
    default: self = .csv
    }
  }
}
