import SurprisalAnnotation
import SurprisalTables

extension VoteTableError: LocatedError {
  public var exitCode: Int32 { 65 }

  public var code: String {
    switch self {
    case .noColumn, .noClasses: "column.missing"
    case .missingName: "label.value"
    case .unlisted, .unknownTruth: "label.unknown"
    case .contradiction: "votes.contradiction"
    case .noSharedItems: "votes.items"
    case .votes(.noVotes, _): "data.norows"
    case .votes(.oneClass, _): "label.oneclass"
    case .votes(.tooLarge, _): "label.many"
    case .votes(.rowMismatch, _): "rows.mismatch"
    case .votes(.index, _): "label.unknown"
    case .votes(.weight, _), .votes(.heavyAnnotator, _): "weight.value"
    }
  }

  public var message: String {
    switch self {
    case .noColumn(let role, let file, _, _):
      "\(EscapedText(file).text) has no column with a known name for \(Self.plural(role)): name it "
        + "with \(role.flag)"
    case .missingName(let place, let role):
      "\(place): the cell is empty, expected the name of "
        + (role == .item ? "an item" : "an annotator")
    case .unlisted(let names, let file, _):
      "\(EscapedText(file).text) has votes for classes that --classes does not list: "
        + listing(names)
    case .noClasses(let file, _, _):
      "\(EscapedText(file).text) has no column with a known name for true classes"
    case .contradiction(let place, let item, let first, let second):
      "\(place): item \(name(item)) is of class \(name(second)) here, and of class \(name(first)) "
        + "before"
    case .unknownTruth(let names, let file, _):
      "\(EscapedText(file).text) has classes without votes: \(listing(names))"
    case .noSharedItems(let file):
      "no item of \(EscapedText(file).text) with a class has votes: do the item names match?"
    case .votes(let error, let file): error.message(in: EscapedText(file).text)
    }
  }

  public var details: [String] {
    switch self {
    case .noColumn(_, _, let usual, let names):
      ["known names are \(listing(usual))", "its columns are \(listing(names))"]
    case .noClasses(_, let usual, let names):
      ["known names are \(listing(usual))", "its columns are \(listing(names))"]
    case .unknownTruth(_, _, let classes): ["the classes are \(listing(classes))"]
    case .unlisted(_, _, let listed): ["listed are \(listing(listed))"]
    default: []
    }
  }

  public var suggestion: String? {
    switch self {
    case .noColumn: "for one column per annotator use --annotators 'ann_*'"
    case .missingName: "correct the cell, or drop the row"
    case .unlisted(let names, _, let listed):
      names.first.flatMap { EditDistance.question(about: $0, among: listed) }
        ?? "list every class; votes for others cannot be ignored"
    case .noClasses: "name the column gold, or keep only it and the items in the file"
    case .contradiction: "correct one of the rows"
    case .unknownTruth: "correct the cells; list a class without votes with --classes"
    case .noSharedItems: "items are compared as text: 7 and 07 are two items"
    case .votes(.oneClass, _): "list the classes that annotators could choose with --classes a,b"
    case .votes(.noVotes, _): "empty cells and votes of weight zero are not votes"
    case .votes(.tooLarge, _): "is the column of labels the right one?"
    case .votes(.rowMismatch, _): "each vote has an item, an annotator and a label"
    case .votes(.index, _): "names count from 0"
    case .votes(.weight, _): "correct the weight; weight 0 excludes a vote"
    case .votes(.heavyAnnotator, _):
      "use --method dawid-skene: so many votes need no common confusion matrix"
    }
  }

  private static func plural(_ role: ColumnRole) -> String {
    switch role {
    case .item: "items"
    case .annotator: "annotators"
    default: "labels"
    }
  }
}

extension VoteError {
  /// The sentence; `file` names the source of the votes.
  fileprivate func message(in file: String) -> String {
    switch self {
    case .noVotes: "\(file) contains no votes"
    case .oneClass(let found):
      "all votes of \(file) are for one class" + (found.map { ", \(name($0))" } ?? "")
        + ": there is nothing to decide"
    case .tooLarge(let annotators, let classes):
      "\(file): \(annotators) annotators times \(classes) classes exceed the largest integer"
    case .rowMismatch(let what, let expected, let found):
      "\(file): \(what): \(found), expected \(expected)"
    case .index(let what, let row, let index, let count):
      "\(file): \(what): \(index) at position \(row) is not among the \(count) names"
    case .weight(let row, let value):
      "\(file): the weight of vote \(row) is \(plain(value)), expected a finite number that is not "
        + "negative"
    case .heavyAnnotator(let annotator, let weight):
      "\(file): the votes of annotator \(name(annotator)) weigh \(plain(weight)), more than the "
        + "\(AggregationMethod.mostVotesOfAnnotator) that --method hierarchical admits"
    }
  }
}
