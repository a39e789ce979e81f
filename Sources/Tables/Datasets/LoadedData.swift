import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra

/// A data set with information about the file from which it was read.
public struct LoadedData: Sendable {
  /// The data.
  public var dataset: Dataset
  /// Names and places, for errors that the data raise later.
  public var source: DataSource
  /// The columns that a model predicts from, if the roles name its inputs.
  public var columns: Columns?
  /// Warnings from reading.
  public var warnings: [DataWarning]
  /// The clusters of rows, if the roles name a column of them.
  public var clusters: Clusters?
  /// The votes on each row, if the labels are votes.
  public var votes: Votes?
  /// The key of each row, if the roles name a column that joins files.
  public var keys: [String]?
  /// The number of rows in the data file, including those left out.
  public var fileRowCount: Int
}

extension LoadedData {
  /// Moves the data set out: what remains has no features, so that the caller can change the
  /// features in place.
  public mutating func takeDataset() -> Dataset {
    let taken = dataset
    dataset.features = Features(
      trusting: BlockedMatrix(rowCount: taken.rowCount, columnCount: 0),
      encoding: FeatureEncoding(numbers: []))
    return taken
  }
}

extension LoadedData {
  /// The columns that a model predicts from; none if the roles do not name its inputs.
  public func requireColumns() -> Columns {
    columns ?? Columns(trusting: [], rowCount: dataset.rowCount)
  }
}

/// A warning from reading data.
public enum DataWarning: Sendable, Equatable {
  /// Rows were left out.
  case leftOut(LeftOutRows)
  /// Cells with levels that the model was not trained on are treated as the base level.
  case unseenLevels(cells: Int, columns: [String])
  /// Empty cells got a substitute.
  case substituted(cells: Int, columns: [String])
  /// Class names that differ by spaces or by the way a number is written.
  case similarClasses([String])
  /// Rows of a LIBSVM file name a query, which is not used.
  case queries(rows: Int)
  /// Counts with fractions are treated as weights.
  case fractionalCounts(cells: Int)
  /// The column of clusters is not a feature, since it was not named as one.
  case clusterLeft(column: String)
  /// The first column has names of rows and is not read, unless it was named as a key or cluster.
  case rowNames(file: String, column: String)
  /// Columns without a name, at these positions from 1, are not read.
  case unnamedColumns(file: String, [Int])
  /// A column whose format suggests another type than the one it was read as.
  case kind(ColumnKind, column: String)
  /// A text column nearly all of whose cells differ.
  case identifier(column: String, levels: Int, rows: Int)
  /// The number of items of a file of votes that are not rows of the data.
  case itemsWithoutRows(Int)
  /// Rows that look like votes of annotators, one per row.
  case votes(item: String, annotator: String, label: String)
  /// The weights of the classes, in their order.
  case weightedClasses([String], [Double])

  /// Whether rows of the file are left out of the data.
  public var dropsRows: Bool {
    switch self {
    case .leftOut(let rows): rows.reason != .withoutVotes
    case .itemsWithoutRows: true
    default: false
    }
  }
}

/// Maps rows and columns of a data set to their places in files.
public struct DataSource: Sendable {
  /// The name of the data file.
  public var file: String
  /// The name of the file with the labels.
  public var labelFile: String
  /// The role of the label columns; nil if there are none.
  public var labelRole: ColumnRole?
  /// The label columns, one per class or a single one.
  public var labelColumns: [String]
  /// The classes.
  public var classNames: [String]
  /// The row of the table, from 0, of each row of the data set; nil if no rows were left out.
  public var rows: [Int]?
  /// The number of rows of the data set; nil if unknown.
  public var rowCount: Int?
  /// Whether features are read for an existing model.
  public var usesModel = false
  /// The largest permitted deviation of a row's sum of probabilities from 1.
  public var sumTolerance = 1e-5
  /// Whether the labels are given as shares of votes.
  public var labelsAreShares = false
  /// Whether the data come from a file, so that rows have line numbers.
  package var isFile = true
  /// The number of rows of the file before those of the table, if it is read in batches.
  public var rowOffset = 0
  /// Maps a row of the table to its number among the rows read from the file, from 1.
  public var number: @Sendable (Int) -> Int = { $0 + 1 }
  /// Maps a row of the table to a line of the file.
  public var line: @Sendable (Int) -> Int
  /// The same for the label file.
  public var labelLine: @Sendable (Int) -> Int

  /// A source without labels, for a table whose rows are all used.
  public init(table: Table, rowOffset: Int = 0) {
    file = table.source
    labelFile = table.source
    labelColumns = []
    classNames = []
    self.rowOffset = rowOffset
    let lines = table.lines
    number = { lines.number(ofRow: $0) }
    line = { lines.line(ofRow: $0) }
    labelLine = line
  }

  /// A source for a caller's arrays, whose rows count from 0 and have no lines.
  package init(arraysOf classNames: [String]) {
    self.init(
      file: "the data", labelFile: "the labels", labelRole: nil, labelColumns: [],
      classNames: classNames, rows: nil, line: { _ in 0 }, labelLine: { _ in 0 })
    number = { $0 }
    isFile = false
  }

  package init(
    file: String, labelFile: String, labelRole: ColumnRole?, labelColumns: [String],
    classNames: [String], rows: [Int]?, rowCount: Int? = nil,
    line: @escaping @Sendable (Int) -> Int,
    labelLine: @escaping @Sendable (Int) -> Int
  ) {
    self.file = file
    self.labelFile = labelFile
    self.labelRole = labelRole
    self.labelColumns = labelColumns
    self.classNames = classNames
    self.rows = rows
    self.rowCount = rowCount
    self.line = line
    self.labelLine = labelLine
  }

  /// The place of a row, such as `row 17`.
  package func shortPlace(ofRow row: Int) -> String {
    let tableRow = rows.map { $0.indices.contains(row) ? $0[row] : row } ?? row
    return "row \(rowOffset + number(tableRow))"
  }

  /// The place of a row, such as `row 17 (faces.csv, line 18)`.
  package func place(ofRow row: Int, inLabels: Bool) -> String {
    if !isFile { return shortPlace(ofRow: row) }
    let tableRow = rows.map { $0.indices.contains(row) ? $0[row] : row } ?? row
    let (name, line) = inLabels ? (labelFile, labelLine) : (file, line)
    if TableFormat(fileExtension: InputFile(name).fileExtension) == .npy {
      return "row \(rowOffset + number(tableRow)) (\(EscapedText(name).text))"
    }
    return "row \(rowOffset + number(tableRow)) (\(EscapedText(name).text), line \(line(tableRow)))"
  }
}
