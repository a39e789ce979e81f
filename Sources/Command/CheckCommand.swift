import ArgumentParser
import Surprisal

/// `surprisal check`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Report the content of a file and whether it can be fitted.",
    discussion: """
      Examples:
        surprisal check votes.csv
        surprisal check votes.csv --counts 'n_*'
        surprisal check iris.csv --target class --json

      Lists the columns with their types, missing cells and values. Where the
      labels are named: classes and their mass, mean label entropy, columns that
      depend on others, and whether the likelihood has a maximum at all
      (separation). Nothing is fitted. Ends with the next command to type. Exit
      status 65 where the data cannot be fitted.

      Flags for reading files: --help-all.
      """)

  @Argument(help: .data) var file: String

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Features and weights") var features: FeatureOptions

  @Option(
    "name",
    "The likelihood of the labels. Default: multinomial for --counts, otherwise categorical.")
  var likelihood: LikelihoodRegistry?

  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(help: "Print every column and class.") var all = false

  func run() throws {
    let outputs = try CommandOutputs(
      rejects: table.rejects, inputs: ([file] + labels.files).map { InputFile($0) })
    var check = try examine(outputs.collector)
    if all { check.rowLimit = nil }
    if let problem = check.problem {
      try print(check)
      throw problem
    }
    try outputs.finish { try print(check) }
  }

  private func print(_ check: DataCheck) throws {
    if output.json {
      try output.print(json: check.json)
    } else {
      try output.print(text: check.text)
    }
  }

  private func examine(_ collector: RejectCollector) throws -> DataCheck {
    let columns = labels.columns(of: table.format(of: InputFile(file)))
    let loader = DataLoader(
      labels: labels, features: features, table: table, threads: threads.count,
      collector: collector)
    var reader = try loader.reader(InputFile(file), labels: columns ?? .unnamed) { layout in
      layout.allowsFractionalCounts = columns.map { name(for: $0) == Categorical().name } ?? false
    }
    let tables = try reader.readTables(InputFile(file))
    let profile = TableProfile(
      tables, roles: reader.roles, options: reader.delimited, suggestsLabels: columns == nil)
    guard let columns else {
      return DataCheck(
        table: profile, dataset: nil, notices: reader.columnWarnings(tables),
        next: Self.next(profile.suggestion).text)
    }
    return try examine(tables, reader, profile, columns, collector)
  }

  /// Aggregates votes to labels first.
  private static func next(_ suggestion: LabelSuggestion?) -> NextCommand {
    guard let suggestion else { return NextCommand("check", adding: ["--target", "COLUMN"]) }
    switch suggestion.role {
    case .vote: return NextCommand("aggregate", adding: ["-o", "labels.csv"])
    case .annotators:
      return NextCommand(
        "aggregate", adding: ["--annotators", suggestion.pattern, "-o", "labels.csv"])
    default: return NextCommand("check", adding: [suggestion.role.flag, suggestion.pattern])
    }
  }

  private func examine(
    _ tables: TableSet, _ reader: DatasetReader, _ profile: TableProfile, _ columns: LabelColumns,
    _ collector: RejectCollector
  ) throws -> DataCheck {
    do {
      let loaded = try reader.load(tables)
      try collector.add(rowsLeftOutOf: loaded, InputFile(file), reader.delimited)
      let dataset = try describe(loaded, name(for: columns))
      var check = DataCheck(table: profile, dataset: dataset, notices: loaded.warnings)
      check.next =
        NextCommand(
          "fit", adding: (check.needsPrior ? ["--l2", "1e-3"] : []) + ["-o", "model.json"]
        )
        .text
      return check
    } catch let problem as any LocatedError {
      let next = NextCommand("explain-error", keeping: false, adding: [problem.code]).text
      return DataCheck(table: profile, dataset: nil, problem: problem, next: next)
    }
  }

  private func name(for columns: LabelColumns) -> String {
    Specification(
      likelihood: .init(name: likelihood?.name), labels: labels.adjustments(over: .init())
    ).likelihoodName(for: columns)
  }

  private func describe(_ loaded: LoadedData, _ name: String) throws -> DatasetProfile {
    do {
      try table.memoryBudget.require(
        FitMemory.ofExamination(of: loaded.dataset, threads: threads.count),
        for: "the examination of \(loaded.dataset.rowCount) rows of "
          + "\(loaded.dataset.features.columnCount) columns")
      let likelihood = try Specification.Likelihood(name: name).model(for: loaded.dataset)
      return try profile(loaded.dataset, likelihood)
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: loaded.source)
    }
  }

  private func profile<L: Likelihood>(
    _ data: Dataset, _ likelihood: L
  ) throws(DatasetError) -> DatasetProfile {
    try DatasetProfile(of: data, likelihood: likelihood, threads: threads.count)
  }
}
