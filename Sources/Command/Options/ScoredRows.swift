import ArgumentParser
import Surprisal

/// Labelled rows to score: labels, weights and offsets, and reading options.
struct LabelledRows: ParsableArguments {
  @Flag(help: "Leave out features of a LIBSVM file beyond those of the model.")
  var ignoreUnseen = false

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Weights and offsets") var weights: RowOptions
  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions

  /// Reads `data` and scores predictions for its rows; `cluster` names the column of clusters.
  func scorer(
    of data: InputFile, cluster: String? = nil, allowsFractionalCounts: Bool = true, quiet: Bool,
    collector: RejectCollector
  ) -> PredictionScorer {
    PredictionScorer(
      data: data, rows: self, cluster: cluster, quiet: quiet,
      allowsFractionalCounts: allowsFractionalCounts, collector: collector)
  }
}

/// Labelled rows, and either a model or a file with predictions for them.
struct ScoredRows: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A model file and the data, or the data alone with --predictions.", valueName: "files"))
  var files: [String]

  @Option("file", "Take the predictions from this file, which has the same rows.")
  var predictions: String?

  @Option("columns", "The columns of the predictions, one a class.") var predictionColumns = "p_*"

  @OptionGroup var rows: LabelledRows

  func validate() throws {
    guard files.count != (predictions == nil ? 2 : 1) else { return }
    throw ValidationError(
      predictions == nil
        ? "give a model file and a data file, or a data file with --predictions"
        : "with --predictions give the data file alone")
  }

  /// The data.
  var data: InputFile { InputFile(files[files.count - 1]) }

  /// The model, or the file with predictions.
  var source: InputFile { InputFile(predictions ?? files[0]) }

  /// All files that are read.
  var inputs: [InputFile] {
    (files + rows.labels.files + [predictions].compactMap { $0 }).map { InputFile($0) }
  }

  /// The scores of the model's predictions, or of those in the file.
  func score(_ scorer: PredictionScorer) throws -> PredictionScorer.Scored {
    if let predictions {
      return try scorer.score(predictions: predictions, columns: predictionColumns)
    }
    return try scorer.score(model: files[0])
  }
}
