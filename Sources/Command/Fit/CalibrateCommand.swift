import ArgumentParser
import Surprisal

/// `surprisal calibrate`
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Calibrate predicted probabilities on labels that the model was not trained on.",
    discussion: """
      Examples:
        surprisal calibrate model.json heldout.csv --probs 'p_*' -o calibrated.json
        surprisal calibrate model.json new.csv --target class --method vector --json
        surprisal calibrate new.csv --target class --predictions p.csv -o better.csv

      With u the log-probabilities the model predicts, new ones are the softmax of
        temperature  u / T
        vector       a_k u_k + b_k     (u centred: the sum over the classes is 0)
        matrix       W u + b           (u centred)
        dirichlet    W u + b           (u as it is)
      fitted by maximum likelihood; --l2 adds lambda/2 * (sum of squared
      deviations of 1/T, a or W from the identity), b is free. isotonic replaces
      each probability by a non-decreasing function of it and divides by the sum;
      where all classes get 0 the row stays as it was.

      Use rows that took no part in the fit: on training rows a model looks better
      calibrated than it is. The model file then holds the calibration, and
      predict and evaluate use it. A calibration that the model had before is
      replaced.

      Flags for reading files: --help-all.
      """)

  @OptionGroup var input: ScoredRows

  @Option("temperature|vector|matrix|dirichlet|isotonic", "The calibration method.")
  var method = CalibrationMethod.temperature

  @Option("lambda", "A Gaussian prior on the deviations from the identity. Default: none.")
  var l2: Double?

  @Option(
    "file",
    "Write the calibrated model to this file; with --predictions the calibrated predictions.",
    name: .output)
  var output: String?

  @OptionGroup var replacement: ReplacementOptions

  @Flag(help: "Exit with status 3 if there are warnings.") var strict = false

  @OptionGroup(title: "Output") var common: OutputOptions

  func validate() throws {
    if let l2, !(l2 >= 0 && l2.isFinite) {
      throw ValidationError("--l2 takes a finite number that is not negative")
    }
    if method == .isotonic, l2 != nil {
      throw ValidationError("--l2 cannot be combined with --method isotonic")
    }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      [isStreamed ? nil : output], noClobber: replacement.noClobber,
      rejects: input.rows.table.rejects,
      inputs: input.inputs)
    let warnings =
      try input.predictions == nil ? calibrateModel(outputs) : calibratePredictions(outputs)
    if strict, !warnings.isEmpty { throw ExitCode(3) }
  }

  /// Whether the calibrated predictions are written to the standard output.
  private var isStreamed: Bool { input.predictions != nil && output == "-" }

  private func calibrateModel(_ outputs: CommandOutputs) throws -> [FitWarning] {
    let saved = try ModelFile.read(input.source)
    let base = saved.classifier.uncalibrated
    let loaded = try scorer(outputs).load(for: base, classes: base.classNames)
    try input.rows.table.requirePredictions(
      of: loaded.dataset.rowCount, classes: base.classNames.count, copies: 8, rowBytes: 460,
      beside: loaded.featureBytes / 2 * 3)
    let logs: BlockedMatrix
    do throws(DatasetError) {
      logs = try base.logProbabilities(
        for: loaded.requireColumns(), offsets: loaded.dataset.offsets,
        threads: input.rows.threads.count)
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
    var record = try fit(logs, loaded)
    if record.isOnTrainingData(of: saved.record) {
      record.warnings.append(.calibratedOnTrainingRows)
    }
    if let output {
      let model = FittedModel(
        classifier: saved.classifier.calibrated(trusting: record), record: saved.record)
      try outputs.stage(model, as: output)
    }
    if saved.classifier.calibration != nil, !common.quiet {
      Console.write("note: the previous calibration of the model is replaced")
    }
    try outputs.finish {
      try print(record, base.classNames)
    }
    return record.warnings
  }

  private func calibratePredictions(_ outputs: CommandOutputs) throws -> [FitWarning] {
    let read = try scorer(outputs).read(
      predictions: input.source.path, columns: input.predictionColumns)
    let loaded = read.loaded
    let classes = loaded.dataset.classNames
    // Including the text of the calibrated predictions.
    try input.rows.table.requirePredictions(
      of: loaded.dataset.rowCount, classes: classes.count, copies: 10, rowBytes: 340)
    let logs = read.probabilities.logarithms
    let record = try fit(logs, loaded, predictions: read.source)
    let text =
      output == nil ? nil : try text(of: record.calibrator, logs, classes, loaded.rowNumbers)
    if let output, let text, !isStreamed { try outputs.stage(text, as: output) }
    try outputs.finish {
      if isStreamed, let text { try OutputOptions.print(text, terminator: "") }
      if !isStreamed || common.json {
        try print(record, classes)
      }
    }
    return record.warnings
  }

  private func fit(
    _ logs: BlockedMatrix, _ loaded: LoadedData, predictions: DataSource? = nil
  ) throws -> CalibrationRecord {
    do throws(CalibrationError) {
      return try CalibrationFit(
        method, of: logs, to: loaded.dataset.labels, weights: loaded.dataset.weights, lambda: l2,
        options: FitOptions(threads: input.rows.threads.count)
      ).record
    } catch {
      throw CalibrationDiagnosis(
        error, in: loaded.source, predictions: predictions,
        classNames: loaded.dataset.classNames)
    }
  }

  private func text(
    of calibrator: Calibrator, _ logs: BlockedMatrix, _ classes: [String], _ numbers: [Int]
  ) throws -> String {
    var format = PredictionFormat(
      classNames: classes, type: .probabilities, kind: .csv, csvSafe: false)
    if input.rows.table.onBadRow == .skip || input.rows.weights.cells.missing == .drop {
      format.leavesOut = .numbered
    }
    let probabilities = try calibrator.probabilities(from: logs, threads: input.rows.threads.count)
    let rows = numbers.indices.map { row in
      format.text(ofRow: row, of: [probabilities.values], number: numbers[row])
    }
    return format.head + rows.joined() + format.tail(rowCount: numbers.last ?? 0)
  }

  private func print(_ record: CalibrationRecord, _ classes: [String]) throws {
    let printer = CalibrationPrinter(
      record, classNames: classes, dataName: input.data.name, modelName: input.source.name)
    if common.json {
      try common.print(json: record.json(classNames: classes))
    } else {
      try common.print(summary: printer.text)
    }
  }

  private func scorer(_ outputs: CommandOutputs) -> PredictionScorer {
    input.rows.scorer(
      of: input.data, allowsFractionalCounts: false, quiet: common.quiet,
      collector: outputs.collector)
  }
}

extension CalibrationMethod: ExpressibleByArgument {}

extension CalibrationRecord {
  /// Whether the scores of the predictions on these rows equal those of the model on its training
  /// rows.
  fileprivate func isOnTrainingData(of fit: FitRecord) -> Bool {
    let trained = fit.statistics
    func agree(_ first: Double, _ second: Double) -> Bool {
      (first - second).magnitude <= 1e-12 * max(1, second.magnitude)
    }
    return rowCount == trained.rowCount && agree(totalWeight, trained.totalWeight)
      && agree(before.labelEntropy, trained.labelEntropy)
      && agree(before.crossEntropy, trained.crossEntropy)
  }
}
