import SurprisalAnnotation
import SurprisalEstimation
import SurprisalOptimization
import SurprisalTables

/// A warning as printed and stored: a code word and a sentence.
public struct WarningText: Sendable, Equatable {
  /// The code word, such as `fit.separation`; `surprisal explain-error` describes it.
  public var code: String
  /// The sentence.
  public var message: String

  /// Creates a warning.
  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

extension FitWarning {
  /// The warning as text.
  public var text: WarningText { WarningText(code: code, message: message) }

  /// Whether it only reports a choice made on held-out rows: a note, not a warning.
  public var isChoice: Bool { ["fit.layers", "fit.prior"].contains(code) }

  /// The code word.
  public var code: String {
    switch self {
    case .rareClass, .rareClasses: "label.rare"
    case .existenceUndecided: "fit.existence"
    case .boundary: "fit.boundary"
    case .severalOptima: "fit.optima"
    case .caution, .startWasBest, .priorOutweighsLabels, .ensembleMeans: "fit.caution"
    case .rankDeficient: "fit.aliased"
    case .brokenDependence: "feature.dependence"
    case .rankUnexamined: "fit.rank"
    case .fewDigits: "fit.digits"
    case .separated: "fit.separation"
    case .notConverged: "fit.notconverged"
    case .layersChosen: "fit.layers"
    case .priorChosen: "fit.prior"
    case .impossibleClasses: "calibrate.impossible"
    case .calibratedOnTrainingRows: "calibrate.training"
    case .votes(let warning): warning.text.code
    case .annotatorsUnsettled: "votes.rounds"
    case .recorded(let code, _): code
    }
  }

  /// The sentence.
  public var message: String {
    switch self {
    case .rareClass(let name, let weight):
      "class \(EscapedText(name)) has a weight of only \(weight)"
    case .rareClasses(let names):
      "\(names.count) classes have a weight of at most 1 each, such as "
        + names.prefix(5).map { EscapedText($0).description }.joined(separator: ", ")
    case .existenceUndecided(let reason):
      "it was not decided whether a maximum exists: \(reason.sentence)"
    case .boundary(let text): "the optimum is at a boundary: \(text)"
    case .severalOptima(let values):
      "the starts led to \(values.count) distinct optima, with objectives "
        + values.prefix(5).map { "\(($0 * 1e8).rounded() / 1e8)" }.joined(separator: ", ")
        + (values.count > 5 ? " ..." : "") + "; the first is reported"
    case .caution(let text): text
    case .rankDeficient(let deficiency): deficiency.sentence
    case .brokenDependence(let rows, let count, let equation):
      "\(rows) of \(count) rows violate \(equation), which held in all training rows: their "
        + "predictions use only the columns that were kept, and the training data do not "
        + "determine them"
    case .rankUnexamined:
      "there are too many features to search for dependent columns; a prior makes the "
        + "coefficients unique"
    case .fewDigits(let coefficients, let standardErrors):
      "rounding leaves \(Self.digits(coefficients)) of the coefficients, in units of their "
        + "standard errors, and \(Self.digits(standardErrors)) of the standard errors: columns are "
        + "nearly dependent, or values of one column differ too much in size"
    case .separated(let separation): separation.sentence
    case .notConverged(let termination): "the fit did not converge: \(termination.sentence)"
    case .startWasBest:
      "no pass improved on the random start on the validation rows, so it was kept: try a "
        + "lower --learning-rate, a smaller network or a stronger --l2"
    case .priorOutweighsLabels(let zeroObjective):
      "the prior outweighs the labels: weights of zero would have an objective of "
        + "\((zeroObjective * 1e6).rounded() / 1e6), training ended above it; use a smaller "
        + "--l2, or more passes"
    case .ensembleMeans(let count, let includesLogLikelihood):
      "for these \(count) networks objective\(includesLogLikelihood ? ", log-likelihood" : "") and "
        + "log posterior are means, and the gradient is the largest; cross entropy is that of the "
        + "averaged probabilities"
    case .layersChosen(let choice): choice.sentence
    case .priorChosen(let choice): choice.sentence
    case .impossibleClasses(let count, let classCount):
      "small probabilities of \(count) of \(classCount) classes become 0: the cross "
        + "entropy of a new row of such a class is infinite"
    case .calibratedOnTrainingRows:
      "these seem to be the training rows: the model has the same loss on them; calibrate on "
        + "rows that were not used for the fit"
    case .votes(let warning): warning.text.message
    case .annotatorsUnsettled(let rounds):
      "the confusion matrices still changed in the last of \(rounds) rounds of training"
    case .recorded(_, let message): message
    }
  }
}

extension LayerChoice {
  /// Whether a network improves on softmax regression for these data, as a sentence.
  fileprivate var sentence: String {
    let tried = candidates.map { candidate in
      "\(Self.name(candidate.hidden)) \(Self.rounded(candidate.divergence))"
    }
    var text =
      "hidden layers were chosen on \(rowCount) held-out rows: "
      + "\(Self.name(candidates[chosen].hidden)) from \(measure.name) "
      + tried.joined(separator: ", ")
    guard let estimate = difference.estimate, let interval = difference.interval else {
      return text + "; too few rows for an interval"
    }
    text +=
      "; the best network minus the linear model: \(Self.rounded(estimate)) (95 % interval "
      + "\(Self.rounded(interval.lowerBound)) to \(Self.rounded(interval.upperBound))): "
    switch verdict {
    case .helps: text += "a network helps here"
    case .hurts: text += "a network is worse here"
    case .open: text += "it is not decided whether a network helps here"
    }
    return text
  }

  private static func name(_ hidden: [Int]) -> String {
    hidden.isEmpty ? "none" : hidden.map(String.init).joined(separator: "-")
  }

  private static func rounded(_ value: Double) -> String { "\((value * 1e5).rounded() / 1e5)" }
}

extension PriorChoice {
  /// The strengths and their divergences, as a sentence.
  fileprivate var sentence: String {
    let tried = zip(strengths, divergences).map {
      "l2 \($0) with \(measure.name) \(($1 * 1e5).rounded() / 1e5)"
    }
    return "the prior was chosen on \(rowCount) held-out rows: l2 \(strength) from "
      + tried.joined(separator: ", ")
  }
}

extension FitWarning {
  fileprivate static func digits(_ count: Int) -> String {
    count == 0 ? "no digit" : "about \(count) \(count == 1 ? "digit" : "digits")"
  }
}

extension RankDeficiency {
  fileprivate var sentence: String {
    guard Double(columnCount) <= rowCount else {
      return "the maximum is not identified: \(columnCount) columns of rank \(rank) for "
        + "\(Int(exactly: rowCount).map(String.init) ?? "fewer") rows, so infinitely many "
        + "coefficients give the same probabilities; a prior (--l2 LAMBDA) makes them unique; "
        + "fitted values are not affected"
    }
    let rest = aliasedCount - equations.count
    return "the design matrix has rank \(rank) and \(columnCount) columns: "
      + equations.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
      + "; fitted values are not affected, but predictions for rows that violate this are"
  }
}

extension SeparationWarning {
  fileprivate var sentence: String {
    Separation.sentence(
      kind, classGroups: classGroups, columns: columns, rowCount: rowCount, isRigorous: isRigorous)
      + "; \(infiniteCount) of the \(coefficientCount) coefficients against class "
      + "\(reference) \(infiniteCount == 1 ? "is" : "are") infinite"
      + "; a prior (--l2 LAMBDA\(allowsJeffreys ? ", or --prior jeffreys" : "")) gives finite ones"
  }
}
