/// Why columns cannot serve as labels, found before their values are looked at as numbers.
public enum LabelColumnError: Diagnosable, Equatable {
  /// A cell of a label column that is no number, or empty.
  case value(CellPlace, found: String)
  /// No column matches what should be labels.
  case noColumn(flag: String, pattern: String, file: String, nearest: String?)
  /// One column where one a class is needed.
  case oneColumn(flag: String, pattern: String, file: String)
  /// A target column that holds many different fractions.
  case fractions(column: String, file: String, distinct: Int)
  /// A target column with more classes than allowed, or nearly as many as rows.
  case manyClasses(column: String, file: String, count: Int, rows: Int, limit: Int)
  /// Classes that the model does not know.
  case unknownClasses([String], file: String, known: [String])
  /// Classes of the model that the labels lack.
  case missingClasses([String], file: String)
  /// A column that another flag names is not there.
  case missingColumn(String, flag: String, file: String, nearest: String?)
  /// The label file has another number of rows than the data.
  case rowMismatch(file: String, found: Int, expected: Int)

  public var exitCode: Int32 { 65 }

  public var code: String {
    switch self {
    case .value: "label.value"
    case .noColumn, .missingColumn: "column.missing"
    case .oneColumn: "label.oneclass"
    case .fractions: "label.kind"
    case .manyClasses: "label.many"
    case .unknownClasses, .missingClasses: "label.unknown"
    case .rowMismatch: "rows.mismatch"
    }
  }

  public var message: String {
    switch self {
    case .value(let place, let found):
      "\(place): " + (found.isEmpty ? "the label is empty" : "\(name(found)) is not a label value")
        + ", expected a finite number"
    case .noColumn(let flag, let pattern, let file, _):
      "\(Excerpt(file).text) has no column for \(flag) \(name(pattern))"
    case .oneColumn(let flag, let pattern, let file):
      "\(flag) \(name(pattern)) names a single column of \(Excerpt(file).text), expected one a class"
    case .fractions(let column, let file, let distinct):
      "\(Excerpt(file).text): column \(name(column)) holds \(distinct) different fractions, "
        + "expected names of classes"
    case .manyClasses(let column, let file, let count, let rows, _):
      "\(Excerpt(file).text): column \(name(column)) has \(count) different values in \(rows) rows, "
        + "too many for classes"
    case .unknownClasses(let names, let file, _):
      "\(Excerpt(file).text) has classes the model does not know: \(listing(names))"
    case .missingClasses(let names, let file):
      "\(Excerpt(file).text) has no column for these classes of the model: \(listing(names))"
    case .missingColumn(let column, let flag, let file, _):
      "\(Excerpt(file).text) has no column \(name(column)) for \(flag)"
    case .rowMismatch(let file, let found, let expected):
      "\(Excerpt(file).text) has \(found) rows, the data \(expected)"
    }
  }

  public var details: [String] {
    if case .unknownClasses(_, _, let known) = self { return ["the model's are \(listing(known))"] }
    return []
  }

  public var cure: String? {
    switch self {
    case .value: "correct the cell, or drop the row"
    case .noColumn(_, _, _, let nearest), .missingColumn(_, _, _, let nearest):
      nearest.map { "did you mean \(name($0))?" }
    case .oneColumn: "name all of them: a glob such as 'p_*', or names with commas between"
    case .fractions: "if these are probabilities, use --probs with one column a class"
    case .manyClasses(_, _, _, _, let limit):
      "is this an identifier? if they are classes, raise the limit of \(limit) with --max-classes"
    case .unknownClasses: "the cross entropy of a class without a prediction would be infinite"
    case .missingClasses, .rowMismatch: nil
    }
  }
}
