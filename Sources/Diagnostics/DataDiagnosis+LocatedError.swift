import SurprisalDatasets
import SurprisalProbability
import SurprisalTables

extension DataDiagnosis: LocatedError {
  public var exitCode: Int32 {
    switch error {
    case .argument, .label(.argument): 64
    default: 65
    }
  }

  public var code: String {
    switch error {
    case .noRows: "data.norows"
    case .rowMismatch, .unequalWeights: "rows.mismatch"
    case .argument: "call.argument"
    case .levelCode: "feature.level"
    case .missingCells: "missing.cells"
    case .notFinite: "number.infinite"
    case .unknownLevel: "feature.level"
    case .missingColumn: "column.missing"
    case .kind: "number.syntax"
    case .tooManyLevels: "limit.levels"
    case .tooManyColumns: "limit.columns"
    case .duplicateColumn: "csv.dupcolumn"
    case .unknownBase: "feature.base"
    case .unknownInteraction, .testedColumn: "column.missing"
    case .weight, .frequency, .weightSum: "weight.value"
    case .zeroWeights: "weight.zero"
    case .range, .prediction: "number.range"
    case .folds: "cv.folds"
    case .classesOutsideTraining: "cv.class"
    case .label(let error): error.code
    }
  }

  public var message: String {
    switch error {
    case .noRows: "\(file) has no rows"
    case .rowMismatch(let what, let expected, let found):
      "\(what): \(found), expected \(expected)"
    case .unequalWeights(let row): "\(place(row)): the predictions have different weights"
    case .argument(let what, let value, let domain): "\(what): \(plain(value)), expected \(domain)"
    case .levelCode(let column, let row, let code, let count):
      "\(place(row)): \(code) is not the code of a level of \(name(column)), which has \(count)"
    case .missingCells(let faults):
      "\(file) has empty cells in \(faults.count) feature "
        + (faults.count == 1 ? "column" : "columns")
    case .notFinite(let column, let row, let value):
      "\(place(row)): \(name(column)) is \(plain(value)), expected a finite number"
    case .unknownLevel(let column, let row, let level, _):
      "\(place(row)): \(name(level)) is not a level of \(name(column))"
    case .missingColumn(let column, _): "\(file) has no column \(name(column))"
    case .kind(let column, let expectsNumbers, let row, let found):
      "\(place(row)): \(name(column)) is \(name(found)), expected "
        + (expectsNumbers ? "a number" : "text")
    case .tooManyLevels(let column, let count, let limit):
      "\(file): text column \(name(column)) has \(count) levels, more than \(limit)"
    case .duplicateColumn(let column): "\(file): two columns have the name \(name(column))"
    case .unknownBase(let column, _, let known) where known.isEmpty:
      "--base: \(name(column)) is not a text feature of \(file)"
    case .unknownBase(let column, let level, _):
      "\(name(level)) is not a level of \(name(column)) in \(file)"
    case .tooManyColumns(let interaction, let count, let limit):
      "\(file): the interaction \(name(interaction.joined(separator: ":"))) has \(count) columns; "
        + "with it the features are more than \(limit)"
    case .unknownInteraction(let column, _):
      "the interaction contains \(name(column)), which is not a feature"
    case .testedColumn(let column, _): "the test names \(name(column)), which is not a feature"
    case .weight(let row, let value):
      "\(place(row)): the weight is \(value.isNaN ? "empty" : plain(value)), "
        + "expected a finite number that is not negative"
    case .frequency(let row, let value):
      "\(place(row)): the frequency is \(plain(value)), expected a whole number"
    case .zeroWeights: "\(file): every weight is zero"
    case .weightSum(let sum):
      "\(file): the weights sum to \(sum.isFinite ? plain(sum) : "more than 1.8e308"), "
        + "expected a sum from 1e-300 to 1e305"
    case .range(let column):
      "\(file): the values of \(name(column)) are too far apart or too close together to be scaled "
        + "within the range of doubles"
    case .prediction(let row):
      "\(place(row)): the logits exceed the range of doubles, so the row cannot be predicted"
    case .folds(let count, let units, let areGroups):
      "\(count) folds are more than the \(units) \(areGroups ? "groups" : "rows")"
    case .classesOutsideTraining(let classes):
      "\(file): the training rows of a fold do not contain "
        + listing(
          classes.map { source.classNames.indices.contains($0) ? source.classNames[$0] : "\($0)" })
    case .label(let error): error.message(in: source)
    }
  }

  public var details: [String] {
    switch error {
    case .missingCells(let faults):
      faults.prefix(20).map {
        "\(name($0.column)): \($0.count) empty, the first in \(place($0.firstRow))"
      } + (faults.count > 20 ? ["and \(faults.count - 20) more columns"] : [])
    case .unknownLevel(_, _, _, let known), .unknownBase(_, _, let known):
      known.isEmpty ? [] : ["its levels are " + listing(known)]
    case .label(let error): error.details(in: source)
    default: []
    }
  }

  public var suggestion: String? {
    switch error {
    case .missingCells where source.usesModel:
      "fill in the cells or drop the rows; a model fitted with --missing mean or indicator accepts "
        + "empty cells"
    case .missingCells:
      "fit with --missing drop, mean or indicator, or leave columns out with --ignore"
    case .unknownLevel:
      "the model has no coefficient for it; correct the cell, treat it as the base level with "
        + "--unseen zero, or skip the row with --on-bad-row skip"
    case .missingColumn(let column, let available), .unknownInteraction(let column, let available),
      .testedColumn(let column, let available):
      EditDistance.question(about: column, among: available)
        ?? "its columns are " + listing(available)
    case .kind: "correct the cell, or leave the column out with --ignore"
    case .tooManyLevels:
      "is this an identifier? leave it out with --ignore, or raise the limit with --max-levels"
    case .tooManyColumns:
      "leave the interaction out, or merge levels; --max-columns raises the limit"
    case .noRows: "check the source of the file"
    case .rowMismatch: "all parts of a data set need the same rows"
    case .unequalWeights: "compare predictions of the same rows with the same weights"
    case .argument: nil
    case .levelCode: "levels count from 0; -1 is an empty cell"
    case .notFinite: "correct the cell, or drop the row"
    case .duplicateColumn: "rename one of them"
    case .unknownBase(let column, _, let known) where known.isEmpty:
      "columns that are left out, or contain numbers, have no levels; --text \(shellWord(column)) "
        + "reads numbers as text"
    case .unknownBase: "name one of its levels"
    case .weight, .frequency: "correct the cell; weight 0 excludes a row"
    case .weightSum: "divide the weights by a constant: only their ratios matter to the fit"
    case .zeroWeights: "check the column named with --weight or --frequency"
    case .prediction:
      "correct the cells of the row: their values should be similar to the training data"
    case .range: "rescale the column: multiply it by a constant that brings it near 1"
    case .folds: "--folds must be from 2 to the number of rows, or of groups with --group"
    case .classesOutsideTraining:
      "a class needs rows, or groups, in at least two folds: merge it with another or leave it out"
    case .label(let error): error.suggestion(in: source)
    }
  }

  private var file: String { EscapedText(source.file).text }

  private func place(_ row: Int) -> String { source.place(ofRow: row, inLabels: false) }
}

func name(_ text: String) -> String { EscapedText(text).description }

func listing(_ names: [String]) -> String {
  names.prefix(20).map { name($0) }.joined(separator: ", ")
    + (names.count > 20 ? " and \(names.count - 20) more" : "")
}
