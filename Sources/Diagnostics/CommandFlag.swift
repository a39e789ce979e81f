import SurprisalTables

/// The flags of the command that reports and errors of other modules refer to.
public enum CommandFlag {
  /// Everything as one JSON object.
  public static let json = "--json"
  /// Names the features.
  public static let features = "--features"
  /// Every row of a table.
  public static let all = "--all"
  /// The coefficients as CSV.
  public static let tidy = "summary --tidy"
  /// A prior.
  public static let lambda = "--l2 LAMBDA"
  /// Nested cross-validation.
  public static let nested = "--nested"
  /// What the labels are taken to be.
  public static let likelihood = "fit --likelihood"
  /// The file that training is continued from.
  public static let checkpoint = "--checkpoint"
  /// Training is continued.
  public static let resume = "--resume"
  /// Training by a plateau, for at most so many passes.
  public static let passes = "--schedule plateau --epochs"
  /// Figures and their tables as files.
  public static let figures = "--svg DIR"
}

extension ColumnRole {
  /// The flag that names columns of this role.
  public var flag: String {
    switch self {
    case .target: "--target"
    case .probabilities: "--probs"
    case .counts: "--counts"
    case .candidates: "--candidates"
    case .evidence: "--evidence"
    case .logEvidence: "--log-evidence"
    case .evidencePrior: "--evidence-prior"
    case .predictions: "--prediction-columns"
    case .features: "--features"
    case .texts: "--text"
    case .weight: "--weight"
    case .frequency: "--frequency"
    case .offset: "--offset"
    case .cluster(.standardErrors): "--std-errors"
    case .cluster(.folds): "--group"
    case .cluster(.scores): "--cluster"
    case .key: "--key"
    case .item: "--item"
    case .annotator: "--annotator"
    case .vote: "--label"
    case .annotators: "--annotators"
    case .modelInput: "the model"
    case .kept: "--keep"
    }
  }
}
