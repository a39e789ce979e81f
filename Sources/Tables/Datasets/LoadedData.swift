import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra

/// A data set with what is known of the file it came from.
public struct LoadedData: Sendable {
  /// The data.
  public var dataset: Dataset
  /// Names and places, for errors that the data raise later.
  public var source: DataSource
  /// The columns that a model predicts from, if the roles name its inputs.
  public var columns: Columns?
  /// What was noticed and is no error.
  public var warnings: [DataWarning]
  /// Which rows belong together, where the roles names a column that says so.
  public var clusters: Clusters?
  /// The votes on each row, if the labels are votes.
  public var votes: Votes?
  /// The key of each row, where the roles names a column that joins files.
  public var keys: [String]?
  /// The rows of the data file, whatever became of them.
  public var fileRowCount: Int
}

extension LoadedData {
  /// The data set, given away: what is left holds one without features, so that whoever gets it can
  /// change the features in place.
  public mutating func takeDataset() -> Dataset {
    let taken = dataset
    dataset.features = Features(
      matrix: BlockedMatrix(rowCount: taken.rowCount, columnCount: 0),
      encoding: FeatureEncoding(numbers: []))
    return taken
  }
}

extension LoadedData {
  /// The columns that a model predicts from; none if the roles do not name its inputs.
  public func requireColumns() -> Columns {
    columns ?? Columns([], rowCount: dataset.rowCount)
  }
}

/// What was noticed while data were read.
public enum DataWarning: Sendable, Equatable {
  /// Rows were left out.
  case leftOut(LeftOutRows)
  /// Cells with levels that the model was not trained on are taken as the base level.
  case unseenLevels(cells: Int, columns: [String])
  /// Empty cells got a substitute.
  case substituted(cells: Int, columns: [String])
  /// Class names that differ by spaces or by the way a number is written.
  case similarClasses([String])
  /// Rows of a LIBSVM file name a query, which is not used.
  case queries(rows: Int)
  /// Counts with fractions are taken as weights.
  case fractionalCounts(cells: Int)
  /// The column of the clusters is no feature, since nobody named it as one.
  case clusterLeft(column: String)
  /// The first column has names of rows and is not read, unless it was named as a key or cluster.
  case rowNames(file: String, column: String)
  /// Columns without a name, at these positions from 1, are not read.
  case unnamedColumns(file: String, [Int])
  /// What a column was taken for, and what else it may be.
  case kind(ColumnKind, column: String)
  /// A text column nearly all of whose cells differ.
  case identifier(column: String, levels: Int, rows: Int)
  /// So many items of a file of votes are no rows of the data.
  case itemsWithoutRows(Int)
  /// Rows that look like votes of annotators, one a row.
  case votes(item: String, annotator: String, label: String)
  /// Classes count as much as their weights say, in the order of the classes.
  case weightedClasses([String], [Double])

  /// Whether rows of the file are not in the data.
  public var dropsRows: Bool {
    switch self {
    case .leftOut(let rows): rows.reason != .withoutVotes
    case .itemsWithoutRows: true
    default: false
    }
  }
}

/// Where the rows and columns of a data set stand in files.
public struct DataSource: Sendable {
  /// The name of the data file.
  public var file: String
  /// The name of the file with the labels.
  public var labelFile: String
  /// What the label columns are; nil if there are none.
  public var labelRole: ColumnRole?
  /// The label columns, one a class unless there is a single one.
  public var labelColumns: [String]
  /// The classes.
  public var classNames: [String]
  /// The row of the table, from 0, of each row of the data set; nil where nothing was left out.
  public var rows: [Int]?
  /// How many rows the data set has; nil where that is not known.
  public var rowCount: Int?
  /// Whether features are read for a model that is there already.
  public var usesModel = false
  /// How far from 1 the probabilities of a row may sum.
  public var sumTolerance = 1e-5
  /// Whether the labels are given as shares of votes.
  public var labelsAreShares = false
  /// Whether rows stand in lines.
  package var isFile = true
  /// Rows of the file before those of the table, where it is read in batches.
  public var rowOffset = 0
  /// From a row of the table to its number in what was read of the file, from 1.
  public var number: @Sendable (Int) -> Int = { $0 + 1 }
  /// From a row of the table to a line of the file.
  public var line: @Sendable (Int) -> Int
  /// The same for the label file.
  public var labelLine: @Sendable (Int) -> Int

  /// A source without labels: a table whose rows are all used.
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

  /// Arrays of a caller, whose rows count from 0 and have no lines.
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

  /// `row 17`.
  package func shortPlace(ofRow row: Int) -> String {
    let tableRow = rows.map { $0.indices.contains(row) ? $0[row] : row } ?? row
    return "row \(rowOffset + number(tableRow))"
  }

  /// `row 17 (faces.csv, line 18)`.
  package func place(ofRow row: Int, inLabels: Bool) -> String {
    if !isFile { return shortPlace(ofRow: row) }
    let tableRow = rows.map { $0.indices.contains(row) ? $0[row] : row } ?? row
    let (name, line) = inLabels ? (labelFile, labelLine) : (file, line)
    return "row \(rowOffset + number(tableRow)) (\(EscapedText(name).text), line \(line(tableRow)))"
  }
}
