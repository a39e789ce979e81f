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

  /// The noise of the votes and the misfit, the two parts of the divergence.
  private func noiseRows(_ noise: LabelNoise) -> [[String]] {
    let all = [predictions, null, uniform].map { $0.evaluation.klDivergence - noise.expected }
    let error = noise.standardError
    func padded(_ value: Double) -> String { cell(value) + (hasTies ? "  " : "") }
    let expected = padded(noise.expected)
    return [
      [LabelNoiseText.noiseName, expected, "", "", "", expected, expected],
      [LabelNoiseText.misfitName, padded(all[0]), error.map(cell) ?? ""]
        + cells(interval(all[0], error, in: -.infinity...(.infinity)))
        + all.dropFirst().map(padded),
    ]
  }

  /// The interval of a value; nil without a standard error.
  func interval(
    _ value: Double?, _ error: Double?, in bounds: ClosedRange<Double>
  ) -> ClosedRange<Double>? {
    guard let value, let error, value.isFinite, error.isFinite else { return nil }
    let half = error * errors.quantile(level: options.level)
    return (value - half...value + half).clamped(to: bounds)
  }

  private func cells(_ interval: ClosedRange<Double>?) -> [String] {
    interval.map { [cell($0.lowerBound), cell($0.upperBound)] } ?? ["", ""]
  }

  private var mainTable: String {
    let ends = [(1 - options.level) / 2, (1 + options.level) / 2]
      .map { NumberText.significant($0 * 100, 4) + " %" }
    var table = TextTable(
      ["", "predictions", "std.error"] + ends + ["null", "uniform"], leftColumns: 1)
    for score in scores {
      guard let name = score.name else { continue }
      let cells = [predictions, null, uniform].enumerated().map { place, item -> String in
        guard place == 0 || score.isOfBaselines else { return "" }
        let isTied = score.dependsOnTies && item.evaluation.tiedPredictions > 0
        return (score.value(item).map(cell) ?? NumberText.unavailable)
          + (hasTies ? (isTied ? " t" : "  ") : "")
      }
      let ends = self.cells(interval(score.value(predictions), score.error, in: score.bounds))
      table.append([name, cells[0], score.error.map(cell) ?? ""] + ends + [cells[1], cells[2]])
      if let noise, score.key == .klDivergence {
        for row in noiseRows(noise) { table.append(row) }
      }
    }
    return table.text()
  }

  /// The mean log-likelihood of evidence or candidate sets, with its own null model.
  private func evidenceTable(_ score: EvidenceScore) -> String {
    var table = TextTable(["labels as evidence", "predictions", "null", "uniform"], leftColumns: 1)
    table.append(
      ["mean log-likelihood (nats)"] + [score.logLikelihood, score.null, score.uniform].map(cell))
    let share = score.explainedShare.map { ", McFadden's share \(NumberText.percent($0))" } ?? ""
    return table.text() + "\n  null: the class proportions that are most likely for these "
      + "rows\(share)"
  }

  private var hasTies: Bool {
    [predictions, null, uniform].contains { $0.evaluation.tiedPredictions > 0 }
  }

  func cell(_ value: Double) -> String {
    value.isInfinite ? (value > 0 ? "infinite" : "-infinite") : NumberText.fixed(value, 6)
  }

  private var remarks: [String] {
    var lines: [String] = []
    if let baselineRemark {
      lines.append("  " + baselineRemark)
    } else if let noise {
      lines.append("  " + LabelNoiseText(noise).misfitLine)
      lines.append(
        noise.isMoreThanIsLeft
          ? "  deviance explained: \(NumberText.percent(explainedShare)); the predictions are less "
            + "certain than the labels: less is left than their own noise"
          : "  deviance explained: \(NumberText.percent(correctedShare)), the noise of the votes "
            + "taken out; raw \(NumberText.percent(explainedShare))")
    } else if let share = explainedShare, evidence == nil {
      lines.append(
        "  deviance explained: \(NumberText.percent(share)) of the divergence of the null model")
    }
    if evaluation.labels.kind == .probabilities { lines.append("  " + LabelNoiseText.unknownVotes) }
    lines.append("  std.error: \(unitWords); the predictions are taken as given")
    if let spiegelhalter {
      lines.append(
        "  Spiegelhalter's test that the predictions are calibrated: "
          + NumberText.pValue(spiegelhalter.pValue))
    }
    lines.append("  null: the mean label of these rows for every row")
    lines.append(zeroWords)
    lines += tieWords
    return lines + notes.map { "  note: \($0)" }
  }

  private var unitWords: String {
    guard let clusters = options.clusters else { return "rows are independent" }
    let freedom = errors.freedom.map { ", t with \(NumberText.count($0)) degrees of freedom" } ?? ""
    let few = errors.units < 10 ? ", too few to rely on" : ""
    return "\(errors.units) clusters of \(TerminalText.safe(clusters.name)) are independent"
      + freedom + few
  }

  private var zeroWords: String {
    let count = evaluation.infiniteRows
    guard count > 0 else { return "  zeros: 0 log 0 = 0, nothing is clipped; no row is infinite" }
    return
      "  zeros: nothing is clipped; \(count) \(count == 1 ? "row has" : "rows have") label mass "
      + "although the prediction is zero, an infinite cross entropy"
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
