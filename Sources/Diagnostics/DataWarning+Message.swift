import SurprisalTables

extension DataWarning {
  /// The code word of the warning.
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

  /// The warning as a sentence.
  public var message: String {
    switch self {
    case .droppedMissing(let rows): Self.leftOut(rows, "with empty cells")
    case .droppedEmptyLabels(let rows): Self.leftOut(rows, "without any label mass")
    case .rejected(let rows): Self.leftOut(rows, "that could not be read")
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

  private static func leftOut(_ rows: Int, _ which: String) -> String {
    rows == 1 ? "1 row \(which) was left out" : "\(rows) rows \(which) were left out"
  }
}
