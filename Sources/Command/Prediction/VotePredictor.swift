import ArgumentParser
import Surprisal

/// Votes and annotators in predictions of a joint fit.
struct VotePredictionOptions: ParsableArguments {
  @Option(
    "file",
    """
    For a model fitted with --votes: votes on the rows, joined by --key. Prints the \
    probabilities given features and votes; rows without votes get those of the features.
    """)
  var votes: String?

  @Option("column", "The column of the data whose texts are the items of --votes. Default: item.")
  var key: String?

  @Option(help: .itemColumn) var item: String?

  @Option("column", "The column of annotators in the votes. Default: annotator, worker, ...")
  var annotatorColumn: String?

  @Option("column", "The column of votes in the votes. Default: label, answer, ...")
  var label: String?

  @Option(
    "name", "For a model fitted with --votes: print the probabilities of this annotator's answers.")
  var annotator: String?

  func validate() throws {
    let flags = [
      ("--key", key), ("--item", item), ("--annotator-column", annotatorColumn), ("--label", label),
    ]
    if votes == nil, let (flag, _) = flags.first(where: { $0.1 != nil }) {
      throw ValidationError("\(flag) goes with --votes")
    }
  }

  /// The predictor for the requested votes or annotator; nil if nothing was requested.
  func predictor(of model: FittedModel, _ table: DelimitedOptions) throws -> VotePredictor? {
    if votes == nil, annotator == nil { return nil }
    guard let record = model.record.votes else {
      throw UsageError(
        "the model knows no annotators: it was not fitted with --votes",
        suggestion: "fit it with --votes, or leave out \(votes == nil ? "--annotator" : "--votes")")
    }
    let answering = try annotator.map { name in
      guard let place = record.index(ofAnnotator: name) else {
        let names = record.annotators.map(\.name)
        throw UsageError(
          "the model knows no annotator \(EscapedText(name))",
          suggestion: EditDistance.question(about: name, among: names)
            ?? "it knows \(names.prefix(10).joined(separator: ", "))")
      }
      return place
    }
    let classes = model.classifier.classNames
    return VotePredictor(
      record, try votes.map { try read(InputFile($0), classes, table) }, answering: answering,
      key: key ?? item ?? "item")
  }

  private func read(
    _ file: InputFile, _ classes: [String], _ table: DelimitedOptions
  ) throws -> Votes {
    var reader = VoteReader()
    (reader.item, reader.annotator, reader.label) = (item, annotatorColumn, label)
    reader.classes = classes
    reader.classLimit = max(reader.classLimit, classes.count)
    reader.delimited = table
    reader.delimited.format = nil
    do {
      return try reader.read(file)
    } catch VoteTableError.unlisted(let names, let source, let known) {
      throw LabelColumnError.unknownClasses(names, file: source, known: known)
    }
  }
}

/// Converts the probabilities by the features to those given votes too, or to those of the answers
/// of an annotator.
struct VotePredictor {
  /// The column of the data whose texts identify items; nil without votes.
  let key: String?
  private let record: VoteRecord
  private let votes: Votes?
  private let places: [String: Int]
  /// The annotators of the votes among those of the model; nil for others.
  private let annotators: [Int?]
  private let answering: Int?
  /// The items with votes that are impossible for every class: their number, and the first.
  private var impossible: (count: Int, first: String)?

  init(_ record: VoteRecord, _ votes: Votes?, answering: Int?, key: String) {
    self.record = record
    self.votes = votes
    self.answering = answering
    self.key = votes == nil ? nil : key
    places = Dictionary(
      (votes?.itemNames ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    annotators = votes?.annotatorNames.map { record.index(ofAnnotator: $0) } ?? []
  }

  /// The probabilities of a row whose key is `item`.
  mutating func values(_ probabilities: [Double], item: String?) throws(VoteError) -> [Double] {
    var result = probabilities
    if let votes, let item, let place = places[item] {
      let cast = votes.cells(ofItem: place).compactMap { cell, weight -> VoteRecord.Vote? in
        annotators[cell / votes.classCount].map { ($0, cell % votes.classCount, weight) }
      }
      if let posterior = try record.posterior(of: result, given: cast) {
        result = posterior
      } else {
        impossible = ((impossible?.count ?? 0) + 1, impossible?.first ?? item)
      }
    }
    guard let answering else { return result }
    return try record.answers(of: answering, given: result)
  }

  /// Warnings about votes of unknown annotators, on items that are not rows, and without effect.
  func notices(rows seen: Set<String>) -> [WarningText] {
    guard let votes else { return [] }
    let strangers = votes.annotatorNames.indices.filter { annotators[$0] == nil }
    let lost = votes.itemNames.count { !seen.contains($0) }
    var result: [WarningText] = []
    if !strangers.isEmpty {
      let count = strangers.reduce(0) { $0 + votes.voteCount(ofAnnotator: $1) }
      result.append(
        WarningText(
          code: "votes.annotators",
          message: "\(count) \(count == 1 ? "vote" : "votes") of annotators that the model does "
            + "not know, such as \(EscapedText(votes.annotatorNames[strangers[0]])), were left "
            + "out"))
    }
    if let impossible {
      result.append(
        WarningText(
          code: "votes.impossible",
          message: "the model gives the votes on \(impossible.count) "
            + "\(impossible.count == 1 ? "row" : "rows"), such as item "
            + "\(EscapedText(impossible.first)), the probability zero whatever the class is: "
            + "\(impossible.count == 1 ? "its probabilities are" : "their probabilities are") "
            + "those of the features; a fit with --pseudo-counts has no such zeros"))
    }
    if lost > 0 {
      result.append(
        WarningText(
          code: "votes.items",
          message:
            "votes on \(lost) \(lost == 1 ? "item that is not a row" : "items that are not rows")"
            + " of the data were left out"))
    }
    return result
  }
}

extension Column {
  /// The text of a cell, as a key; nil if it is empty.
  func key(ofRow row: Int) -> String? {
    switch cells {
    case .texts(let levels, let codes): codes[row] < 0 ? nil : levels[Int(codes[row])]
    case .numbers(let values, _):
      values[row].isNaN ? nil : Int(exactly: values[row]).map(String.init) ?? "\(values[row])"
    }
  }
}
