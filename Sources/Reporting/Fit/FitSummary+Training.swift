import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization

extension MultilayerPerceptron {
  /// The architecture in one line.
  var summary: String {
    var parts = [
      hidden.isEmpty
        ? "network without hidden layers"
        : "network, hidden layers of \(hidden.map(String.init).joined(separator: ", ")) "
          + "\(activation.rawValue) units"
    ]
    if normalizesLayers { parts.append("normalised") }
    if dropout > 0 { parts.append("dropout \(NumberText.significant(dropout))") }
    if hasSkip { parts.append("with a linear skip") }
    return parts.joined(separator: ", ")
  }
}

/// The part of a summary about a network.
extension FitSummary {
  /// The architecture in one line; nil for other models.
  var networkLine: String? {
    guard let training = record.training, let first = training.first else { return nil }
    let many = training.count > 1 ? "average of \(training.count): " : ""
    return many + first.network.summary
      + (bases.isEmpty
        ? "" : "; base levels " + bases.map(TerminalText.safe).joined(separator: ", "))
  }

  /// Validation and convergence of the training; empty for other models.
  var trainingText: String {
    guard let training = record.training else { return "" }
    return [choiceText(training), validationText(training), courseText(training)].filter {
      !$0.isEmpty
    }
    .joined(separator: "\n\n")
  }

  /// The decrease of the loss in the last passes, and the command that continues training.
  var unfinished: String {
    guard let history = record.training?.first?.history, history.count > 1 else {
      return "allow more passes with \(CommandFlag.passes) N"
    }
    let count = min(10, history.count - 1)
    let (first, last) = (history[history.count - 1 - count], history[history.count - 1])
    let fall = ((first.score ?? first.loss) - (last.score ?? last.loss)) / Double(count)
    let name = last.score == nil ? "training loss" : "validation \(heldMeasure.name)"
    return "in the last \(count) passes the \(name) fell by "
      + "\(NumberText.significant(fall, 2)) a pass; "
      + "continue with \(CommandFlag.passes) \(4 * history.count)"
  }

  /// The options that training chose automatically.
  private func choiceText(_ training: [TrainingRecord]) -> String {
    guard let first = training.first, first.options.schedule == .plateau else { return "" }
    let scale =
      first.options.inputScale == .common
      ? "one unit for all columns" : "each column's own unit"
    guard first.options.method != .lbfgs else { return allRowsText(first, scale) }
    let watched = first.validation == nil ? "training loss" : "validation \(heldMeasure.name)"
    var text =
      "training: batches of \(first.options.batchSize), rate "
      + "\(NumberText.significant(first.options.peakRate, 3)), lowered when the \(watched) stops "
      + "falling; \(scale)"
    if let held = first.validation, let steps = first.refitSteps {
      text +=
        "\n\(held.rowCount) rows, drawn by the seed, were held out to find the number of steps; "
        + "the model was then trained again on all rows, for \(steps) steps at the same rates, "
        + "which then fall to 0"
    }
    return text
  }

  /// The same if L-BFGS was used in place of training in batches.
  private func allRowsText(_ training: TrainingRecord, _ scale: String) -> String {
    var text =
      "training: all rows at once, by L-BFGS, since they and the parameters are few; \(scale)"
    if let steps = training.refitSteps {
      let held = training.validation?.rowCount ?? 0
      let which =
        record.statistics.rowCount <= Double(Validation.mostRowsOfAllFolds)
        ? "all rows were held out in turn, about \(held) at a time,"
        : "\(held) rows, drawn by the seed, were held out"
      text +=
        "\n\(which) to find the number of iterations; the model was then trained again on all "
        + "rows, for \(steps) iterations"
    }
    return text
  }

  /// What the network is judged by on validation rows.
  private var heldMeasure: HeldMeasure { HeldMeasure(record.specification.labels) }

  private func validationText(_ training: [TrainingRecord]) -> String {
    guard let whole = record.validation else { return "" }
    let isEvidence = heldMeasure == .evidence
    var table = TextTable(
      ["validation, \(whole.rowCount) rows"]
        + (isEvidence ? [heldMeasure.name] : ["cross entropy", "= H", "+ KL"]) + ["kept pass"],
      leftColumns: 1)
    func append(_ name: String, _ held: TrainingRecord.Held, _ epoch: String) {
      let values =
        isEvidence ? [held.divergence] : [held.crossEntropy, held.labelEntropy, held.divergence]
      table.append([name] + values.map { NumberText.fixed($0, 6) } + [epoch])
    }
    for (index, member) in training.enumerated() {
      guard let held = member.validation else { continue }
      append(
        training.count > 1 ? "network \(index + 1)" : "network", held,
        member.bestEpoch.map { $0 == 0 ? "0 (the start)" : "\($0)" } ?? NumberText.unavailable)
    }
    if training.count > 1 { append("average of probabilities", whole, "") }
    return table.text()
  }

  /// Passes 1, 2, 4, ... of the first network, and its last.
  private func courseText(_ training: [TrainingRecord]) -> String {
    guard let history = training.first?.history, let last = history.last else { return "" }
    var table = TextTable(
      ["pass", "training loss", "validation \(heldMeasure.name)", "rate"], leftColumns: 0)
    for record in history
    where record.epoch & (record.epoch - 1) == 0 || record.epoch == last.epoch {
      table.append([
        "\(record.epoch)", NumberText.fixed(record.loss, 6),
        record.score.map { NumberText.fixed($0, 6) } ?? NumberText.unavailable,
        NumberText.significant(record.rate, 3),
      ])
    }
    return table.text()
  }
}
