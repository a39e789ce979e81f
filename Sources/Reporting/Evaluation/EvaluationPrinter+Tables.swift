import SurprisalDiagnostics
import SurprisalEvaluation

extension EvaluationPrinter {
  /// The largest number of classes for which the full matrix is printed.
  private static let widestConfusion = 12
  /// The largest number of printed lines; JSON has all of them.
  private static let lineLimit = 60

  /// One line per class.
  var classTable: String {
    var table = TextTable(
      [
        "class", "share", "mean q", "predicted", "recall", "precision", "F1", "cross entropy",
        "calibration error",
      ], leftColumns: 1)
    let scores = evaluation.classScores()
    for (index, score) in scores.prefix(Self.lineLimit).enumerated() {
      table.append([
        options.classNames[index], NumberText.fixed(score.labelShare, 4),
        NumberText.fixed(score.meanProbability, 4), NumberText.fixed(score.predictedShare, 4),
        NumberText.fixed(score.recall, 4), NumberText.fixed(score.precision, 4),
        NumberText.fixed(score.f1, 4), cell(score.crossEntropy),
        cell(calibration.classes[index].ece),
      ])
    }
    return "classes: shares of label weight, mean probability, share of rows predicted\n"
      + table.text() + rest(scores.count)
  }

  private func rest(_ count: Int) -> String {
    count > Self.lineLimit
      ? "\n  and \(count - Self.lineLimit) more, which \(CommandFlag.json) has" : ""
  }

  /// The names of the classes, shortened if the columns of the whole matrix are too wide.
  private var confusionNames: [String] {
    let names = options.classNames.map(TerminalText.safe)
    let widths = names.map(\.displayWidth)
    guard let width = TextLayout.width, widths.reduce(widths.max() ?? 0, +) > width / 2 else {
      return names
    }
    return TextTable.shortened(names, to: 12)
  }

  /// Labels against predictions: the whole matrix, or the largest confusions if there are many
  /// classes.
  var confusionTable: String {
    let matrix = confusion
    let head = "confusion: weight of the labels (down), predicted class (across)\n"
    guard matrix.classCount > Self.widestConfusion else {
      let names = confusionNames
      var table = TextTable([""] + names + ["all"], leftColumns: 1)
      for (index, row) in matrix.weights.enumerated() {
        table.append(
          [names[index]] + (row + [matrix.labelWeights[index]]).map(weight))
      }
      table.append(["all"] + (matrix.predictionWeights + [matrix.total]).map(weight))
      return head + table.text()
    }
    var cells: [(label: Int, predicted: Int, weight: Double)] = []
    for (label, row) in matrix.weights.enumerated() {
      for (predicted, weight) in row.enumerated() where predicted != label && weight > 0 {
        cells.append((label, predicted, weight))
      }
    }
    cells.sort {
      ($1.weight, $0.label, $0.predicted) < ($0.weight, $1.label, $1.predicted)
    }
    var table = TextTable(["label", "predicted", "weight", "of label"], leftColumns: 2)
    for cell in cells.prefix(20) {
      table.append([
        options.classNames[cell.label], options.classNames[cell.predicted], weight(cell.weight),
        NumberText.percent(cell.weight / matrix.labelWeights[cell.label]),
      ])
    }
    return
      "confusion: the largest of \(cells.count) confusions; \(CommandFlag.json) has the matrix\n"
      + table.text()
  }

  private func weight(_ value: Double) -> String {
    value == value.rounded() ? NumberText.count(value) : NumberText.fixed(value, 2)
  }

  /// The bins of the top label, and the calibration errors with and without noise.
  var reliabilityTable: String {
    let diagram = calibration.topLabel
    let percent = NumberText.significant(options.level * 100, 4)
    var table = TextTable(
      ["confidence", "right", "low", "high", "rows", "weight", ""],
      alignments: [.right, .right, .right, .right, .right, .right, .left])
    for bin in diagram.bins {
      let misses = !bin.band.contains(bin.confidence)
      table.append([
        NumberText.fixed(bin.confidence, 4), NumberText.fixed(bin.outcome, 4),
        NumberText.fixed(bin.band.lowerBound, 4), NumberText.fixed(bin.band.upperBound, 4),
        "\(bin.rows)", NumberText.count(bin.weight),
        misses ? (bin.confidence > bin.outcome ? "overconfident" : "underconfident") : "",
      ])
    }
    var errors = TextTable(["calibration error", "raw", "debiased"], leftColumns: 1)
    errors.append(["top label", cell(diagram.ece), cell(diagram.debiasedECE)])
    errors.append([
      "mean of the classes", cell(calibration.classwiseECE),
      cell(calibration.debiasedClasswiseECE),
    ])
    return "reliability of the most probable class against the label distribution, bins of equal "
      + "mass, \(percent) % bands\n" + table.text() + "\n\n" + errors.text()
      + "\n  raw errors are above zero by noise alone; squared error less its noise "
      + NumberText.significant(diagram.squaredError, 3)
  }
}
