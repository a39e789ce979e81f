import SurprisalDatasets
import SurprisalLinearAlgebra

/// A data set with what is known of the file it came from.
public struct LoadedData: Sendable {
  /// The data.
  public var dataset: Dataset
  /// Names and places, for errors that the data raise later.
  public var source: DataSource
  /// What was noticed and is no error.
  public var notices: [DataNotice]
  /// Which rows belong together, where the layout names a column that says so.
  public var clusters: Clusters?
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

/// What was noticed while data were read.
public enum DataNotice: Sendable, Equatable {
  /// Rows with empty cells were left out.
  case droppedMissing(rows: Int)
  /// Rows without label mass were left out.
  case droppedEmptyLabels(rows: Int)
  /// Rows that could not be read were left out.
  case rejected(rows: Int)
  /// Empty cells got a substitute.
  case substituted(cells: Int, columns: [String])
  /// Class names that differ by spaces or by the way a number is written.
  case similarClasses([String])
  /// Rows of a LIBSVM file name a query, which is not used.
  case queries(rows: Int)
  /// Counts with fractions are taken as weights.
  case fractionalCounts(cells: Int)
  /// Classes count as much as their weights say, in the order of the classes.
  case weightedClasses([String], [Double])

  /// Whether rows of the file are not in the data.
  public var dropsRows: Bool {
    switch self {
    case .droppedMissing, .droppedEmptyLabels, .rejected: true
    case .substituted, .similarClasses, .fractionalCounts, .queries, .weightedClasses: false
    }
  }

  /// The code word of the notice.
  public var code: String {
    switch self {
    case .droppedMissing, .substituted: "missing.cells"
    case .droppedEmptyLabels: "label.empty"
    case .rejected: "rows.rejected"
    case .similarClasses: "label.similar"
    case .fractionalCounts: "label.fractional"
    case .queries: "libsvm.qid"
    case .weightedClasses: "label.weighted"
    }
  }

  /// The notice as a sentence.
  public var message: String {
    switch self {
    case .droppedMissing(let rows): Self.leftOut(rows, "with empty cells")
    case .droppedEmptyLabels(let rows): Self.leftOut(rows, "without any label mass")
    case .rejected(let rows): Self.leftOut(rows, "that could not be read")
    case .substituted(let cells, let columns):
      "\(cells) empty cells in \(columns.map { Excerpt($0).description }.joined(separator: ", ")) "
        + "got a substitute"
    case .similarClasses(let names):
      "these classes are kept apart though their names are alike: "
        + names.map { Excerpt($0).description }.joined(separator: ", ")
    case .fractionalCounts(let cells):
      "\(cells) counts are not whole numbers: they are taken as weights"
    case .queries(let rows):
      "\(rows) \(rows == 1 ? "row has" : "rows have") a qid, which is not used"
    case .weightedClasses(let names, let weights):
      "classes are weighed ("
        + zip(names, weights).prefix(10).map { "\(Excerpt($0).description) \(Self.short($1))" }
        .joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
        + "): probabilities are those of a population that is made up accordingly"
    }
  }
}

extension DataNotice {
  /// Four decimals are enough to recognise a weight that is not tiny.
  private static func short(_ value: Double) -> String {
    value < 0.01 ? "\(value)" : "\((value * 1e4).rounded() / 1e4)"
  }

  private static func leftOut(_ rows: Int, _ which: String) -> String {
    rows == 1 ? "1 row \(which) was left out" : "\(rows) rows \(which) were left out"
  }
}

/// Where the rows and columns of a data set stand in files.
public struct DataSource: Sendable {
  /// The name of the data file.
  public var file: String
  /// The name of the file with the labels.
  public var labelFile: String
  /// The flag that asked for the labels.
  public var labelFlag: String
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
    labelFlag = ""
    labelColumns = []
    classNames = []
    self.rowOffset = rowOffset
    let lines = table.lines
    number = { lines.number(ofRow: $0) }
    line = { lines.line(ofRow: $0) }
    labelLine = line
  }

  package init(
    file: String, labelFile: String, labelFlag: String, labelColumns: [String],
    classNames: [String], rows: [Int]?, rowCount: Int? = nil,
    line: @escaping @Sendable (Int) -> Int,
    labelLine: @escaping @Sendable (Int) -> Int
  ) {
    self.file = file
    self.labelFile = labelFile
    self.labelFlag = labelFlag
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
    let tableRow = rows.map { $0.indices.contains(row) ? $0[row] : row } ?? row
    let (name, line) = inLabels ? (labelFile, labelLine) : (file, line)
    return "row \(rowOffset + number(tableRow)) (\(Excerpt(name).text), line \(line(tableRow)))"
  }
}
