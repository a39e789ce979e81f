import ArgumentParser
import Surprisal

/// `surprisal summary`
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Print a saved model.",
    discussion: """
      Examples:
        surprisal summary model.json
        surprisal summary model.json --tidy > coefficients.csv
        surprisal summary model.json --effects data.csv --at 'age=20,40,60'
        surprisal summary model.json --contrast 'mild:dose - severe:dose'

      --tidy prints one line a coefficient and --glance one line a model, with the
      column names of the R package broom.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model")) var model: String
  @Flag(help: "Print the coefficients as CSV.") var tidy = false
  @Flag(help: "Print one line of statistics as CSV.") var glance = false
  @Flag(help: "Print odds ratios, the exponentials of coefficients.") var exponentiate = false

  @Option("file", "Write the covariance of the coefficients to this file, as CSV.")
  var vcov: String?

  @Flag(help: "Add the settings of other programs that give the same estimates.")
  var equivalents = false

  @Option(
    "file",
    "Add average marginal effects over the rows of this file; with --tidy, print only these.")
  var effects: String?

  @Option(
    "column=values",
    """
    Effects, and mean probabilities, with a column of the file of --effects set to each of these \
    values. May be given again, for another column.
    """)
  var at: [String] = []

  @Option(
    "terms",
    """
    Add a linear combination of coefficients, such as 'b:x - 0.5*c:x', with its error; several \
    are tested together. May be given again; with --tidy, they are printed alone.
    """)
  var contrast: [String] = []

  @Option(
    "columns", "The offsets the model was fitted with, such as 'o_*', in the file of --effects.")
  var offset: String?

  @Option("text|markdown|latex|csv", "Print only the coefficients, for a document.")
  var format: DocumentFormat?

  @Option("class", "The class that coefficients are compared with. Default: that of the fit.")
  var reference: String?

  @OptionGroup var intervals: IntervalOptions

  @Flag(help: "Print every coefficient.") var all = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if [tidy, glance, output.json, format != nil].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --tidy, --glance, --format and --json")
    }
    if format != nil, equivalents || effects != nil || !contrast.isEmpty {
      throw ValidationError("--format prints only the coefficients")
    }
    if equivalents, tidy || glance {
      throw ValidationError("--equivalents needs the text or --json")
    }
    if glance, effects != nil || !contrast.isEmpty {
      throw ValidationError(
        "\(effects != nil ? "--effects" : "--contrast") cannot be combined with --glance")
    }
    if offset != nil, effects == nil { throw ValidationError("--offset needs --effects") }
    if !at.isEmpty, effects == nil { throw ValidationError("--at needs --effects") }
    if tidy, effects != nil, !contrast.isEmpty {
      throw ValidationError("--tidy prints either --effects or --contrast: give one of them")
    }
    if exponentiate, output.json {
      throw ValidationError("--exponentiate needs the text or --tidy, not --json")
    }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      [vcov], rejects: nil, inputs: [model, effects].compactMap { $0.map { InputFile($0) } })
    let saved = try againstReference(try ModelFile.read(InputFile(model)))
    if tidy || format != nil, saved.record.training != nil {
      throw UsageError(
        "a network has no coefficients to list with \(tidy ? "--tidy" : "--format")",
        suggestion: "--glance prints its statistics")
    }
    var printer = ModelPrinter(model: saved)
    printer.level = intervals.level
    let tables = try TidyTables(
      saved.record, classNames: saved.classifier.classNames, exponentiates: exponentiate,
      level: intervals.level)
    if let vcov { try outputs.stage(CovarianceFile(saved).text, as: vcov) }
    let settings = PenaltyEquivalents(
      saved.record, classCount: saved.classifier.classNames.count)
    let contrasts = try contrastTable(of: saved)
    let effects = try effectTables(of: saved)
    try outputs.finish {
      if output.json {
        var value = equivalents ? settings.added(to: printer.json()) : printer.json()
        if let contrasts { value = contrasts.added(to: value) }
        try output.print(json: effects.map { $0.added(to: value) } ?? value)
      } else if tidy {
        try OutputOptions.print(contrasts?.tidy ?? effects?.tidy ?? tables.tidy)
      } else if let format {
        try OutputOptions.print(printer.coefficients(as: format, exponentiates: exponentiate))
      } else if glance {
        try OutputOptions.print(tables.glance)
      } else {
        let parts = [
          printer.text(all: all, exponentiates: exponentiate), contrasts?.text, effects?.text,
          equivalents ? settings.text : nil,
        ]
        try output.print(text: parts.compactMap { $0 }.joined(separator: "\n\n"))
      }
    }
  }

  /// The model with coefficients relative to the class of `--reference`.
  private func againstReference(_ saved: FittedModel) throws -> FittedModel {
    guard let reference else { return saved }
    let names = saved.classifier.classNames
    guard let index = names.firstIndex(of: reference) else {
      throw UsageError(.reference(reference, classNames: names))
    }
    var result = saved
    if saved.record.uncertainty.kind != nil, saved.parameters.covariance == nil {
      throw CovarianceFile(saved).absence
    }
    result.record = saved.record.against(reference: index)
    return result
  }

  /// The linear combinations of coefficients.
  private func contrastTable(of saved: FittedModel) throws -> ContrastTable? {
    guard !contrast.isEmpty else { return nil }
    do {
      return ContrastTable(
        try LinearContrasts(
          contrast, of: saved.record, classNames: saved.classifier.classNames,
          level: intervals.level))
    } catch {
      throw UsageError("there is no such contrast: \(error.sentence)", suggestion: error.suggestion)
    }
  }

  /// The effects over the rows of a file, with memory independent of its length: at the columns of
  /// the file, or at each combination of the values of `--at`.
  private func effectTables(of saved: FittedModel) throws -> EffectTable? {
    guard let effects else { return nil }
    if saved.classifier.usesOffsets, offset == nil {
      throw UsageError(
        "the model was fitted with offsets, and needs them for its effects",
        suggestion: "name their columns, one per class, with --offset 'o_*'")
    }
    var sums = try settings(of: saved).map { settings in
      (settings, try MarginalEffects(of: saved, level: intervals.level, settings: settings))
    }
    var stream = try PredictionStream(
      InputFile(effects), inputs: saved.classifier.inputs, classNames: saved.classifier.classNames,
      offsets: offset.map { ColumnPattern($0) })
    var rowCount = 0
    while let rows = try stream.next() {
      try rows.locatingErrors {
        let features = try rows.columns.encoded(as: saved.classifier.encoding)
        for index in sums.indices { try sums[index].1.add(features, offsets: rows.offsets) }
      }
      rowCount += rows.columns.rowCount
    }
    return try EffectTable(
      sums.map { (settings: $0.0, effects: $0.1) }, rowCount: rowCount,
      classNames: saved.classifier.classNames)
  }

  /// The combinations of the values of `--at`; without any, one that sets nothing.
  private func settings(of saved: FittedModel) throws -> [[EffectSetting]] {
    var result: [[EffectSetting]] = [[]]
    for text in at {
      let values: [EffectSetting]
      do throws(PredictionRefusal) {
        values = try EffectSetting.all(text, in: saved.classifier.encoding)
      } catch {
        throw UsageError("--at: \(error.sentence)")
      }
      if result[0].contains(where: { $0.column == values[0].column }) {
        throw UsageError("--at sets \(EscapedText(values[0].column)) twice")
      }
      guard result.count * values.count <= 1000 else {
        throw UsageError("--at makes more than 1000 combinations of values")
      }
      result = result.flatMap { set in values.map { set + [$0] } }
    }
    return result
  }
}

extension DocumentFormat: ExpressibleByArgument {}
