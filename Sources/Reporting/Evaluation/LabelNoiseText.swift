import SurprisalEvaluation
import SurprisalModelStore
import SurprisalProbability

/// The noise of votes and the misfit in words and as JSON.
struct LabelNoiseText {
  let noise: LabelNoise

  init(_ noise: LabelNoise) { self.noise = noise }

  static let noiseName = "  = expected noise of the votes"
  static let misfitName = "  + misfit"
  static let unknownVotes =
    "the number of votes behind the proportions is not known: if there are votes, part of the "
    + "divergence is their noise"

  /// The name of the label entropy. For votes it is the entropy of the observed votes, not a lower
  /// bound.
  static func entropyName(of labels: LabelKind) -> String {
    labels == .counts ? "= label entropy of these votes" : "= label entropy (floor)"
  }

  /// The misfit with its standard error and its test.
  var misfitLine: String {
    let error = noise.standardError.map { ", std.error \(NumberText.significant($0, 3))" } ?? ""
    guard let test = noise.test else {
      return
        "misfit \(NumberText.significant(noise.misfit, 4))\(error); counts are too small for a "
        + "chi-square test"
    }
    let method =
      switch test.method {
      case .deviance:
        "deviance, \(test.degreesOfFreedom ?? 0) degrees of freedom, chi-square approximation"
      case .bootstrap: "parametric bootstrap"
      case .normal: "normal approximation over rows"
      }
    return "misfit \(NumberText.significant(noise.misfit, 4))\(error); test that it is zero: "
      + "\(NumberText.pValue(test.pValue)) (\(method))"
  }

  /// The object of `label_noise`; `nullDivergence` is that of the null model.
  func json(nullDivergence: Double) -> JSONValue {
    .members([
      "expected": JSONValue(noise.expected), "misfit": JSONValue(noise.misfit),
      "misfit_std_error": JSONValue(noise.standardError),
      "p_value": JSONValue(noise.test?.pValue),
      "test": noise.test.map { .string($0.method.rawValue) } ?? .null,
      "degrees_of_freedom": JSONValue(noise.test?.degreesOfFreedom),
      "explained_share": JSONValue(noise.explainedShare(nullDivergence: nullDivergence)),
    ])
  }
}

extension LabelNoise {
  /// Whether the divergence is clearly smaller than the noise that true predictions would have: by
  /// more than three standard errors.
  var isMoreThanIsLeft: Bool { standardError.map { misfit + 3 * $0 < 0 } ?? false }
}
