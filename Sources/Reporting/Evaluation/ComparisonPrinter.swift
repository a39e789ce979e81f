import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// Several predictions of the same rows side by side, as text and as JSON.
public struct ComparisonPrinter: Sendable {
  /// The scores and their differences; the null model is last.
  let comparison: MultipleComparison
  /// One name per evaluation.
  let names: [String]
  /// The fit records, by index; predictions from a file have none.
  let records: [Int: FitRecord]
  /// The clusters of the rows.
  let clusters: Clusters?
  /// The coverage of the intervals.
  let level: Double
  /// The number of bootstrap resamples.
  let replicates: Int
  /// The seed of the bootstrap.
  let seed: UInt64
  /// Further remarks, in sentences.
  let notes: [String]

  /// The standard errors of each evaluation.
  let errors: [StandardErrors]
  /// The noise of the votes under each prediction, and its misfit; nil if not available.
  let noise: [LabelNoise?]

  /// Creates a printer. `fits` are the fits of those evaluations whose rows are the rows of the
  /// fit. Throws `DatasetError.rowMismatch` unless there is one cluster per row, and one name per
  /// evaluation.
  public init(
    _ comparison: MultipleComparison, names: [String], records: [Int: FitRecord],
    clusters: Clusters?, level: Double, replicates: Int, seed: UInt64, notes: [String] = [],
    fits: [FitStatistics?] = []
  ) throws(DatasetError) {
    try DatasetError.require("names", names.count, equals: comparison.evaluations.count)
    self.comparison = comparison
    errors = try comparison.evaluations.map { evaluation throws(DatasetError) in
      try evaluation.standardErrors(clusters: clusters?.indices)
    }
    // The null model was computed from the same labels.
    noise = try comparison.evaluations.indices.map { index throws(DatasetError) in
      guard records[index] != nil || index + 1 < names.count else { return nil }
      return try comparison.evaluations[index].labelNoise(
        fit: fits.indices.contains(index) ? fits[index] : nil, clusters: clusters?.indices)
    }
    self.names = names
    self.records = records
    self.clusters = clusters
    self.level = level
    self.replicates = replicates
    self.seed = seed
    self.notes = notes
  }

  /// A measure, its difference, and whether smaller is better.
  struct Measure: Sendable {
    let key: String
    let name: String
    let difference: @Sendable (PairedComparison) -> PairedDifference
    let isSmallGood: Bool
  }

  /// The measures of these labels.
  var measures: [Measure] {
    let hasEvidence = comparison.differences.contains { $0?.evidence != nil }
    return hasEvidence ? [Self.evidence] + Self.measures : Self.measures
  }

  private static let evidence = Measure(
    key: "minus_log_evidence", name: "- log evidence",
    difference: { $0.evidence ?? $0.crossEntropy }, isSmallGood: true)

  private static let measures = [
    Measure(
      key: "cross_entropy", name: "cross entropy, and KL", difference: { $0.crossEntropy },
      isSmallGood: true),
    Measure(key: "brier", name: "Brier score", difference: { $0.brier }, isSmallGood: true),
    Measure(key: "accuracy", name: "accuracy", difference: { $0.accuracy }, isSmallGood: false),
    Measure(
      key: "expected_accuracy", name: "expected accuracy", difference: { $0.expectedAccuracy },
      isSmallGood: false),
  ]

  /// `better`, `worse`, `not told apart` from the reference, or `too few clusters` for a verdict.
  static func verdict(_ difference: PairedDifference, isSmallGood: Bool) -> String {
    if let estimate = difference.estimate, estimate.isInfinite {
      return (estimate > 0) == isSmallGood ? "worse" : "better"
    }
    guard let estimate = difference.estimate, let isTold = difference.isTold else {
      return "not comparable"
    }
    if !isTold || estimate == 0 { return "not told apart" }
    if !difference.isSupported { return "too few clusters" }
    return (estimate > 0) == isSmallGood ? "worse" : "better"
  }

  // MARK: Text

  /// The text, without a final line feed.
  public var text: String {
    ([scores] + measures.dropLast().map(differences) + [remarks, criteria])
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var scores: String {
    let hasNoise = noise.contains { $0 != nil }
    var table = TextTable(
      ["", "cross entropy", "= entropy", "+ KL", "std.error"]
        + (hasNoise ? ["noise", "misfit", "Pr(true)"] : []) + ["Brier", "accuracy", "expected"],
      leftColumns: 1)
    for (index, evaluation) in comparison.evaluations.enumerated() {
      let errors = errors[index]
      table.append(
        [
          names[index] + (index == comparison.reference ? " *" : ""),
          cell(evaluation.crossEntropy), cell(evaluation.labelEntropy),
          cell(evaluation.klDivergence), cell(errors.klDivergence),
        ]
          + (hasNoise
            ? [
              cell(noise[index]?.expected), cell(noise[index]?.misfit),
              NumberText.probability(noise[index]?.test?.pValue),
            ] : []) + [
            cell(evaluation.brier), cell(evaluation.accuracy), cell(evaluation.expectedAccuracy),
          ])
    }
    let first = comparison.evaluations[0]
    return "  \(first.rows) rows, total weight \(NumberText.count(first.totalWeight))\n\n"
      + table.text()
  }

  private func differences(_ measure: Measure) -> String {
    let percent = NumberText.significant(level * 100, 4) + " %"
    let hasBootstrap = replicates > 1
    var table = TextTable(
      [measure.name, "difference", "std.error", percent + " interval"]
        + (hasBootstrap ? ["bootstrap"] : []) + (isWild ? ["wild p"] : []) + [""],
      alignments: [.left, .right, .right, .right] + (hasBootstrap ? [.right] : [])
        + (isWild ? [.right] : []) + [.left])
    for (index, paired) in comparison.differences.enumerated() {
      guard let paired else { continue }
      let difference = measure.difference(paired)
      table.append(
        [
          "\(names[index]) - \(names[comparison.reference])", cell(difference.estimate),
          cell(difference.standardError), text(difference.interval),
        ]
          + (hasBootstrap ? [text(difference.bootstrapInterval)] : [])
          + (isWild ? [NumberText.probability(difference.wildPValue)] : [])
          + [Self.verdict(difference, isSmallGood: measure.isSmallGood)])
    }
    return table.text()
  }

  /// Whether there are so few clusters that a verdict needs the wild cluster bootstrap.
  private var isWild: Bool {
    comparison.differences.contains { $0?.crossEntropy.wildPValue != nil }
  }

  private func text(_ interval: ClosedRange<Double>?) -> String {
    guard let interval else { return NumberText.unavailable }
    return "\(cell(interval.lowerBound)) to \(cell(interval.upperBound))"
  }

  private func cell(_ value: Double?) -> String {
    if value == .infinity { return "infinite" }
    return value == -.infinity ? "-infinite" : NumberText.fixed(value, 6)
  }

  private var remarks: String {
    let units = comparison.differences.lazy.compactMap { $0?.units }.first ?? 0
    let unitWords =
      clusters.map {
        "\(units) clusters of \(TerminalText.safe($0.name)) are independent, t with \(units - 1) "
          + "degrees of freedom"
      } ?? "rows are independent"
    var lines = [
      "  * the reference, \(names[comparison.reference]); null is the mean label of these rows",
      "  intervals: row by row differences, \(unitWords)"
        + (replicates > 1 ? "; \(replicates) bootstrap resamples, seed \(seed)" : ""),
      "  not told apart: an interval contains 0. Each interval is for a single comparison",
    ]
    if noise.contains(where: { $0 != nil }) {
      lines.append(
        "  noise: the divergence expected of the votes if a prediction is true; misfit: the rest; "
          + "Pr(true): p of a larger divergence then")
    }
    if comparison.differences.contains(where: { $0?.evidence != nil }) {
      lines.append(
        "  - log evidence: minus the log-likelihood of the labels, the measure to compare "
          + "predictions by; the cross entropy is that of the evidence divided by its sum, and "
          + "favours predictions that are as uncertain as single labels")
    }
    if isWild {
      lines.append(
        "  wild p: wild cluster bootstrap over all signs of the clusters; with fewer than ten "
          + "clusters nothing is called better or worse without it")
    }
    lines += notes.map { "  note: \($0)" }
    return lines.joined(separator: "\n")
  }
}
