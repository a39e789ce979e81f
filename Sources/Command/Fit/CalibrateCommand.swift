import ArgumentParser
import Surprisal

/// `surprisal calibrate`
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Repair predicted probabilities with labels the model was not trained on.",
    discussion: """
      Examples:
        surprisal calibrate model.json heldout.csv --probs 'p_*' -o calibrated.json
        surprisal calibrate model.json heldout.csv --target class --method vector --json
        surprisal calibrate heldout.csv --target class --predictions p.csv -o better.csv

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

  @Argument(
    help: ArgumentHelp(
      "A model file and the held-out data, or the data alone with --predictions.",
      valueName: "files"))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "What is fitted.", valueName: "temperature|vector|matrix|dirichlet|isotonic"))
  var method = CalibrationMethod.temperature

  @Option(
    help: ArgumentHelp(
      "A Gaussian prior on the deviations from the identity. Default: none.", valueName: "lambda"))
  var l2: Double?

  @Option(
    help: ArgumentHelp(
      "Calibrate the predictions of this file, which has the same rows.", valueName: "file"))
  var predictions: String?

  @Option(help: ArgumentHelp("The columns of the predictions, one a class.", valueName: "columns"))
  var predictionColumns = "p_*"

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Write the calibrated model to this file; with --predictions the calibrated predictions.",
      valueName: "file"))
  var output: String?

  @Flag(help: "Refuse to replace an existing file.")
  var noClobber = false

  @Flag(help: "Leave with status 3 where something was warned of.")
  var strict = false

  @Flag(help: "Leave out features of a LIBSVM file beyond those of the model.")
  var ignoreUnseen = false

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Weights and offsets") var weights: RowOptions
  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var common: OutputOptions

  func validate() throws {
    let expected = predictions == nil ? 2 : 1
    if files.count != expected {
      throw ValidationError(
        predictions == nil
          ? "give a model file and a data file, or a data file with --predictions"
          : "with --predictions give the data file alone")
    }
    if let l2, !(l2 >= 0 && l2.isFinite) {
      throw ValidationError("--l2 takes a finite number that is not negative")
    }
    if method == .isotonic, l2 != nil {
      throw ValidationError("--l2 does not go with --method isotonic")
    }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      [isStreamed ? nil : output], noClobber: noClobber, rejects: table.rejects, inputs: inputs)
    let warnings =
      try predictions == nil ? calibrateModel(outputs) : calibratePredictions(outputs)
    if strict, !warnings.isEmpty { throw ExitCode(3) }
  }

  /// Whether the calibrated predictions go to the standard output.
  private var isStreamed: Bool { predictions != nil && output == "-" }

  private var inputs: [InputFile] {
    (files + labels.files + [predictions].compactMap { $0 }).map { InputFile($0) }
  }

  private func calibrateModel(_ outputs: CommandOutputs) throws -> [FitWarning] {
    let saved = try ModelFile.read(InputFile(files[0]))
    let base = saved.classifier.uncalibrated
    let loaded = try scorer(InputFile(files[1]), outputs).load(for: base, classes: base.classNames)
    try table.requirePredictions(
      of: loaded.dataset.rowCount, classes: base.classNames.count, copies: 5,
      beside: loaded.featureBytes)
    let logs: BlockedMatrix
    do throws(DatasetError) {
      logs = try base.logProbabilities(
        for: loaded.requireColumns(), offsets: loaded.dataset.offsets, threads: threads.count)
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
    var record = try fit(logs, loaded, loaded.source)
    if record.isOnTrainingData(of: saved.record) {
      record.warnings.append(.calibratedOnTrainingRows)
    }
    if let output {
      let model = FittedModel(
        classifier: saved.classifier.calibrated(by: record), record: saved.record)
      try outputs.stage(model, as: output)
    }
    if saved.classifier.calibration != nil, !common.quiet {
      Console.write("note: the calibration that the model had is replaced")
    }
    try outputs.finish {
      try print(record, base.classNames, modelName: InputFile(files[0]).name, dataIndex: 1)
    }
    return record.warnings
  }

  private func calibratePredictions(_ outputs: CommandOutputs) throws -> [FitWarning] {
    guard let predictions else { throw UsageError("no predictions were named") }
    let (loaded, probabilities) = try scorer(InputFile(files[0]), outputs).read(
      predictions: predictions, columns: predictionColumns)
    let classes = loaded.dataset.classNames
    let logs = probabilities.logarithms
    let record = try fit(logs, loaded, loaded.source)
    let text = output == nil ? nil : text(of: record.calibrator, logs, classes, loaded.rowNumbers)
    if let output, let text, !isStreamed { try outputs.stage(text, as: output) }
    try outputs.finish {
      if isStreamed, let text { try OutputOptions.print(text, terminator: "") }
      if !isStreamed || common.json {
        try print(record, classes, modelName: InputFile(predictions).name, dataIndex: 0)
      }
    }
    return record.warnings
  }

  private func fit(
    _ logs: BlockedMatrix, _ loaded: LoadedData, _ source: DataSource
  ) throws -> CalibrationRecord {
    do throws(CalibrationError) {
      return try CalibrationFit(
        method, of: logs, to: loaded.dataset.labels, weights: loaded.dataset.weights, lambda: l2,
        options: FitOptions(threads: threads.count)
      ).record
    } catch {
      throw CalibrationDiagnosis(error, in: source, classNames: loaded.dataset.classNames)
    }
  }

  private func text(
    of calibrator: Calibrator, _ logs: BlockedMatrix, _ classes: [String], _ numbers: [Int]
  ) -> String {
    var format = PredictionFormat(
      classNames: classes, type: .probabilities, kind: .csv, csvSafe: false)
    if table.onBadRow == .skip || weights.missing == .drop { format.leavesOut = .numbered }
    let probabilities = calibrator.probabilities(from: logs, threads: threads.count)
    let rows = numbers.indices.map { row in
      format.text(ofRow: row, of: [probabilities.values], number: numbers[row])
    }
    return format.head + rows.joined() + format.tail(rowCount: numbers.last ?? 0)
  }

  private func print(
    _ record: CalibrationRecord, _ classes: [String], modelName: String, dataIndex: Int
  ) throws {
    let printer = CalibrationPrinter(
      record, classNames: classes, dataName: InputFile(files[dataIndex]).name,
      modelName: modelName)
    if common.json {
      try common.print(json: record.json(classNames: classes))
    } else {
      try common.print(summary: printer.text)
    }
  }

  private func scorer(_ data: InputFile, _ outputs: CommandOutputs) -> PredictionScorer {
    PredictionScorer(
      data: data, labels: labels, weights: weights, table: table, threads: threads.count,
      ignoresUnseen: ignoreUnseen, quiet: common.quiet,
      allowsFractionalCounts: false, collector: outputs.collector)
  }
}

extension CalibrationMethod: ExpressibleByArgument {}

extension CalibrationRecord {
  /// Whether the predictions fare on these rows exactly as the model did on those of its fit.
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
