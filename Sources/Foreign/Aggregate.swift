import SurprisalAnnotation
import SurprisalDiagnostics
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalReporting
import SurprisalTables

/// Aggregates the votes of annotators to labels.
@c(surprisal_aggregate)
public func surprisalAggregate(
  _ votes: UnsafePointer<surprisal_votes>?, _ method: UnsafePointer<CChar>?, _ threads: Int32,
  _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let given = votes?.pointee else { throw CallError.argument("votes is NULL") }
    let word = try method.map { try SurprisalForeign.text($0, "the method") }
    guard let method = AggregationMethod(rawValue: word ?? AggregationMethod.dawidSkene.rawValue)
    else {
      throw CallError.argument(
        "the method is one of "
          + "\(AggregationMethod.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "not \(EscapedText(word ?? ""))")
    }
    let restarts = given.restarts < 0 ? nil : min(Int(given.restarts), 100_000)
    let options = AggregationOptions(method: method, restarts: restarts, seed: given.seed)
    let cast = try given.votes()
    do throws(VoteError) { try method.check(cast) } catch {
      throw VoteTableError.votes(error, file: "the arrays")
    }
    if method == .hierarchical {
      try requireMemory(rows: cast.hierarchyBytes / 8, columns: 1, "counts of votes")
    }
    if method == .glad {
      try requireMemory(rows: cast.difficultyBytes / 8, columns: 1, "abilities and difficulties")
    }
    let printer = AggregationPrinter(
      Aggregation(cast, options: options, reducer: Run.threads(threads)), file: "arrays")
    give(printer.json(listsItems: true), json)
    text?.pointee = copied(printer.text)
  }
}

extension surprisal_votes {
  /// The votes; indices and weights are checked.
  func votes() throws -> Votes {
    let itemNames = try item_names == nil ? numbers() : names(item_names, item_count, "items")
    let annotatorNames = try names(annotator_names, annotator_count, "annotators")
    let classNames = try names(class_names, class_count, "classes")
    let rows = Int(clamping: items?.pointee.rows ?? 0)
    let weights = try weights.map { try $0.pointee.column("weights of votes", rows: rows) }
    guard weights?.allSatisfy({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw CallError.argument("a weight of a vote is negative or not finite")
    }
    try requireMemory(
      rows: annotatorNames.count, columns: classNames.count.multipliedSaturating(by: 13),
      "confusion matrices")
    do {
      return try Votes(
        itemNames: itemNames, annotatorNames: annotatorNames, classNames: classNames,
        items: indices(items, itemNames.count, rows, "items"),
        annotators: indices(annotators, annotatorNames.count, rows, "annotators"),
        labels: indices(labels, classNames.count, rows, "labels"), weights: weights)
    } catch let error as VoteError {
      throw VoteTableError.votes(error, file: "the arrays")
    }
  }

  /// Names of items that have none.
  private func numbers() throws -> [String] {
    guard item_count >= 0 else { throw CallError.argument("the number of items is negative") }
    try requireMemory(rows: Int(clamping: item_count), columns: 2, "names of the items")
    return (0..<Int(item_count)).map(String.init)
  }

  private func names(
    _ list: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int64, _ what: String
  ) throws(CallError) -> [String] {
    let names = try texts(list, count: count, "names of the \(what)")
    guard Set(names).count == names.count else {
      throw .argument("two of the \(what) have the same name")
    }
    return names
  }

  private func indices(
    _ column: UnsafePointer<surprisal_matrix>?, _ count: Int, _ rows: Int, _ what: String
  ) throws -> [Int32] {
    guard let column else { throw CallError.argument("the \(what) of the votes are NULL") }
    return try column.pointee.column("\(what) of the votes", rows: rows).enumerated().map {
      guard let index = Int(exactly: $1), (0..<count).contains(index) else {
        throw CallError.argument("\(what) of the votes: \($1) of row \($0) is not an index of them")
      }
      return Int32(clamping: index)
    }
  }
}
