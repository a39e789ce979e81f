import SurprisalCalibration
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalProbability

/// The summary of a fit as text.
public struct FitSummary: Sendable {
  /// The fit.
  public let record: FitRecord
  /// The classes.
  public let classNames: [String]
  /// The base level of each text column, in words.
  public let bases: [String]
  /// The name of the data, if known.
  public var dataName: String?
  /// How features were stored in the fit, if not in double precision.
  public var storageNote: String?
  /// The largest number of printed coefficient rows; nil prints all.
  public var rowLimit: Int? = 60
  /// The number of features D, if there are no coefficients to show it.
  public var featureCount: Int?
  /// The calibration of the probabilities, if there is one.
  public var calibration: CalibrationRecord?
  /// Whether the facts omit the numbers that certify the solution.
  var isBrief = false
  /// The coverage of intervals.
  public var level = 0.95
  /// Whether odds ratios are printed instead of log odds.
  public var exponentiates = false

  /// Creates a summary of a record, with a name per class.
  package init(
    _ record: FitRecord, classNames: [String], bases: [String] = [], dataName: String? = nil
  ) {
    self.record = record
    self.classNames = classNames
    self.bases = bases
    self.dataName = dataName
  }

  /// The whole text, without a final line feed.
  public var text: String {
    [
      header, entropies, likelihood, confusion, trainingText, coefficientTable,
      record.votes?.text(limit: rowLimit) ?? "", notes,
    ]
    .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  // MARK: Header

  private var statistics: FitStatistics { record.statistics }

  private var header: String {
    var table = TextTable(["", ""], leftColumns: 2)
    for (name, text) in facts { table.append([name, text]) }
    return table.text()
  }

  /// The data, the model, and the convergence.
  var facts: [(name: String, text: String)] {
    let calibrationLine = calibration.map { CalibrationPrinter($0, classNames: classNames).line }
    let labels = record.specification.labels.words
    let lines: [(String, String?)] = [
      ("data", dataLine), ("features", storageNote),
      ("labels", "\(labels), read as \(record.specification.reading)"), ("model", modelLine),
      ("prior", priorLine), ("solver", solverLine), ("status", statusLine),
      ("distance", distanceLine), ("calibrated", calibrationLine),
    ]
    return lines.compactMap { name, text in text.map { (name, $0) } }
  }

  private var dataLine: String {
    let features = Set(record.coefficients.map(\.feature)).subtracting([
      ParameterTable.interceptName
    ])
    let rows = NumberText.count(statistics.rowCount)
    return (dataName.map { "\(TerminalText.safe($0)): " } ?? "")
      + "\(rows) rows, \(featureCount ?? features.count) features, \(classNames.count) classes, "
      + "total weight "
      + NumberText.count(statistics.totalWeight) + weightingPhrase
  }

  private var weightingPhrase: String {
    switch record.specification.weighting {
    case .uniform: record.specification.labels == .counts ? " (votes)" : ""
    case .importance: " (importance weights)"
    case .frequency: " (frequencies)"
    }
  }

  private var modelLine: String {
    if let network = networkLine { return network }
    let intercept = record.specification.hasIntercept ? "" : ", no intercepts"
    return "softmax regression\(intercept), reference class \(referenceName)"
      + (bases.isEmpty
        ? "" : "; base levels " + bases.map(TerminalText.safe).joined(separator: ", "))
  }

  var referenceName: String {
    TerminalText.safe(classNames[record.specification.reference])
  }

  private var priorLine: String {
    let prior = record.specification.prior
    guard let precision = prior.precision else {
      return prior.name == "jeffreys"
        ? "jeffreys, half the log determinant of the information: Firth's method"
        : "flat: maximum likelihood"
    }
    let what = record.training == nil ? "coefficients" : "weights"
    return "gaussian on \(prior.isStandardized ? "standardised" : "raw") \(what), precision "
      + "\(NumberText.significant(precision)) (l2 = \(NumberText.significant(prior.lambda))): "
      + "maximum a posteriori"
  }

  private var solverLine: String {
    let convergence = record.convergence
    return
      "\(convergence.solvers.joined(separator: ", then ")), \(convergence.iterations) iterations, "
      + "\(convergence.passes) passes over the data"
      + (convergence.setUpPasses > 0
        ? " (and set-up equal to \(NumberText.significant(convergence.setUpPasses, 2)))" : "")
  }

  private var statusLine: String {
    let gradient =
      isBrief
      ? "tolerance \(NumberText.significant(record.convergence.tolerance, 3))"
      : "|gradient| \(NumberText.significant(statistics.gradientNorm, 3)) "
        + "(standardised \(NumberText.significant(statistics.standardizedGradientNorm, 3)), "
        + "tolerance \(NumberText.significant(record.convergence.tolerance, 3)))"
    switch record.convergence.termination {
    case "converged":
      return "converged\(record.existence == "undecided" ? " (EXISTENCE NOT DECIDED)" : ""), "
        + gradient
    case "epochs_done": return "trained, all passes done, \(trainingGradient)"
    case "early_stopping": return "trained, stopped early, \(trainingGradient)"
    case "not_decided": return "MAXIMUM NOT DECIDED, \(gradient)"
    case "loss_settled":
      return "trained, the training loss no longer falls, \(trainingGradient)"
    case "steps_done": return "NOT FINISHED: \(unfinished), \(trainingGradient)"
    case "separation": return "NO FINITE MAXIMUM (separation), \(gradient)"
    default: return "NOT CONVERGED (\(record.convergence.termination)), \(gradient)"
    }
  }

  private var trainingGradient: String {
    "|gradient| \(NumberText.significant(statistics.gradientNorm, 3)) over all rows"
  }

  private var distanceLine: String? {
    if isBrief { return nil }
    if let bound = statistics.gapBound {
      return "the objective is at most \(NumberText.significant(bound, 3)) above its minimum"
    }
    guard record.convergence.isConverged, let estimate = statistics.gapEstimate else { return nil }
    return
      "the objective is less than about \(NumberText.significant(estimate, 3)) above its minimum "
      + "(Newton decrement)"
  }

  // MARK: Entropies and likelihood

  /// Proportions and beliefs under the categorical likelihood have only a quasi-likelihood.
  private var isQuasiLikelihood: Bool {
    record.specification.likelihood == "categorical" && record.specification.labels != .classes
  }

  private var entropies: String {
    let reading =
      switch record.specification.labels {
      case .candidates: ", labels uniform over their sets"
      case .evidence: ", evidence divided by its sum"
      case .classes, .probabilities, .counts: ""
      }
    let heading = "nats per unit of weight" + reading
    var table = TextTable([heading, "fit", "null", "uniform"], leftColumns: 1)
    let uniform = statistics.uniformCrossEntropy(classCount: classNames.count)
    let entropy = statistics.labelEntropy
    var rows: [(String, (Double) -> Double)] = [
      ("cross entropy", { $0 }), (LabelNoiseText.entropyName(of: labels), { _ in entropy }),
      ("+ KL divergence", { $0 - entropy }),
    ]
    if let noise = statistics.labelNoise {
      rows.append((LabelNoiseText.noiseName, { _ in noise.expected }))
      rows.append((LabelNoiseText.misfitName, { $0 - entropy - noise.expected }))
    }
    for (name, value) in rows {
      table.append(
        [name]
          + [statistics.crossEntropy, statistics.nullCrossEntropy, uniform]
          .map { NumberText.fixed(value($0), 6) })
    }
    return ([table.text()] + explained.map { "  " + $0 }).joined(separator: "\n")
  }

  private var labels: LabelKind { record.specification.labels }

  /// What the fit explains, and why some measures are missing.
  private var explained: [String] {
    guard isCrossEntropy else {
      let share = record.explainedShare.map { ": McFadden's share \(NumberText.percent($0))" } ?? ""
      return [
        "the log-likelihood of these labels rises from "
          + "\(NumberText.fixed(statistics.nullLogLikelihood, 4)) (null) to "
          + NumberText.fixed(statistics.logLikelihood, 4) + share
      ]
    }
    var lines: [String] = []
    if let noise = statistics.labelNoise {
      lines.append(LabelNoiseText(noise).misfitLine)
      lines.append(
        "deviance explained: \(NumberText.percent(statistics.correctedShare)), the noise of the "
          + "votes taken out; raw \(NumberText.percent(statistics.explainedShare))")
    } else {
      let isOwn = labels == .classes ? " (McFadden's share)" : ""
      lines.append(
        "deviance explained: \(NumberText.percent(statistics.explainedShare)) of the divergence of "
          + "the null model\(isOwn)")
      if labels == .probabilities { lines.append(LabelNoiseText.unknownVotes) }
    }
    if labels != .classes, let part = statistics.mcFaddenShare,
      let limit = statistics.mcFaddenLimit
    {
      lines.append(
        "McFadden's share of the cross entropy: \(NumberText.percent(part)); the entropy of the "
          + "labels keeps it below \(NumberText.percent(limit))")
    }
    return lines
  }

  /// Whether the log-likelihood is minus the cross entropy, up to weights and constants.
  private var isCrossEntropy: Bool { record.specification.isCrossEntropy }

  private var likelihood: String {
    var table = TextTable(["", ""], leftColumns: 2)
    table.append([
      isQuasiLikelihood ? "quasi-log-likelihood" : "log-likelihood",
      NumberText.fixed(statistics.logLikelihood, 4) + " = "
        + NumberText.fixed(statistics.logLikelihood - statistics.logLikelihoodConstant, 4)
        + " (depends on the parameters) + "
        + NumberText.fixed(statistics.logLikelihoodConstant, 4) + " (constant)",
    ])
    if let deviance = devianceText { table.append(["deviance", deviance]) }
    if let phi = record.dispersion(classCount: classNames.count) {
      table.append([
        "Pearson X2",
        "\(NumberText.fixed(statistics.pearson, 4)), dispersion phi "
          + "\(NumberText.significant(phi, 5)) (X2 / degrees of freedom)"
          + (record.uncertainty.kind == .quasi
            ? ", which is in the errors below"
            : "; quasi-multinomial errors are \(NumberText.significant(phi.squareRoot(), 5)) times "
              + "those below"),
      ])
    }
    if record.specification.prior.name != "flat" {
      table.append(["log posterior", NumberText.fixed(statistics.logPosterior, 4)])
    }
    table.append(["criteria", criteriaText])
    if let takeuchi = record.uncertainty.takeuchi {
      table.append([
        "",
        "TIC \(NumberText.fixed(takeuchi.value, 3)), "
          + "\(NumberText.significant(takeuchi.effectiveParameterCount, 5)) effective parameters "
          + "(Takeuchi: the model need not be correct)",
      ])
    }
    for own in record.ownParameters {
      let error = own.standardError.map {
        ", std.error \(NumberText.significant($0)), 95 % "
          + "[\(NumberText.significant(own.interval?.lowerBound)), "
          + "\(NumberText.significant(own.interval?.upperBound))]"
      }
      table.append([own.name, NumberText.significant(own.estimate) + (error ?? "")])
    }
    return table.text()
  }

  /// The estimated confusion matrix of noisy labels; empty if there is none.
  private var confusion: String {
    guard let matrix = record.confusionMatrix else { return "" }
    let head = "confusion matrix: probability of each label (across) for each true class (down)"
    guard matrix.count <= Self.widestConfusion else {
      return head + "\n  \(matrix.count) classes: \(CommandFlag.json) has it"
    }
    var table = TextTable([""] + classNames, leftColumns: 1)
    for (name, row) in zip(classNames, matrix) {
      table.append([name] + row.map { NumberText.fixed($0.estimate, 5) })
      if row.contains(where: { $0.standardError != nil }) {
        table.append(
          ["  std.error"] + row.map { NumberText.significant($0.standardError, 3) })
      }
    }
    return head + "\n" + table.text()
  }

  /// The largest number of classes for which the full matrix is printed.
  private static let widestConfusion = 12

  private var devianceText: String? {
    guard isCrossEntropy else { return nil }
    let value = NumberText.fixed(statistics.devianceAgainstLabels, 4)
    let freedom = statistics.saturatedFreedom(record.specification, classCount: classNames.count)
    return "\(value) against the saturated model, which predicts every label"
      + (freedom.map { "; \($0) degrees of freedom" } ?? "")
  }

  private var criteriaText: String {
    switch statistics.criteria {
    case .available(let akaike, let bayesian):
      let unit = record.specification.labels == .counts ? "votes" : "rows"
      let assumption =
        record.specification.labels == .probabilities
        ? "; assuming that the labels follow the density" : ""
      return "AIC \(NumberText.fixed(akaike, 3)), BIC \(NumberText.fixed(bayesian, 3)), "
        + "\(statistics.degreesOfFreedom ?? 0) degrees of freedom "
        + "(BIC of \(NumberText.count(statistics.totalWeight)) \(unit))" + assumption
    case .unavailable(let reason): return "no AIC or BIC: \(reason.sentence)"
    }
  }

  private var notes: String {
    record.warnings.map {
      "\($0.isChoice ? "note" : "warning")[\($0.code)]: \(TerminalText.safe($0.message))"
    }
    .joined(separator: "\n")
  }
}
