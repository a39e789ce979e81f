import ArgumentParser
import Surprisal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `surprisal compare`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare models and files of predictions on the same rows, with paired intervals.",
    discussion: """
      Examples:
        surprisal compare a.json b.json test.csv --probs 'p_*'
        surprisal compare ours.json test.csv --target class --predictions theirs.csv
        surprisal compare t.csv --probs 'p_*' --predictions p.csv --predictions q.csv

      Differences are taken row by row from the prediction with the smallest cross
      entropy, or from --against; the mean label of the rows is compared too.
      Information criteria and tests of nested fits are printed where they are
      valid, and the reason where they are not.

      Flags for reading files: --help-all.
      """)

  @Argument(
    help: ArgumentHelp("Model files, followed by the data.", valueName: "models data"))
  var files: [String]

  @Option("file", "A file of predictions with the same rows; may be repeated.")
  var predictions: [String] = []

  @Option("columns", "The columns of predictions, one per class.") var predictionColumns = "p_*"

  @Option(
    "names",
    "Names of the models, then of the predictions, separated by commas. Default: their files.")
  var names: String?

  @Option("name", "The reference of the comparison. Default: the smallest cross entropy.")
  var against: String?

  @Option("column", "Intervals by clusters: rows with the same text in this column form a cluster.")
  var cluster: String?

  @Option("n", "Resamples of the bootstrap; 0 for none.") var bootstrap = 2000
  @Option("n", "The seed of the resamples.") var seed: UInt64 = 1

  @OptionGroup var intervals: IntervalOptions

  @OptionGroup var rows: LabelledRows
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if files.count + predictions.count < 2 {
      throw ValidationError("give models or --predictions, followed by the data")
    }
    if bootstrap < 0 || bootstrap == 1 || bootstrap > 10_000_000 {
      throw ValidationError("--bootstrap takes 0, or a number from 2 to 10000000")
    }
    if let given = names?.split(separator: ",", omittingEmptySubsequences: false) {
      if given.count != models.count + predictions.count {
        throw ValidationError(
          "--names takes \(models.count + predictions.count) names, not \(given.count)")
      }
      if Set(given).count < given.count || given.contains(where: \.isEmpty) {
        throw ValidationError("--names takes distinct names")
      }
    }
  }

  private var models: [String] { Array(files.dropLast()) }

  private var data: String { files.last ?? "-" }

  func run() throws {
    if InputFile(data).isStandardInput, models.count + predictions.count > 1 {
      throw UsageError(
        "the data are read once for each prediction, and the standard input only once",
        suggestion: "name a file")
    }
    let outputs = try CommandOutputs(
      rejects: rows.table.rejects,
      inputs: (files + predictions + rows.labels.files).map { InputFile($0) })
    // Warnings are reported once for all predictions, not at each reading of the data.
    let scorer = rows.scorer(
      of: InputFile(data), cluster: cluster, quiet: true, collector: outputs.collector)
    let scored = try inStep(score(scorer), scorer)
    let comparison = try compare(scored)
    var records: [Int: FitRecord] = [:]
    for (index, item) in scored.enumerated() { records[index] = item.record }
    var notes: [String] = []
    for note in scored.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    let printer = try ComparisonPrinter(
      comparison, names: allNames, records: records, clusters: scored[0].clusters,
      level: intervals.level,
      replicates: bootstrap, seed: seed, notes: notes, fits: scored.map(\.ownFit) + [nil])
    try outputs.finish {
      if output.json {
        try output.print(json: printer.json)
      } else {
        try output.print(text: printer.text)
      }
    }
  }

  /// The scores of all predictions. Warnings so far are reported if one of them fails, too.
  private func score(_ scorer: PredictionScorer) throws -> [PredictionScorer.Scored] {
    var (scorer, scored) = (scorer, [PredictionScorer.Scored]())
    defer { if !output.quiet { report(warningsOf: scored) } }
    for path in models + predictions {
      let next =
        scored.count < models.count
        ? try scorer.score(model: path)
        : try scorer.score(predictions: path, columns: predictionColumns)
      scorer.hold(next)
      scored.append(next)
    }
    return scored
  }

  /// Reports each warning once. If rows are left out, it begins with the name of the data; if it
  /// does not concern all predictions, it ends with the names of those that it concerns.
  private func report(warningsOf scored: [PredictionScorer.Scored]) {
    var found: [(warning: DataWarning, names: [String])] = []
    for (name, item) in zip(allNames, scored) {
      for warning in item.warnings {
        guard let place = found.firstIndex(where: { $0.warning == warning }) else {
          found.append((warning, [name]))
          continue
        }
        if found[place].names.last != name { found[place].names.append(name) }
      }
    }
    for (warning, names) in found {
      let file = warning.dropsRows ? "\(EscapedText(InputFile(data).name).text): " : ""
      let concerned = names.map { EscapedText($0).description }.joined(separator: ", ")
      Console.warn(
        code: warning.code,
        file + warning.message + (names.count == scored.count ? "" : ", for \(concerned)"))
    }
  }

  private func compare(_ scored: [PredictionScorer.Scored]) throws -> MultipleComparison {
    let names = allNames
    let reference = try against.map { name in
      guard let place = names.firstIndex(of: name) else {
        throw UsageError(
          "--against: there is no prediction named \(EscapedText(name))",
          suggestion: EditDistance.question(about: name, among: names)
            ?? "their names are \(names.joined(separator: ", "))")
      }
      return place
    }
    return try MultipleComparison(
      of: scored.map(\.evaluation) + [scored[0].evaluation.null], reference: reference,
      amongFirst: scored.count, clusters: scored[0].clusters?.indices, level: intervals.level,
      replicates: bootstrap, seed: seed, threads: rows.threads.count)
  }

  /// The predictions of the rows that all files have in common. The classes must be the same, in
  /// any order; the rows (unless some are skipped) and their weights must be equal.
  private func inStep(
    _ scored: [PredictionScorer.Scored], _ scorer: PredictionScorer
  ) throws -> [PredictionScorer.Scored] {
    let numbers = scored.map(\.loaded.rowNumbers)
    guard numbers.contains(where: { $0 != numbers[0] }) else {
      try requireSame(scored)
      return scored
    }
    let common = numbers.dropFirst().reduce(Set(numbers[0])) { $0.intersection($1) }
    guard !common.isEmpty else {
      throw LabelColumnError.noRowsLeft(
        file: data, reasons: scored.flatMap(\.loaded.warnings).filter(\.dropsRows))
    }
    let same = try zip(scored, numbers).map { item, numbers in
      try scorer.scored(item, rows: numbers.indices.filter { common.contains(numbers[$0]) })
    }
    if !output.quiet {
      Console.write("note: compared on the \(common.count) rows that all of them have in common")
    }
    try requireSame(same)
    return same
  }

  private func requireSame(_ scored: [PredictionScorer.Scored]) throws {
    let first = scored[0]
    for (index, other) in scored.enumerated().dropFirst() {
      guard Set(other.classNames) == Set(first.classNames) else {
        throw UsageError(
          "\(EscapedText(allNames[index])) and \(EscapedText(allNames[0])) do not have the same "
            + "classes",
          details: [
            other.classNames.prefix(20).joined(separator: ", "),
            first.classNames.prefix(20).joined(separator: ", "),
          ])
      }
      guard other.evaluation.rowCount == first.evaluation.rowCount,
        other.evaluation.weights == first.evaluation.weights
      else {
        throw LabelColumnError.rowMismatch(
          file: allNames[index], found: other.evaluation.rowCount,
          expected: first.evaluation.rowCount)
      }
    }
  }

  /// The given names, or the file names without folder and extension if these are distinct; the
  /// null model is last.
  private var allNames: [String] {
    let paths = models + predictions
    let given =
      names.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      ?? paths.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    let bare = Set(given).count == given.count && !given.contains("null") ? given : paths
    return (Set(bare).count == bare.count ? bare : bare.enumerated().map { "\($1) #\($0 + 1)" })
      + ["null"]
  }
}
