import SurprisalTables

extension LabelColumnError: LocatedError {
  public var exitCode: Int32 { 65 }

  public var code: String {
    switch self {
    case .value, .missingClass: "label.value"
    case .infiniteWeight: "weight.value"
    case .mixed: "number.syntax"
    case .identifier: "column.identifier"
    case .noRowsLeft: "data.norows"
    case .noColumn, .missingColumn, .classColumns: "column.missing"
    case .oneColumn: "label.oneclass"
    case .fractions: "label.kind"
    case .manyClasses: "label.many"
    case .unknownClasses, .undeclaredClasses, .missingClasses, .weightsOfUnknown: "label.unknown"
    case .rowMismatch, .duplicateKeys, .unmatchedKeys, .missingKey: "rows.mismatch"
    case .twoRoles, .weightedFrequencies: "column.conflict"
    }
  }

  public var message: String {
    switch self {
    case .value(let place, let found, _):
      "\(place): " + (found.isEmpty ? "the label is empty" : "\(name(found)) is not a label value")
        + ", expected a finite number"
    case .noRowsLeft(let file, _): "\(EscapedText(file).text) has no remaining rows"
    case .missingClass(let place, let found, _):
      "\(place): "
        + (found.isEmpty ? "the cell is empty" : "\(name(found)) is read as an empty cell")
        + ", expected the name of a class"
    case .infiniteWeight(let place, let found):
      "\(place): the weight is \(name(found)), expected a finite number that is not negative"
    case .mixed(let place, let found, 0, _): "\(place): \(name(found)) is not a number"
    case .mixed(let place, let found, let numbers, _):
      "\(place): \(name(found)) is not a number, but \(numbers) other cells of the column are"
    case .identifier(let column, let file, let levels, let rows, let kind):
      "\(EscapedText(file).text): column \(name(column)) has \(levels) different texts in \(rows) "
        + "rows" + (kind.map { ", \($0.words)" } ?? "")
        + ": it seems to be an identifier, which carries no information"
    case .duplicateKeys(let file, let keys):
      "\(EscapedText(file).text) has \(keys.count == 1 ? "a key" : "\(keys.count) keys") "
        + "more than once: " + listing(keys)
    case .unmatchedKeys(let file, let missing, let extra):
      "the keys of \(EscapedText(file).text) are not those of the data: "
        + [(missing, "missing"), (extra, "not in the data")].filter { !$0.0.isEmpty }
        .map { "\($0.1): \(listing($0.0))" }.joined(separator: "; ")
    case .missingKey(let place): "\(place): the key is empty"
    case .noColumn(let role, let pattern, let file, _):
      "\(EscapedText(file).text) has no column for \(role.flag) \(name(pattern))"
    case .oneColumn(let role, let pattern, let file):
      "\(role.flag) \(name(pattern)) names a single column of \(EscapedText(file).text), expected "
        + "one per class"
    case .fractions(let column, let file, let distinct):
      "\(EscapedText(file).text): column \(name(column)) contains \(distinct) different fractions, "
        + "expected class names"
    case .manyClasses(let column, let file, let count, let rows, _):
      "\(EscapedText(file).text): column \(name(column)) has \(count) different values in \(rows) "
        + "rows, too many for classes"
    case .unknownClasses(let names, let file, _, let arePredictions):
      "\(EscapedText(file).text) has classes that the "
        + (arePredictions ? "predictions do" : "model does") + " not have: \(listing(names))"
    case .undeclaredClasses(let names, let file, _):
      "\(EscapedText(file).text) has classes that --classes does not name: \(listing(names))"
    case .missingClasses(let names, let file):
      "\(EscapedText(file).text) has no column for these classes of the model: \(listing(names))"
    case .classColumns(let role, let missing, let unknown, let file):
      "\(role.flag) needs one column of \(EscapedText(file).text) for each class; "
        + (missing.isEmpty
          ? "\(listing(unknown)) is not the name of a class"
          : "there is none for \(listing(missing))")
    case .missingColumn(let column, let role, let file, _):
      "\(EscapedText(file).text) has no column \(name(column)) for \(role.flag)"
    case .twoRoles(let column, let role, let file):
      "\(EscapedText(file).text): column \(name(column)) is used by \(role.flag) and cannot also "
        + "be a feature"
    case .weightsOfUnknown(let names, _):
      "--class-weight names classes that the labels do not have: \(listing(names))"
    case .weightedFrequencies:
      "--class-weight turns row weights into importance weights, which --frequency does not allow"
    case .rowMismatch(let file, let found, let expected):
      "\(EscapedText(file).text) has \(found) rows, the data \(expected)"
    }
  }

  public var details: [String] {
    switch self {
    case .unknownClasses(_, _, let known, let arePredictions):
      ["\(arePredictions ? "theirs" : "the model's") are \(listing(known))"]
    case .undeclaredClasses(_, _, let declared): ["it names \(listing(declared))"]
    case .noRowsLeft(_, let reasons): reasons.map(\.message)
    case .mixed(_, _, _, let others) where others > 0:
      [
        "\(others) more \(others == 1 ? "cell" : "cells") of the column "
          + "\(others == 1 ? "is not a number" : "are not numbers") either"
      ]
    default: []
    }
  }

  public var suggestion: String? {
    switch self {
    case .missingClass(_, let found, let isVote) where !found.isEmpty:
      "if it is the name of a class, put it in quotation marks, or name the missing cells with "
        + "--na (--na '' for none but empty cells); otherwise "
        + (isVote ? "drop the row" : "add --missing drop")
    case .value(_, let found, _) where numberHint(found) != nil: numberHint(found)
    case .value(let place, _, let votes?):
      "correct the cell, or drop the row; if each column has the votes of an annotator: surprisal "
        + "aggregate \(shellWord(place.file)) --annotators \(shellWord(votes)) makes labels of them"
    case .value, .missingClass: "correct the cell, or drop the row"
    case .identifier(let column, _, _, _, let kind):
      (kind.map { $0 == .codes ? "" : $0.suggestion + "; " } ?? "")
        + "leave it out with --ignore \(shellWord(column)), or take each text as a level with "
        + "--text \(shellWord(column))"
    case .infiniteWeight: "correct the cell; weight 0 excludes a row"
    case .mixed(_, let found, _, _) where numberHint(found) != nil: numberHint(found)
    case .mixed(let place, _, _, _):
      "correct the cell, leave the column out with --ignore, or, if it is intended as text, add "
        + "--text " + shellWord(place.columnName ?? "COLUMN")
    case .duplicateKeys: "a key must be unique in each file"
    case .unmatchedKeys:
      "correct the keys; --on-bad-row skip skips rows without a partner"
    case .missingKey: "give each row a unique key"
    case .undeclaredClasses: "add them to --classes, or correct the cells"
    case .missingColumn(let wanted, _, _, let names) where names.contains(wanted):
      "the column has no name in the file and is read as names of rows: give it a name"
    case .noColumn(_, let wanted, _, let names), .missingColumn(let wanted, _, _, let names):
      EditDistance.question(about: wanted, among: names)
        ?? "its columns are \(listing(names))"
    case .oneColumn: "name all of them: a pattern such as 'p_*', or names separated by commas"
    case .fractions: "if these are probabilities, use --probs with one column per class"
    case .manyClasses(_, _, _, _, let limit):
      "is this an identifier? if they are classes, raise the limit of \(limit) with --max-classes"
    case .unknownClasses(_, _, let known, true) where known == known.indices.map(String.init):
      "name the columns of the predictions in their order, such as --classes a,b,c"
    case .unknownClasses: "the cross entropy of a class without a prediction would be infinite"
    case .classColumns:
      "columns are matched to classes by the name after the prefix: o_red for the class red"
    case .missingClasses: "add a column of zeros for a class that does not occur in these rows"
    case .weightsOfUnknown(_, let classes): "the classes are \(listing(classes))"
    case .weightedFrequencies: "use the frequencies as importance weights, with --weight"
    case .rowMismatch:
      "both files need the same rows in the same order; --key COLUMN joins them by a column"
    case .twoRoles(let column, let role, _):
      "leave \(name(column)) out of --features, or out of \(role.flag)"
    case .noRowsLeft: "fill in the cells, or skip fewer rows"
    }
  }
}
