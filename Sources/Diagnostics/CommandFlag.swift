import SurprisalTables

/// The command line flags that messages and reports of other modules mention.
public enum CommandFlag {
  /// Prints everything as one JSON object.
  public static let json = "--json"
  /// Names the features.
  public static let features = "--features"
  /// Leaves columns out.
  public static let ignore = "--ignore"
  /// Prints every row of a table.
  public static let all = "--all"
  /// Prints the coefficients as CSV.
  public static let tidy = "summary --tidy"
  /// Sets a Gaussian prior.
  public static let lambda = "--l2 LAMBDA"
  /// Requests nested cross-validation.
  public static let nested = "--nested"
  /// Sets the likelihood of the labels.
  public static let likelihood = "fit --likelihood"
  /// Names the file from which training is resumed.
  public static let checkpoint = "--checkpoint"
  /// Resumes training.
  public static let resume = "--resume"
  /// Trains with a plateau schedule for at most the given number of passes.
  public static let passes = "--schedule plateau --epochs"
  /// Writes figures and their tables to files.
  public static let figures = "--svg DIR"
  /// Writes the confusion matrices of all annotators.
  public static let annotatorTable = "--annotator-table FILE"
}

extension ColumnRole {
  /// The flag that names columns with this role.
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
    case .ignored: CommandFlag.ignore
    case .texts: "--text"
    case .weight: "--weight"
    case .frequency: "--frequency"
    case .votesPerRow: "--votes-per-row"
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
