import ArgumentParser
import Surprisal

/// Votes of annotators on the rows of the data.
struct JointVoteOptions: ParsableArguments {
  @Option(
    "file",
    """
    Votes of annotators on the rows, which are joined by --key: a file with one vote a row. \
    Coefficients and annotators are fitted together.
    """)
  var votes: String?

  @OptionGroup var columns: VoteColumns

  @Option("column", "How many equal votes a vote counts for.") var voteWeight: String?

  func validate() throws {
    if votes == nil, let flag = columns.given ?? voteWeight.map({ _ in "--vote-weight" }) {
      throw ValidationError("\(flag) goes with --votes")
    }
  }

  /// The column of the data whose texts are the items.
  func key(_ given: String?) -> String { given ?? columns.item ?? "item" }

  /// Reads the votes; nil without a file. `classes` are all that there may be, in their order.
  func read(_ table: DelimitedOptions, classes: [String]?, classLimit: Int?) throws -> Votes? {
    guard let votes else { return nil }
    var reader = columns.reader
    reader.weight = voteWeight
    reader.classes = classes
    if let classLimit { reader.classLimit = classLimit }
    reader.delimited = table
    reader.delimited.format = nil
    return try reader.read(InputFile(votes))
  }
}

extension TableOptions {
  /// Throws `limit.memory` before matrices of annotators are made that do not fit.
  func requireMemory(
    forMatricesOf votes: Votes, method: AggregationMethod = .dawidSkene
  ) throws(FileError) {
    let cells = votes.annotatorCount.multipliedSaturating(by: votes.classCount)
    let rows = votes.itemCount.multipliedSaturating(by: votes.classCount)
    // Tables of a step side by side: some with a row of classes a cell, some padded to eight.
    let cell = 8 * (7 * votes.classCount + 6 * (votes.classCount + 7))
    let search =
      switch method {
      case .hierarchical: votes.hierarchyBytes
      case .glad: votes.difficultyBytes
      default: votes.mixingBytes
      }
    try memoryBudget.require(
      cells.multipliedSaturating(by: cell).addingSaturating(rows.multipliedSaturating(by: 9 * 8))
        .addingSaturating(search),
      for:
        "confusion matrices of \(votes.annotatorCount) annotators and \(votes.classCount) classes")
  }
}
