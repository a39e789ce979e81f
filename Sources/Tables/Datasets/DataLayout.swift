import SurprisalDatasets
import SurprisalLinearAlgebra

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

  /// No column: for a look at a file whose labels nobody has named yet.
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
    case .probabilities(let pattern), .counts(let pattern), .candidates(let pattern):
      pattern.matches(name)
    }
  }

  /// The flag that asks for this kind.
  var flag: String {
    switch self {
    case .target: "--target"
    case .probabilities: "--probs"
    case .counts: "--counts"
    case .candidates: "--candidates"
    }
  }
}

/// What the columns of a file are, and what is done about those that are odd.
public struct DataLayout: Sendable {
  /// The labels.
  public var labels: LabelColumns
  /// A file of the same rows that holds the label columns; nil: the data file does.
  public var labelFile: InputFile?
  /// The features; nil: every column that has no other part.
  public var features: ColumnPattern?
  /// Columns that are not read at all.
  public var ignored: ColumnPattern?
  /// Columns that are text whatever their cells hold.
  public var texts: ColumnPattern?
  /// Importance weights.
  public var weight: String?
  /// Repetitions of a row.
  public var frequency: String?
  /// The column that says which rows belong together; no feature.
  public var cluster: String?
  /// The flag that named that column.
  public var clusterFlag = "--std-errors"
  /// One offset for each class.
  public var offsets: ColumnPattern?
  /// How text columns, interactions and empty cells are coded.
  public var encoding = FeatureEncoding.Options()
  /// How features are held: in double precision, or in single precision, which rounds them to 24
  /// bits and takes half the memory. Sums are of doubles either way.
  public var featureStorage = MatrixStorage.double
  /// Whether labels that are relative weights are divided by their sum.
  public var normalizesLabels = false
  /// Whether counts may be fractions: they are then weights, not votes.
  public var allowsFractionalCounts = false
  /// What a row of counts weighs.
  public var countWeight = CountWeight.votes
  /// How far a row of probabilities may be from summing to one.
  public var sumTolerance = 1e-5
  /// Label smoothing: p becomes (1 - ε) p + ε / C.
  public var labelSmoothing: Double?
  /// Teacher temperature: p becomes p^(1 / T), divided by its sum; before smoothing.
  public var labelTemperature: Double?
  /// What classes count; after smoothing. The weights of rows are importance weights then.
  public var classWeights: ClassWeights?
  /// Whether rows without any label mass are left out.
  public var dropsEmptyLabels = false
  /// The most classes a target column may have.
  public var classLimit = 1000
  /// The encoding of a model, whose columns are then the features.
  public var knownEncoding: FeatureEncoding?
  /// Whether features that the encoding of a model does not have are left out where a LIBSVM file
  /// has them.
  public var ignoresUnseen = false
  /// The classes of a model, in its order, where the labels must be of these.
  public var knownClasses: [String]?

  /// A layout with the given labels; everything else has a default.
  public init(labels: LabelColumns) { self.labels = labels }

  /// What becomes of a column of the data file.
  package func reading(of name: String) -> ColumnReading {
    if labelFile == nil, labels.matches(name) { return labelReading(of: name) }
    if name == cluster { return .text }
    if name == weight || name == frequency || offsets?.matches(name) == true { return .automatic }
    if ignored?.matches(name) == true { return .ignore }
    if let knownEncoding { return knownEncoding.reading(of: name) }
    if let features, !features.matches(name) { return .ignore }
    return texts?.matches(name) == true ? .text : .automatic
  }

  /// What becomes of a column of the label file that is no label and that the data do not have.
  func readingBesideLabels(of name: String) -> ColumnReading {
    if name == cluster { return .text }
    let isUsed = name == weight || name == frequency || offsets?.matches(name) == true
    return isUsed ? .automatic : .ignore
  }

  /// Class names are kept as they are written: `1` and `1.0` are two classes.
  func labelReading(of name: String) -> ColumnReading {
    if case .target = labels { return .text }
    return .automatic
  }

  /// Whether a column is a feature.
  func isFeature(_ name: String) -> Bool {
    if let knownEncoding { return knownEncoding.sources.contains { $0.name == name } }
    if otherPart(of: name) != nil || ignored?.matches(name) == true { return false }
    return features?.matches(name) ?? true
  }

  /// The flag that makes a column of the data file something else than a feature.
  func otherPart(of name: String) -> String? {
    if labelFile == nil, labels.matches(name) { return labels.flag }
    if name == weight { return "--weight" }
    if name == frequency { return "--frequency" }
    if name == cluster { return "--std-errors" }
    return offsets?.matches(name) == true ? "--offset" : nil
  }

  /// Whether a column is read as a label and as nothing else.
  func isOnlyLabel(_ name: String) -> Bool {
    labels.matches(name) && !isFeature(name) && ![weight, frequency, cluster].contains(name)
      && offsets?.matches(name) != true
  }
}

extension FeatureEncoding {
  /// What becomes of a column of a file that is to be coded: levels are texts even where they look
  /// like numbers.
  public func reading(of name: String) -> ColumnReading {
    guard let source = sources.first(where: { $0.name == name }) else { return .ignore }
    return source.kind == .number ? .number : .text
  }
}
