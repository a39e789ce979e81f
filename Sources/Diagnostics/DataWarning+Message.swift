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
        + (rows.count == 1 ? "was left out" : "were left out")
    case .unseenLevels(let cells, let columns):
      "\(cells) \(cells == 1 ? "cell" : "cells") of "
        + columns.map { EscapedText($0).description }.joined(separator: ", ")
        + " with levels that the model does not know \(cells == 1 ? "counts" : "count") as the base "
        + "level"
    case .substituted(let cells, let columns):
      "\(cells) empty cells in "
        + "\(columns.map { EscapedText($0).description }.joined(separator: ", ")) "
        + "got a substitute"
    case .similarClasses(let names):
      "these classes are kept apart though their names are alike: "
        + names.map { EscapedText($0).description }.joined(separator: ", ")
    case .fractionalCounts(let cells):
      "\(cells) counts are not whole numbers: they are taken as weights"
    case .queries(let rows):
      "\(rows) \(rows == 1 ? "row has" : "rows have") a qid, which is not used"
    case .clusterLeft(let column):
      "\(EscapedText(column).description) says which rows belong together and is no feature; name it "
        + "in \(CommandFlag.features) with the others to have it as a feature too"
    case .weightedClasses(let names, let weights):
      "classes are weighed ("
        + zip(names, weights).prefix(10).map { "\(EscapedText($0).description) \(Self.short($1))" }
        .joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
        + "): probabilities are those of a population that is made up accordingly"
    }
  }
  /// Four decimals are enough to recognise a weight that is not tiny.
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

  /// Which rows they are, behind their number.
  var words: String {
    switch reason {
    case .unreadable: "that could not be read"
    case .missingCells: "with empty cells"
    case .wrongCells: "with cells that are no numbers"
    case .unseenLevels: "with levels that the model does not know"
    case .missingLabels: "with empty labels"
    case .wrongLabels: "with labels that cannot be used"
    case .emptyLabels: "without any label mass"
    case .otherFile: "that cannot be used in another file"
    case .noPartner: "without a partner in the other file"
    }
  }
}
