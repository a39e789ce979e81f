import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

extension DataCheck {
  /// The findings as text, without a final line feed.
  public var text: String {
    var parts = [head, columnTable]
    if let dataset { parts += [labelText(dataset), featureText(dataset), existenceText(dataset)] }
    parts.append(
      remarks.map { "note[\($0.code)]: \(TerminalText.safe($0.message))" }.joined(separator: "\n"))
    parts.append(verdict)
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var head: String {
    let missing = table.missingCount
    return "\(TerminalText.safe(table.file)): \(amount(table.rowCount, "row")), "
      + "\(amount(table.columns.count, "column")), "
      + (missing == 0 ? "no missing cells" : amount(missing, "missing cell"))
  }

  private var columnTable: String {
    var text = TextTable(
      ["column", "used as", "holds", "missing", "values"],
      alignments: [.left, .left, .left, .right, .left])
    let shown = table.columns.prefix(rowLimit ?? .max)
    for column in shown {
      text.append([
        column.name, column.role.rawValue, kind(of: column), "\(column.missingCount)",
        values(of: column),
      ])
    }
    let hidden = table.columns.count - shown.count
    return text.text()
      + (hidden > 0
        ? "\n  ... \(hidden) more columns: \(CommandFlag.all) prints them, \(CommandFlag.json) "
          + "lists them"
        : "")
  }

  private func kind(of column: ColumnProfile) -> String {
    switch column.content {
    case .numbers(let numbers, _): numbers.areWhole ? "whole numbers" : "numbers"
    case .text: "text"
    case .nothing: "nothing"
    }
  }

  private func values(of column: ColumnProfile) -> String {
    switch column.content {
    case .numbers(let numbers, let others):
      let subnormal =
        (numbers.subnormalCount > 0 ? ", \(numbers.subnormalCount) subnormal" : "")
        + (others > 0 ? "; not numbers: \(amount(others, "cell"))" : "")
      guard numbers.minimum < numbers.maximum || others > 0 else {
        return "\(NumberText.significant(numbers.minimum)) in every row" + subnormal
      }
      return "\(NumberText.significant(numbers.minimum)) to "
        + "\(NumberText.significant(numbers.maximum)), mean "
        + NumberText.significant(numbers.mean) + subnormal
    case .text(let levelCount, let commonest, let count):
      return "\(amount(levelCount, "level")), commonest \(EscapedText(commonest)) (\(count))"
    case .nothing: return NumberText.unavailable
    }
  }

  // MARK: Labels

  private func labelText(_ dataset: DatasetProfile) -> String {
    var classes = TextTable(["class", "rows", "mass", "share"], leftColumns: 1)
    let shown = dataset.classes.prefix(rowLimit ?? .max)
    for profile in shown {
      classes.append([
        profile.name, "\(profile.rowCount)", NumberText.count(profile.weight),
        NumberText.percent(profile.weight / dataset.totalWeight),
      ])
    }
    let hidden = dataset.classes.count - shown.count
    let soft =
      dataset.labelKind == .classes
      ? "" : "; \(amount(dataset.softRowCount, "row")) with more than one class"
    let weightless =
      dataset.weightlessRowCount == 0
      ? "" : "; \(amount(dataset.weightlessRowCount, "row")) of weight 0 left out"
    return "labels: \(dataset.labelKind.words), \(amount(dataset.rowCount, "row")), total weight "
      + NumberText.count(dataset.totalWeight) + soft + weightless + "\n" + classes.text()
      + (hidden > 0
        ? "\n  ... \(hidden) more classes: \(CommandFlag.all) prints them, \(CommandFlag.json) "
          + "lists them"
        : "")
      + "\n  mean label entropy \(NumberText.fixed(dataset.labelEntropy, 6)) nats: no cross "
      + "entropy is below it\n  entropy of the mean label "
      + NumberText.fixed(dataset.nullCrossEntropy, 6)
      + " nats: what a model without features reaches"
  }

  // MARK: Features

  private func featureText(_ dataset: DatasetProfile) -> String {
    let columns = dataset.columnNames.count
    let bases = dataset.bases.map {
      "\(EscapedText($0.column).text) = \(EscapedText($0.level).text)"
    }
    var lines = [
      "features: \(amount(columns, "design column")) and the intercept, rank \(dataset.rank)"
        + (dataset.aliased.isEmpty ? ", all independent" : "")
        + (bases.isEmpty ? "" : "; base levels \(bases.prefix(20).joined(separator: ", "))")
    ]
    lines += dataset.aliased.prefix(20).map {
      "  aliased: " + TerminalText.safe($0.equation(columnNames: dataset.columnNames))
    }
    if dataset.aliased.count > 20 { lines.append("  and \(dataset.aliased.count - 20) more") }
    if !dataset.aliased.isEmpty {
      lines.append(
        dataset.rowCount < columns + 1
          ? "  fewer rows than coefficients of a class: they are not determined without a prior "
            + "(\(CommandFlag.lambda))"
          : "  such a column gets no coefficient; fitted probabilities are not affected")
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Existence

  private func existenceText(_ dataset: DatasetProfile) -> String {
    guard let existence = dataset.existence else { return "" }
    switch existence {
    case .attained(.fullSupport):
      return "maximum: exists; every label gives every class a positive probability"
    case .attained(.sharedSupport):
      return "maximum: exists; the soft labels leave no direction that separates classes"
    case .attained(.knownClasses):
      return "maximum: exists; rows of one possible class leave no direction that separates"
    case .attained:
      return "maximum: exists; no direction separates the classes (proven by a linear program)"
    case .undecided(let reason):
      return "maximum: not known; \(reason.sentence); the fit looks again"
    case .separated(let separation):
      let names = dataset.kept.map { dataset.columnNames[$0] }
      let sentence = separation.sentence(
        classNames: dataset.classes.map(\.name), columnNames: names)
      return "maximum: NONE; \(TerminalText.safe(sentence)); at least "
        + "\(separation.infiniteCount) coefficients are infinite for any reference class"
    }
  }

  private var verdict: String {
    let next = next.map { "\nnext: \($0)" } ?? ""
    if problem != nil { return "not fit to be fitted: see the error" + next }
    guard dataset != nil else {
      let votes = [.vote, .annotators].contains(table.suggestion?.role)
      return "labels: none were named" + (votes ? "; these are votes, which make labels" : "")
        + next
    }
    return
      (needsPrior
      ? "can be fitted; a prior makes every coefficient finite and unique"
      : "fit to be fitted") + next
  }

  private func amount(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
