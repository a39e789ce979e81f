import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

extension EvaluationPrinter {
  /// The text, without a final line feed.
  public var text: String {
    var blocks = [main]
    if let score = evidence { blocks.append(evidenceTable(score)) }
    if options.includesLabelDistribution { blocks.append(distributionTable) }
    if options.parts.contains(.classes) { blocks.append(classTable) }
    if options.parts.contains(.confusion) { blocks.append(confusionTable) }
    if options.parts.contains(.reliability) { blocks.append(reliabilityTable) }
    if options.parts.contains(.plot) {
      blocks.append(
        ReliabilityPlot(calibration.topLabel, level: options.level, hasColor: options.hasColor)
          .text)
    }
    return blocks.joined(separator: "\n\n")
  }

  private var main: String {
    let head =
      "  \(evaluation.rows) rows, total weight " + NumberText.count(evaluation.totalWeight)
    return ([head, "", mainTable, ""] + remarks).joined(separator: "\n")
  }

  private struct Line {
    let name: String
    let value: (Scored) -> Double
    var error: Double?
    var dependsOnTies = false
  }

  private var lines: [Line] {
    var result = [
      Line(
        name: "cross entropy (nats)", value: { $0.evaluation.crossEntropy },
        error: errors.crossEntropy),
      Line(
        name: LabelNoiseText.entropyName(of: evaluation.labels.kind),
        value: { $0.evaluation.labelEntropy }, error: errors.labelEntropy),
      Line(
        name: "+ KL divergence", value: { $0.evaluation.klDivergence }, error: errors.klDivergence),
    ]
    if let noise {
      result += [
        Line(name: LabelNoiseText.noiseName, value: { _ in noise.expected }),
        Line(
          name: LabelNoiseText.misfitName,
          value: { $0.evaluation.klDivergence - noise.expected }, error: noise.standardError),
      ]
    }
    result += [
      Line(name: "Brier score", value: { $0.evaluation.brier }, error: errors.brier),
      Line(name: "= label impurity (floor)", value: { $0.evaluation.labelImpurity }),
      Line(name: "+ squared distance", value: { $0.evaluation.brierDivergence }),
    ]
    if options.isOrdered {
      result += [
        Line(
          name: "ranked probability score",
          value: { $0.evaluation.rankedProbabilityScore().score }),
        Line(
          name: "= label spread (floor)",
          value: { $0.evaluation.rankedProbabilityScore().labelSpread }),
        Line(
          name: "+ squared distance", value: { $0.evaluation.rankedProbabilityScore().divergence }),
      ]
    }
    return result + [
      Line(
        name: "accuracy", value: { $0.evaluation.accuracy }, error: errors.accuracy,
        dependsOnTies: true),
      Line(
        name: "expected accuracy", value: { $0.evaluation.expectedAccuracy },
        error: errors.expectedAccuracy, dependsOnTies: true),
      Line(
        name: "top-\(topK) accuracy", value: { $0.evaluation.topKAccuracy(topK) },
        dependsOnTies: topK < evaluation.classCount),
      Line(
        name: "calibration error, top label",
        value: { $0.calibration.topLabel.ece }, dependsOnTies: true),
      Line(
        name: "  debiased",
        value: { $0.calibration.topLabel.debiasedECE },
        dependsOnTies: true),
      Line(
        name: "calibration error, classes",
        value: { $0.calibration.classwiseECE }),
    ]
  }

  private var mainTable: String {
    var table = TextTable(
      ["", "predictions", "std.error", "null", "uniform"], leftColumns: 1)
    for line in lines {
      let cells = [predictions, null, uniform].map { item -> String in
        let isTied = line.dependsOnTies && item.evaluation.tiedPredictions > 0
        return cell(line.value(item)) + (hasTies ? (isTied ? " t" : "  ") : "")
      }
      table.append([line.name, cells[0], line.error.map(cell) ?? "", cells[1], cells[2]])
    }
    return table.text()
  }

  /// The mean log-likelihood of evidence or candidate sets, with the null model of its own.
  private func evidenceTable(_ score: EvidenceScore) -> String {
    var table = TextTable(["labels as evidence", "predictions", "null", "uniform"], leftColumns: 1)
    table.append(
      ["mean log-likelihood (nats)"] + [score.logLikelihood, score.null, score.uniform].map(cell))
    let share = score.explainedShare.map { ", McFadden's share \(NumberText.percent($0))" } ?? ""
    return table.text() + "\n  null: the class shares that are most likely for these rows\(share)"
  }

  private var hasTies: Bool {
    [predictions, null, uniform].contains { $0.evaluation.tiedPredictions > 0 }
  }

  func cell(_ value: Double) -> String {
    value.isInfinite ? (value > 0 ? "infinite" : "-infinite") : NumberText.fixed(value, 6)
  }

  private var remarks: [String] {
    var lines: [String] = []
    if evaluation.klDivergence > null.evaluation.klDivergence {
      lines.append("  the predictions are worse than the mean label of these rows")
    } else if let noise {
      lines.append("  " + LabelNoiseText(noise).misfitLine)
      lines.append(
        "  deviance explained: \(NumberText.percent(correctedShare)), the noise of the votes taken "
          + "out; raw \(NumberText.percent(explainedShare))")
    } else if let share = explainedShare, evaluation.labels.kind != .candidates {
      lines.append(
        "  deviance explained: \(NumberText.percent(share)) of the divergence of the null model")
    }
    if evaluation.labels.kind == .probabilities { lines.append("  " + LabelNoiseText.unknownVotes) }
    lines.append("  std.error: \(unitWords); the predictions are taken as given")
    lines.append("  null: the mean label of these rows for every row")
    lines.append(zeroWords)
    lines += tieWords
    return lines + notes.map { "  note: \($0)" }
  }

  private var unitWords: String {
    guard let clusters = options.clusters else { return "rows are independent" }
    return "\(errors.units) clusters of \(TerminalText.safe(clusters.name)) are independent"
  }

  private var zeroWords: String {
    let count = evaluation.infiniteRows
    guard count > 0 else { return "  zeros: 0 log 0 = 0, nothing is clipped; no row is infinite" }
    return
      "  zeros: nothing is clipped; \(count) \(count == 1 ? "row has" : "rows have") label mass "
      + "where the prediction is zero, an infinite cross entropy"
  }

  private var tieWords: [String] {
    let tied = [("predictions", predictions), ("null", null), ("uniform", uniform)]
      .map { ($0.0, $0.1.evaluation.tiedPredictions) }.filter { $0.1 > 0 }
      .map { "\($0.1) \($0.1 == 1 ? "row" : "rows") of \($0.0)" }
    var lines: [String] = []
    if !tied.isEmpty {
      lines.append(
        "  t  largest predictions are tied in \(tied.joined(separator: ", ")): the first class "
          + "counts, so these depend on the order of the classes")
    }
    if evaluation.tiedLabels > 0 {
      lines.append(
        "  labels are tied in \(evaluation.tiedLabels) rows: accuracy takes the first class; "
          + "expected accuracy does not choose")
    }
    return lines
  }

  private var distributionTable: String {
    var table = TextTable(
      ["label distributions", "predictions", "null", "uniform"], leftColumns: 1)
    let columns = [measures] + [null, uniform].map { $0.evaluation.labelDistributionMeasures() }
    for name in Self.distributionMeasures {
      table.append([name.key] + columns.map { cell($0[keyPath: name.value]) })
    }
    return table.text()
  }

  static var distributionMeasures: KeyValuePairs<String, KeyPath<LabelDistributionMeasures, Double>>
  {
    [
      "chebyshev": \.chebyshev, "clark": \.clark, "canberra": \.canberra, "kl": \.kl,
      "cosine": \.cosine, "intersection": \.intersection,
    ]
  }
}
