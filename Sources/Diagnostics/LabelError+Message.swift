import SurprisalProbability
import SurprisalTables

/// Label errors as text. The data source provides the names of rows and classes.
extension LabelError {
  /// The code word.
  public var code: String {
    switch self {
    case .noRows: "data.norows"
    case .oneClass: "label.oneclass"
    case .classOutOfRange: "label.unknown"
    case .negative: "label.negative"
    case .notFinite: "label.value"
    case .sum: "label.sum"
    case .empty: "label.empty"
    case .fractional: "label.fractional"
    case .overflow: "label.overflow"
    case .kind: "label.kind"
    case .neverSeen, .neverVoted: "label.neverseen"
    case .outsideDomain: "label.domain"
    case .notIdentified, .neverExcluded: "label.unidentified"
    case .rowCount, .entryCount: "rows.mismatch"
    case .argument: "call.argument"
    }
  }

  /// The message for labels that do not come from a file.
  public func plainMessage(classNames: [String]) -> String {
    let here = DataSource(
      file: "", labelFile: "the command line", labelRole: nil, labelColumns: classNames,
      classNames: classNames, rows: nil, line: { _ in 1 }, labelLine: { _ in 1 })
    return message(in: here)
  }

  private static func kindMessage(
    _ likelihood: String, _ found: LabelKind, _ expected: [LabelKind], given role: ColumnRole?
  ) -> String {
    if found == .probabilities, role == .counts, expected.contains(.counts) {
      return "the \(likelihood) likelihood needs whole votes; --count-weight row turns them into "
        + "proportions"
    }
    let options = expected.map { "--\($0.rawValue)" }.joined(separator: " or ")
    return "the \(likelihood) likelihood needs \(options), not --\(found.rawValue)"
  }

  package func message(in source: DataSource) -> String {
    func place(_ row: Int) -> String { source.place(ofRow: row, inLabels: true) }
    func column(_ index: Int) -> String { source.className(index) }
    switch self {
    case .noRows: return "\(EscapedText(source.labelFile).text) has no rows"
    case .oneClass:
      let found =
        source.classNames.count == 1
        ? "every label is \(name(source.classNames[0]))" : "the labels have no classes"
      return "\(EscapedText(source.labelFile).text): \(found), expected at least two classes"
    case .classOutOfRange(let row, let index, let count):
      return "\(place(row)): class \(index) is not among the \(count) classes"
    case .negative(let row, let index, let value):
      return "\(place(row)): \(column(index)) is \(plain(value)), expected a number that "
        + "is not negative"
    case .notFinite(let row, let index, let value):
      return "\(place(row)): \(column(index)) is \(plain(value)), expected a finite number"
    case .sum(let row, let sum, _, _, _):
      return "probabilities of \(place(row)) sum to \(digits(sum)), not 1"
    case .empty(let row, _): return "\(place(row)) has no label: every entry is zero"
    case .fractional(let row, let index, let value, _) where source.labelsAreShares:
      return "\(place(row)): \(column(index)) times the votes of the row is \(digits(value)), "
        + "expected whole numbers that sum to the votes"
    case .fractional(let row, let index, let value, _):
      return "\(place(row)): \(column(index)) is \(value), expected a whole number of votes"
    case .overflow(let row):
      return "the labels of \(place(row)) sum to more than \(source.largestSum)"
    case .kind(let likelihood, let found, let expected):
      return Self.kindMessage(likelihood, found, expected, given: source.labelRole)
    case .neverSeen(let classes):
      return "\(EscapedText(source.labelFile).text): \(source.list(classes)) never "
        + "\(classes.count == 1 ? "occurs" : "occur") with positive weight"
    case .neverVoted(let classes):
      return "nobody voted for \(source.list(classes)) on a row of positive weight"
    case .neverExcluded(let classes):
      return "\(EscapedText(source.labelFile).text): \(source.list(classes)) "
        + "\(classes.count == 1 ? "is" : "are") in every candidate set: a model that always "
        + "predicts \(column(classes[0])) has likelihood 1 under any prior"
    case .outsideDomain(let likelihood, let row, let index, let value):
      return "\(place(row)): \(column(index)) is \(value), which is outside the "
        + "domain of the \(likelihood) likelihood"
    case .notIdentified(let likelihood, let parameter):
      return "no row contains information about the \(parameter) of the \(likelihood) likelihood"
    case .rowCount(let expected, let found): return "labels of \(found) rows, expected \(expected)"
    case .entryCount(let what, let expected, let found):
      return "\(what): \(found), expected \(expected)"
    case .argument(let what, let value, let domain):
      return "\(what): \(plain(value)), expected \(domain)"
    }
  }

  func details(in source: DataSource) -> [String] {
    let total = source.rowCount
    switch self {
    case .sum(_, _, let affected, let worst, let worstSum):
      let of = total.map { " of \($0) rows" } ?? " rows"
      return [
        "\(affected)\(of) \(affected == 1 ? "is" : "are") off by more than "
          + "\(source.sumTolerance); the worst is "
          + "\(source.shortPlace(ofRow: worst)) (\(digits(worstSum)))"
      ]
    case .empty(_, let affected) where affected > 1: return ["this applies to \(affected) rows"]
    case .fractional(_, _, _, let affected) where affected > 1 && source.labelsAreShares:
      return ["this applies to \(affected) rows"]
    case .fractional(_, _, _, let affected) where affected > 1:
      return ["this applies to \(affected) cells"]
    default: return []
    }
  }

  func suggestion(in source: DataSource) -> String? {
    switch self {
    case .sum(_, let sum, _, _, _) where sum > 1.5 && sum.rounded() == sum:
      "if they are votes, use --counts; if relative weights, add --normalize-labels"
    case .sum(_, _, _, _, let worst) where (worst - 1).magnitude < 0.02:
      "if they are rounded, add --sum-tolerance \(tolerance(above: (worst - 1).magnitude)); if "
        + "relative weights, --normalize-labels"
    case .sum: "if they are relative weights, add --normalize-labels"
    case .empty: "skip such rows with --drop-empty-labels"
    case .fractional where source.labelsAreShares:
      "check --votes-per-row, or give the votes themselves with --counts"
    case .fractional:
      "if they are weights and not votes, add --likelihood categorical"
    case .neverSeen:
      "its intercept has no finite optimum: leave the class out, or fit softmax regression with "
        + "--no-intercept and a prior"
    case .neverVoted:
      "votes tell nothing about such a class: leave it out of --classes"
    case .kind(_, .probabilities, let expected)
    where source.labelRole == .counts && expected.contains(.counts):
      "leave out --count-weight, or use --likelihood categorical"
    case .kind(_, _, let expected):
      expected.first.map { "use --\($0.rawValue) for the labels, or another --likelihood" }
    case .oneClass: "add rows of another class: with one class there is nothing to fit"
    case .noRows: "check the source of the file"
    case .classOutOfRange: "classes count from 0"
    case .negative, .notFinite: "correct the cell, or drop the row"
    case .overflow: "divide the label columns by a large number"
    case .outsideDomain: "use --likelihood categorical, which is defined for every label"
    case .notIdentified: "use a likelihood without that parameter"
    case .neverExcluded: "leave the class out of sets to which it does not belong"
    case .rowCount: "labels and features need the same rows"
    case .entryCount, .argument: nil
    }
  }

  /// A tolerance above a deviation of rounding.
  private func tolerance(above deviation: Double) -> String {
    ["0.0001", "0.001", "0.01"].first { (Double($0) ?? 0) > deviation } ?? "0.02"
  }

  private func digits(_ value: Double) -> String {
    plain((value * 1e6).rounded() / 1e6)
  }
}

extension DataSource {
  /// The name of the column of a class, or of the class.
  fileprivate func className(_ index: Int) -> String {
    let names = labelColumns.count > 1 ? labelColumns : classNames
    return names.indices.contains(index) ? name(names[index]) : "class \(index)"
  }

  /// The largest sum of the labels of a row, in words.
  fileprivate var largestSum: String {
    labelRole == .counts
      ? "2^53, the limit of exact counts" : "the largest double, 1.8e308"
  }

  /// Classes as an enumeration.
  fileprivate func list(_ classes: [Int]) -> String {
    (classes.count == 1 ? "class " : "classes ")
      + classes.map { className($0) }.joined(separator: ", ")
  }
}
