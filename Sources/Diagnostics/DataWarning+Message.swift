import SurprisalTables

extension DataWarning {
  /// The code word of the warning.
  public var code: String {
    switch self {
    case .leftOut(let rows): rows.code
    case .unseenLevels: "feature.level"
    case .substituted: "missing.cells"
    case .similarClasses: "label.similar"
    case .fractionalCounts: "label.fractional"
    case .queries: "libsvm.qid"
    case .clusterLeft: "feature.cluster"
    case .weightedClasses: "label.weighted"
    case .rowNames: "csv.rownames"
    case .unnamedColumns: "csv.trailing"
    case .kind: "column.kind"
    case .identifier: "column.identifier"
    case .votes: "votes.rows"
    case .itemsWithoutRows: "votes.items"
    }
  }

  /// The warning as a sentence.
  public var message: String {
    switch self {
    case .leftOut(let rows):
      "\(rows.count) \(rows.count == 1 ? "row" : "rows") \(rows.words) "
        + (rows.count == 1 ? "was skipped" : "were skipped")
    case .unseenLevels(let cells, let columns):
      "\(cells) \(cells == 1 ? "cell" : "cells") of "
        + columns.map { EscapedText($0).description }.joined(separator: ", ")
        + " \(cells == 1 ? "has a level" : "have levels") unknown to the model, treated as the "
        + "base level"
    case .substituted(let cells, let columns):
      "\(cells) empty cells in "
        + "\(columns.map { EscapedText($0).description }.joined(separator: ", ")) were filled in"
    case .similarClasses(let names):
      "these classes with similar names are treated as different: "
        + names.map { EscapedText($0).description }.joined(separator: ", ")
    case .fractionalCounts(let cells):
      "\(cells) counts are not whole numbers and are used as weights"
    case .queries(let rows):
      "\(rows) \(rows == 1 ? "row has" : "rows have") a qid, which is not used"
    case .clusterLeft(let column):
      "\(EscapedText(column).description) identifies clusters and is not used as a feature; to "
        + "use it as a feature too, list it in \(CommandFlag.features) with the others"
    case .rowNames(let file, let column):
      "\(EscapedText(file).text): the first column has no name; it is treated as row names, "
        + "named \(EscapedText(column).description), and not read"
    case .unnamedColumns(let file, let positions):
      "\(EscapedText(file).text): "
        + (positions.count == 1 ? "column " : "columns ")
        + positions.prefix(10).map(String.init).joined(separator: ", ")
        + (positions.count == 1 ? " has no name" : " have no names")
        + " and no cells in the first rows, as with delimiters at the end of lines: not read"
    case .kind(let kind, let column): kind.sentence(of: column)
    case .identifier(let column, let levels, let rows):
      "\(EscapedText(column).description) has \(levels) different texts in \(rows) rows; it "
        + "seems to be an identifier, which fit refuses; leave it out with \(CommandFlag.ignore) "
        + "\(shellWord(column))"
    case .itemsWithoutRows(let count):
      "votes on \(count) \(count == 1 ? "item that is not a row" : "items that are not rows") "
        + "of the data were left out"
    case .votes(let item, let annotator, let label):
      "the rows look like votes, several per item: surprisal aggregate FILE --item "
        + "\(shellWord(item)) --annotator \(shellWord(annotator)) --label \(shellWord(label)) "
        + "computes one label per item"
    case .weightedClasses(let names, let weights):
      "classes are weighted ("
        + zip(names, weights).prefix(10).map { "\(EscapedText($0).description) \(Self.short($1))" }
        .joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
        + "): probabilities refer to a population with these class weights"
    }
  }
  /// Four decimals suffice to recognise a weight that is not tiny.
  private static func short(_ value: Double) -> String {
    value < 0.01 ? "\(value)" : "\((value * 1e4).rounded() / 1e4)"
  }
}

extension LeftOutRows {
  /// The code word of the warning.
  var code: String {
    switch reason {
    case .unreadable, .otherFile, .noPartner: "rows.rejected"
    case .missingCells: "missing.cells"
    case .wrongCells: "number.syntax"
    case .wrongWeights: "weight.value"
    case .unseenLevels: "feature.level"
    case .missingLabels, .wrongLabels: "label.value"
    case .emptyLabels: "label.empty"
    case .withoutVotes: "votes.missing"
    }
  }

  /// The affected rows, after their number.
  var words: String {
    switch reason {
    case .unreadable: "that could not be read"
    case .missingCells: "with empty cells"
    case .wrongCells: "with cells that are not numbers"
    case .wrongWeights: "with negative weights"
    case .unseenLevels: "with levels that the model does not have"
    case .missingLabels: "with empty labels"
    case .wrongLabels: "with labels that cannot be used"
    case .emptyLabels: "whose label entries are all zero"
    case .otherFile: "that cannot be used in another file"
    case .noPartner: "without a partner in the other file"
    case .withoutVotes: "without votes, which add nothing to the likelihood,"
    }
  }
}

extension ColumnKind {
  /// How a column was interpreted, and the flags for other interpretations.
  func sentence(of column: String) -> String {
    let name = EscapedText(column).description
    let (text, ignore) = ("--text \(shellWord(column))", "--ignore \(shellWord(column))")
    switch self {
    case .codes:
      return "\(name) is read as numbers, although some begin with a zero: if they are codes, add "
        + text
    default:
      return "\(name) is read as text, with one level per value, although its cells look like "
        + "\(words): \(suggestion); \(text) confirms the levels, \(ignore) leaves it out"
    }
  }

  /// The kind of cells, in words.
  var words: String {
    switch self {
    case .codes: "codes"
    case .thousands: "numbers in groups of three digits"
    case .percent: "percentages"
    case .currency: "amounts of money"
    case .date: "dates"
    case .time: "times"
    case .unit: "numbers with a unit"
    case .typeset: "numbers with minus signs or spaces of typesetting"
    }
  }

  /// How to read or write the cells as numbers.
  var suggestion: String {
    switch self {
    case .codes: "add --text"
    case .thousands(let mark):
      "add --thousands \(",.".contains(mark) ? mark : shellWord(mark)) to read them as numbers"
    case .percent, .currency: "write them without the sign to get numbers"
    case .date: "write the days since a date, or the year, to get numbers"
    case .time: "write the minutes, or the hours, to get numbers"
    case .unit: "write them without the unit to get numbers"
    case .typeset: "write - for the minus sign, and no spaces, to get numbers"
    }
  }
}
