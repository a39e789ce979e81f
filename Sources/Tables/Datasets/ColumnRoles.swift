import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Which columns of a table are labels, and how they are to be read.
public enum LabelColumns: Sendable {
  /// One column with the name of a class in each row.
  case target(String)
  /// A probability for each class.
  case probabilities(ColumnPattern)
  /// Votes for each class.
  case counts(ColumnPattern)
  /// A 0/1 column for each class, or one column with names separated by `|`.
  case candidates(ColumnPattern)
  /// The likelihood of the observation under each class, up to a factor; or its logarithm.
  case evidence(ColumnPattern, isLogarithm: Bool)
  /// Votes of annotators, whose items are the keys of the rows; no column.
  case votes(Votes)

  /// No column: for inspecting a file whose labels are not named yet.
  public static let unnamed = LabelColumns.probabilities(ColumnPattern(""))

  /// Probabilities in the columns whose names begin with `prefix`.
  public static func probabilities(prefix: String) -> LabelColumns {
    .probabilities(ColumnPattern(prefix + "*"))
  }

  /// Counts in the columns whose names begin with `prefix`.
  public static func counts(prefix: String) -> LabelColumns {
    .counts(ColumnPattern(prefix + "*"))
  }

  /// Whether a column belongs to the labels.
  public func matches(_ name: String) -> Bool {
    switch self {
    case .target(let column): name == column
    default: pattern?.matches(name) ?? false
    }
  }

  /// The pattern of columns, one for each class; nil for one column of class names.
  var pattern: ColumnPattern? {
    switch self {
    case .target, .votes: nil
    case .probabilities(let pattern), .counts(let pattern), .candidates(let pattern),
      .evidence(let pattern, _):
      pattern
    }
  }

  mutating func resolveRanges(among names: [String]) {
    switch self {
    case .target, .votes: break
    case .probabilities(let pattern):
      self = .probabilities(pattern.resolvingRanges(among: names))
    case .counts(let pattern): self = .counts(pattern.resolvingRanges(among: names))
    case .candidates(let pattern): self = .candidates(pattern.resolvingRanges(among: names))
    case .evidence(let pattern, let isLogarithm):
      self = .evidence(pattern.resolvingRanges(among: names), isLogarithm: isLogarithm)
    }
  }

  /// What the columns are, for messages.
  public var role: ColumnRole {
    switch self {
    case .target: .target
    case .probabilities: .probabilities
    case .counts: .counts
    case .candidates: .candidates
    case .evidence(_, let isLogarithm): isLogarithm ? .logEvidence : .evidence
    case .votes: .vote
    }
  }
}

/// The role for which a column was named: messages name the option that a column violates.
public enum ColumnRole: Sendable, Equatable {
  /// One column with the name of a class.
  case target
  /// Probabilities of the classes.
  case probabilities
  /// Votes for each class.
  case counts
  /// Classes that are possible.
  case candidates
  /// Evidence for each class.
  case evidence
  /// Logarithms of evidence for each class.
  case logEvidence
  /// The prior over classes that evidence was multiplied with.
  case evidencePrior
  /// Predicted probabilities of the classes.
  case predictions
  /// Features.
  case features
  /// Columns that are left out.
  case ignored
  /// Columns that are text.
  case texts
  /// Importance weights.
  case weight
  /// Repetitions of a row.
  case frequency
  /// The number of votes behind the shares of a row.
  case votesPerRow
  /// Offsets of the logits.
  case offset
  /// Cluster identifiers of rows.
  case cluster(ClusterPurpose)
  /// The key that joins the rows of files.
  case key
  /// The item of a vote.
  case item
  /// The annotator who cast a vote.
  case annotator
  /// The class of a vote.
  case vote
  /// The votes, one column per annotator.
  case annotators
  /// A column that a model reads.
  case modelInput
  /// A column that is repeated beside predictions.
  case kept

  /// The purpose for which clusters are given.
  public enum ClusterPurpose: Sendable, Equatable {
    /// Standard errors of a fit.
    case standardErrors
    /// Folds that keep the rows of a cluster together.
    case folds
    /// Standard errors of scores.
    case scores
  }
}

/// The prior over classes by which posteriors are divided to obtain evidence.
public enum EvidencePrior: Sendable {
  /// One probability for each class, by name.
  case named([String: Double])
  /// Columns with a probability for each class, row by row.
  case columns(ColumnPattern)

  /// The columns; nil if there are none.
  var pattern: ColumnPattern? {
    if case .columns(let pattern) = self { pattern } else { nil }
  }
}

/// The number of votes behind the shares of a row.
public enum VotesPerRow: Sendable, Equatable {
  /// The same number for every row.
  case number(Double)
  /// A column with a number for each row.
  case column(String)

  /// The whole numbers of votes of which these are the shares; nil if the shares are not of `votes`
  /// votes: a share times the votes is further than 0.1 from a whole number, or the sum of the
  /// counts is not `votes`.
  static func counts(_ shares: [Double], votes: Double) -> [Double]? {
    let counts = shares.map { ($0 * votes).rounded() }
    guard votes >= 1, votes.rounded() == votes,
      zip(shares, counts).allSatisfy({ ($0 * votes - $1).magnitude <= 0.1 && $1 >= 0 }),
      counts.reduce(0, +) == votes
    else { return nil }
    return counts
  }
}

/// The roles of a file's columns, and how unusual values are treated.
public struct ColumnRoles: Sendable {
  /// The labels.
  public var labels: LabelColumns
  /// Whether the labels are predictions, so that errors name them so.
  var arePredictions = false
  /// The name of the file of `LabelColumns.votes`.
  public var voteFile: String?
  /// A file of the same rows that holds the label columns; nil if the data file does.
  public var labelFile: InputFile?
  /// The features; nil for every column without another role.
  public var features: ColumnPattern?
  /// Columns that are not read at all.
  public var ignored: ColumnPattern?
  /// Columns that are read as text whatever their cells hold.
  public var texts: ColumnPattern?
  /// Importance weights.
  public var weight: String?
  /// Repetitions of a row.
  public var frequency: String?
  /// The column of cluster identifiers; it is a feature only if `features` names it.
  public var cluster: String?
  /// The purpose of that column.
  public var clusterPurpose = ColumnRole.ClusterPurpose.standardErrors
  /// One offset for each class.
  public var offsets: ColumnPattern?
  /// How text columns, interactions and empty cells are coded.
  public var encoding = FeatureEncoding.Options()
  /// How features are held: in double precision, or in single precision, which rounds them to 24
  /// bits and takes half the memory. Sums are of doubles either way.
  public var featureStorage = MatrixStorage.double
  /// The prior by which evidence is divided; nil for equal priors.
  public var evidencePrior: EvidencePrior?
  /// Whether labels that are relative weights are divided by their sum.
  public var normalizesLabels = false
  /// Whether counts may be fractions; they are then weights, not votes.
  public var allowsFractionalCounts = false
  /// The weight of a row of counts.
  public var countWeight = CountWeight.votes
  /// The votes behind shares, if the columns of `LabelColumns.counts` hold shares.
  public var votesPerRow: VotesPerRow?
  /// The largest permitted deviation of a row's sum of probabilities from one.
  public var sumTolerance = 1e-5
  /// Label smoothing: p becomes (1 - ε) p + ε / C.
  public var labelSmoothing: Double?
  /// Teacher temperature: p becomes p^(1 / T), divided by its sum; before smoothing.
  public var labelTemperature: Double?
  /// Weights of classes, applied after smoothing. The weights of rows are importance weights then.
  public var classWeights: ClassWeights?
  /// Whether rows without any label mass are left out.
  public var dropsEmptyLabels = false
  /// The most classes a target column may have.
  public var classLimit = 1000
  /// The inputs of a model: these columns are then `LoadedData.columns`, with the model's types,
  /// and the data set has no features of its own.
  public var inputs: ModelInputs?
  /// Whether features of a LIBSVM file that are not in a model's encoding are ignored.
  public var ignoresUnseen = false
  /// The classes that labels must be among, in order, and whether they are those of predictions.
  public var knownClasses: [String]?
  public var knowsPredictions = false
  /// The declared classes, in their order: others are refused, those that do not occur are classes
  /// too, and the columns of an array get these names.
  public var declaredClasses: [String]?
  /// The column whose text joins the rows of several files; nil to join by row number.
  public var key: String?
  /// Whether levels that a model was not trained on are treated as the base level.
  public var takesUnseenAsBase = false

  /// Roles with the given labels; everything else has a default.
  public init(labels: LabelColumns) { self.labels = labels }

  /// The role for which label columns were named.
  var labelRole: ColumnRole {
    if arePredictions { return .predictions }
    return votesPerRow == nil ? labels.role : .probabilities
  }

  /// The columns other than features with one number per row: weights and numbers of votes.
  var rowNumbers: [String] {
    [weight, frequency, votesColumn].compactMap { $0 }
  }

  /// The column with the number of votes.
  var votesColumn: String? {
    if case .column(let name) = votesPerRow { name } else { nil }
  }

  /// Resolves ranges such as `a..f` among the columns of the data file.
  mutating func resolveRanges(among names: [String]) {
    features = features?.resolvingRanges(among: names)
    ignored = ignored?.resolvingRanges(among: names)
    texts = texts?.resolvingRanges(among: names)
    if labelFile == nil { labels.resolveRanges(among: names) }
    resolveRangesBesideFeatures(among: names)
  }

  /// Resolves the ranges of offsets and of the prior of evidence that are not resolved yet: their
  /// columns are in the data file or in the label file.
  mutating func resolveRangesBesideFeatures(among names: [String]) {
    if let offsets, !offsets.isResolved { self.offsets = offsets.resolvingRanges(among: names) }
    if case .columns(let pattern) = evidencePrior, !pattern.isResolved {
      evidencePrior = .columns(pattern.resolvingRanges(among: names))
    }
  }

  /// How a column of the data file is read.
  package func columnType(of name: String) -> ColumnType {
    if labelFile == nil, labels.matches(name) { return labelType(of: name) }
    if name == key || name == cluster && !isFeature(name) { return .text }
    if rowNumbers.contains(name) || isBesideFeatures(name) { return .automatic }
    if ignored?.matches(name) == true { return .ignore }
    if let inputs { return inputs.columnType(of: name) }
    if let features, !features.matches(name) { return .ignore }
    return texts?.matches(name) == true ? .text : .automatic
  }

  /// How a column of the label file is read that is not a label and not in the data file.
  func columnTypeBesideLabels(of name: String) -> ColumnType {
    if name == cluster || name == key { return .text }
    let isUsed = rowNumbers.contains(name) || isBesideFeatures(name)
    return isUsed ? .automatic : .ignore
  }

  /// Class names are kept as they are written: `1` and `1.0` are two classes.
  func labelType(of name: String) -> ColumnType {
    if case .target = labels { return .text }
    return .automatic
  }

  /// Whether a column is a feature.
  func isFeature(_ name: String) -> Bool {
    if let inputs { return inputs.input(named: name) != nil }
    if otherRole(of: name) != nil || ignored?.matches(name) == true { return false }
    return features?.matches(name) ?? true
  }

  /// The role of a column of the data file that is not a feature.
  func otherRole(of name: String) -> ColumnRole? {
    if labelFile == nil, labels.matches(name) { return labelRole }
    if name == weight { return .weight }
    if name == frequency { return .frequency }
    if votesPerRow == .column(name) { return .votesPerRow }
    if name == cluster, !(features?.namedColumns.contains(name) ?? false) {
      return .cluster(clusterPurpose)
    }
    if evidencePrior?.pattern?.matches(name) == true { return .evidencePrior }
    if name == key { return .key }
    return offsets?.matches(name) == true ? .offset : nil
  }

  /// The column of clusters if it is left out of the features for that reason alone.
  var clusterLeft: String? {
    guard let cluster, clusterPurpose == .standardErrors, inputs == nil, features == nil,
      ignored?.matches(cluster) != true,
      labelFile != nil || !labels.matches(cluster), cluster != key, !rowNumbers.contains(cluster),
      !isBesideFeatures(cluster)
    else { return nil }
    return cluster
  }

  /// Whether a column holds one number for each class but is neither a feature nor a label.
  private func isBesideFeatures(_ name: String) -> Bool {
    offsets?.matches(name) == true || evidencePrior?.pattern?.matches(name) == true
  }

  /// Whether a column is read only as a label.
  func isOnlyLabel(_ name: String) -> Bool {
    labels.matches(name) && !isFeature(name) && ![cluster, key].contains(name)
      && !rowNumbers.contains(name) && !isBesideFeatures(name)
  }
}

extension ModelInputs {
  /// How a column of a file is read for the model: text columns are text even if they look like
  /// numbers.
  public func columnType(of name: String) -> ColumnType {
    guard let input = input(named: name) else { return .ignore }
    return input.isText ? .text : .number
  }
}
