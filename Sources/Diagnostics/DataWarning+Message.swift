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
    case .unseenLevels: "feature.level"
    case .missingLabels, .wrongLabels: "label.value"
    case .emptyLabels: "label.empty"
    }
  }

  /// The affected rows, after their number.
  var words: String {
    switch reason {
    case .unreadable: "that could not be read"
    case .missingCells: "with empty cells"
    case .wrongCells: "with cells that are not numbers"
    case .unseenLevels: "with levels that the model does not have"
    case .missingLabels: "with empty labels"
    case .wrongLabels: "with labels that cannot be used"
    case .emptyLabels: "whose label entries are all zero"
    case .otherFile: "that cannot be used in another file"
    case .noPartner: "without a partner in the other file"
    }
  }
}
