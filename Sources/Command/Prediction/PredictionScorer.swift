import Surprisal

/// Scores models and files of predictions against the labels of a data file, as the options say.
struct PredictionScorer {
  let data: InputFile
  let labels: LabelOptions
  let weights: RowOptions
  let table: TableOptions
  let threads: ThreadCount
  /// The column that says which rows belong together.
  let cluster: String?
  let ignoresUnseen: Bool
  let quiet: Bool
  /// Takes the rows that are left out.
  var collector: RejectCollector

  /// What was scored, and what the printing has to know.
  struct Scored {
    let evaluation: Evaluation
    let classNames: [String]
    let clusters: Clusters?
    /// The data that were read.
    let loaded: LoadedData
    /// The model, if it was one.
    var model: FittedModel?
    /// The predictions, if they came from a file.
    var probabilities: ClassProbabilities?
    var record: FitRecord?
    var notes: [String] = []
  }

  /// Scores a model.
  func score(model path: String) throws -> Scored {
    let saved = try ModelFile.read(InputFile(path))
    let classifier = saved.classifier
    if classifier.usesOffsets, weights.offset == nil {
      throw UsageError(
        "the model was fitted with offsets, and needs them to predict",
        suggestion: "name their columns, one a class, with --offset 'o_*'")
    }
    let loaded = try load(classes: classifier.classNames) { layout in
      layout.inputs = classifier.inputs
    }
    do throws(DatasetError) {
      let logs = try classifier.logProbabilities(
        for: loaded.requireColumns(), offsets: loaded.dataset.offsets, threads: threads)
      let evaluation = try Evaluation(
        ofLogProbabilities: logs, against: loaded.dataset.labels,
        weights: loaded.dataset.weights, threads: threads)
      return Scored(
        evaluation: evaluation, classNames: classifier.classNames, clusters: loaded.clusters,
        loaded: loaded, model: saved,
        // Criteria are about the fit, which a calibration has left.
        record: classifier.calibration == nil ? saved.record : nil,
        notes: Self.notes(classifier.likelihood) + Self.notes(classifier.calibration))
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
  }

  /// Scores a file with one column of probabilities for each class.
  func score(predictions path: String, columns: String) throws -> Scored {
    let file = PredictionFile(
      InputFile(path), columns: ColumnPattern(columns),
      options: table.delimited(collecting: nil, threads: threads))
    let (classes, probabilities) = try file.read()
    let loaded = try load(classes: classes) { layout in
      layout.inputs = ModelInputs.none
    }
    guard loaded.dataset.rowCount == probabilities.rowCount else {
      throw LabelColumnError.rowMismatch(
        file: path, found: probabilities.rowCount, expected: loaded.dataset.rowCount)
    }
    let evaluation = try Evaluation(
      of: probabilities, against: loaded.dataset.labels, weights: loaded.dataset.weights,
      threads: threads)
    return Scored(
      evaluation: evaluation, classNames: classes, clusters: loaded.clusters, loaded: loaded,
      probabilities: probabilities)
  }

  /// Whose probabilities are scored, where they are repaired.
  private static func notes(_ calibration: CalibrationRecord?) -> [String] {
    guard let calibration else { return [] }
    return [
      "the model is calibrated: \(calibration.method.words), fitted to "
        + "\(NumberText.count(calibration.rowCount)) rows"
    ]
  }

  /// What a model means by its predictions, where labels are something else.
  private static func notes(_ likelihood: any Likelihood) -> [String] {
    guard likelihood is NoisyLabel else { return [] }
    return [
      "the model predicts the class behind a noisy label; the labels are scored as they stand, "
        + "noise included"
    ]
  }

  private func load(
    classes: [String], adjust: (inout ColumnRoles) -> Void
  ) throws -> LoadedData {
    try table.checkStorage(of: data)
    var layout = ColumnRoles(labels: try labels.requireColumns(of: table.format(of: data)))
    try labels.apply(to: &layout)
    layout.featureStorage = table.featureStorage
    weights.apply(to: &layout)
    layout.knownClasses = classes
    layout.ignoresUnseen = ignoresUnseen
    layout.allowsFractionalCounts = true
    layout.cluster = cluster
    layout.clusterPurpose = .scores
    adjust(&layout)
    let loaded = try DatasetReader(
      roles: layout, delimited: table.delimited(collecting: collector, threads: threads)
    ).read(data)
    Console.report(loaded.warnings, quiet: quiet)
    return loaded
  }
}
