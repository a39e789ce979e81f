import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

/// The annotators of a joint fit in reports.
extension VoteRecord {
  /// A table of the annotators, at most `limit` of them.
  func text(limit: Int?) -> String {
    let hasErrors = annotators.contains { $0.accuracyError != nil }
    let headings = ["annotator", "votes", "accuracy"] + (hasErrors ? ["std. error"] : [])
    var table = TextTable(
      headings + ["nats a vote", "remarks"],
      alignments: [.left] + headings.map { _ in .right } + [.left])
    for annotator in annotators.prefix(limit ?? .max) {
      table.append(
        [annotator.name, "\(annotator.votes)", NumberText.fixed(annotator.accuracy, 4)]
          + (hasErrors ? [NumberText.fixed(annotator.accuracyError, 4)] : [])
          + [
            NumberText.fixed(annotator.information, 4), annotator.remarks.joined(separator: ", "),
          ])
    }
    var lines = ["annotators", table.text()]
    if let limit, annotators.count > limit {
      lines.append(
        "  ... \(annotators.count - limit) more annotators: \(CommandFlag.all) prints them, "
          + "\(CommandFlag.json) lists them")
    }
    let isPrior = pseudoCounts.diagonal > 0 || pseudoCounts.offDiagonal > 0
    if isPrior {
      lines.append(
        "  pseudo-counts: \(NumberText.significant(pseudoCounts.diagonal)) right, "
          + "\(NumberText.significant(pseudoCounts.offDiagonal)) for each wrong class")
    }
    return lines.joined(separator: "\n")
  }

  /// The object in the summary of a fit.
  var json: JSONValue {
    .members([
      "count": .integer(voteCount),
      "pseudo_counts": .numbers([pseudoCounts.diagonal, pseudoCounts.offDiagonal]),
      "class_shares": .numbers(classShares),
      "annotators": .array(
        annotators.map { annotator in
          .members([
            "name": .string(annotator.name), "votes": .integer(annotator.votes),
            "accuracy": JSONValue(annotator.accuracy),
            "accuracy_std_error": JSONValue(annotator.accuracyError),
            "confusion": Self.rows(annotator.confusion),
            "std_errors": Self.rows(annotator.errors),
            "information": JSONValue(annotator.information),
            "remarks": .strings(annotator.remarks),
          ])
        }),
    ])
  }

  /// Rows of numbers; null for a class that the annotator never saw.
  private static func rows(_ rows: [[Double?]]) -> JSONValue {
    .array(rows.map { row in row.isEmpty ? .null : .array(row.map { JSONValue($0) }) })
  }
}
