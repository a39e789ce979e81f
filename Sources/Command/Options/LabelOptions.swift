import ArgumentParser
import Surprisal

/// The columns of labels.
struct LabelOptions: ParsableArguments {
  @Option("column", "One class name a row, in this column.") var target: String?

  @Option(
    "columns", "A probability for each class, in these columns: names or globs, such as 'p_*'.")
  var probs: String?

  @Option("columns", "Votes for each class, in these columns. A row of 7 votes weighs 7.")
  var counts: String?

  @Option(
    "n|column",
    """
    The shares of --probs are of so many votes: a number, or a column with one for each row. \
    They are then counts.
    """)
  var votesPerRow: VotesPerRow?

  @Option(
    "columns",
    """
    A 0/1 column for each class, one where the row may be of it; or one column with names such \
    as a|b.
    """)
  var candidates: String?

  @Option(
    "columns",
    """
    How likely what was seen of the row is under each class, up to a factor, in these \
    columns: votes, a test, a sensor.
    """)
  var evidence: String?

  @Option("columns", "The logarithms of evidence, in these columns.") var logEvidence: String?

  @Option(
    "uniform|columns|file",
    """
    The prior over classes that the evidence holds, if it is a posterior; it is divided out. \
    Columns, or a .csv file with the names of the classes and one row.
    """)
  var evidencePrior: String?

  @Option("file", "The label columns are in this file, which has the same rows.")
  var labels: String?

  @Option(
    "a,b,c",
    """
    The classes in their order; one that no row has is a class too. The columns of arrays are \
    called so.
    """)
  var classes: String?

  @Option(
    "column",
    "Join the rows of files by the text in this column, in any order. Default: by their place.")
  var key: String?

  @Option("votes|row", "What a row of counts weighs.")
  var countWeight = Defaulted(CountWeight.votes)

  @Flag(help: "Divide each row of label columns by its sum, whatever that is.")
  var normalizeLabels = false

  @Option("t", "How far from 1 the probabilities of a row may sum.") var sumTolerance = 1e-5
  @Option("e", "Replace labels p by (1 - e) p + e/C.") var labelSmoothing: Double?
  @Option("T", "Replace labels p by p^(1/T), divided by their sum.") var labelTemperature: Double?

  @Option(
    "balanced|a=2,b=0.5",
    """
    What classes count in the likelihood: balanced, all as much, or numbers by name, 1 where \
    none is given.
    """)
  var classWeight: ClassWeights?

  @Flag(help: "Leave out rows whose label columns are all zero.") var dropEmptyLabels = false
  @Option("n", "The most classes a target column may have.") var maxClasses: Int?

  func validate() throws {
    let kinds = [target, probs, counts, candidates, evidence, logEvidence].count { $0 != nil }
    if kinds > 1 {
      throw ValidationError(
        "give one of --target, --probs, --counts, --candidates, --evidence and --log-evidence")
    }
    if evidencePrior != nil, evidence == nil, logEvidence == nil {
      throw ValidationError("--evidence-prior goes with --evidence and --log-evidence")
    }
    if votesPerRow != nil, probs == nil {
      throw ValidationError("--votes-per-row goes with --probs: the votes behind its shares")
    }
    try Flags.validating { () throws(SpecificationError) in
      try Specification(labels: adjustments(over: .init())).validateValues()
    }
    if !(sumTolerance >= 0 && sumTolerance < 1) {
      throw ValidationError("--sum-tolerance takes a number from 0 to 1")
    }
    if let declared = declaredClasses,
      declared.count < 2 || Set(declared).count < declared.count || declared.contains("")
    {
      throw ValidationError("--classes takes two or more names that differ, with commas between")
    }
    if let maxClasses, maxClasses < 2 {
      throw ValidationError("--max-classes takes a number from 2 on")
    }
  }

  /// What to do if the label columns are not those of one kind.
  static let kinds = """
    give one of --target COLUMN, --probs 'p_*', --counts 'n_*', --candidates 'c_*' and \
    --evidence 'e_*'
    """

  /// The files that are read besides the data.
  var files: [String] { [labels, EvidencePrior.file(of: evidencePrior)].compactMap { $0 } }

  /// The declared classes, in their order.
  var declaredClasses: [String]? {
    classes?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// The label columns; nil if none were named.
  var columns: LabelColumns? {
    if let target { return .target(target) }
    if let probs {
      return votesPerRow == nil
        ? .probabilities(ColumnPattern(probs)) : .counts(ColumnPattern(probs))
    }
    if let counts { return .counts(ColumnPattern(counts)) }
    if let candidates { return .candidates(ColumnPattern(candidates)) }
    if let evidence { return .evidence(ColumnPattern(evidence), isLogarithm: false) }
    if let logEvidence { return .evidence(ColumnPattern(logEvidence), isLogarithm: true) }
    return nil
  }

  /// The label columns; the labels of a LIBSVM file need no name.
  func columns(of format: TableFormat) -> LabelColumns? {
    if let columns { return columns }
    return format == .libsvm && labels == nil ? .target(LIBSVMReader.labelColumn) : nil
  }

  /// The label columns; throws if there are none.
  func requireColumns(of format: TableFormat) throws -> LabelColumns {
    guard let columns = columns(of: format) else {
      throw UsageError(
        "no label columns were named",
        suggestion: LabelOptions.kinds)
    }
    return columns
  }

  /// Applies the options of labels to column roles.
  func apply(to layout: inout ColumnRoles) throws {
    layout.evidencePrior = try evidencePrior.flatMap { try EvidencePrior(argument: $0) }
    layout.votesPerRow = votesPerRow
    layout.labelFile = labels.map { InputFile($0) }
    layout.normalizesLabels = normalizeLabels
    layout.sumTolerance = sumTolerance
    layout.dropsEmptyLabels = dropEmptyLabels
    layout.declaredClasses = declaredClasses
    layout.key = key
    if let maxClasses { layout.classLimit = maxClasses }
    adjustments(over: .init()).apply(to: &layout)
  }

  /// The adjustments of labels: those of `base`, overridden by the given options.
  func adjustments(over base: Specification.Labels) -> Specification.Labels {
    Specification.Labels(
      countWeight: countWeight.given ?? base.countWeight,
      temperature: labelTemperature ?? base.temperature,
      smoothing: labelSmoothing ?? base.smoothing,
      classWeights: classWeight ?? base.classWeights)
  }
}

extension Specification.Labels {
  /// Applies the adjustments to column roles, for the reader of a file.
  func apply(to layout: inout ColumnRoles) {
    layout.countWeight = countWeight
    layout.labelSmoothing = smoothing
    layout.labelTemperature = temperature
    layout.classWeights = classWeights
  }
}

extension EvidencePrior {
  /// The file named by an argument, if it names one.
  static func file(of argument: String?) -> String? {
    argument.flatMap { $0.hasSuffix(".csv") || $0.hasSuffix(".tsv") ? $0 : nil }
  }

  /// `uniform`, which gives nil; a file with the names of the classes and one row; or columns.
  init?(argument: String) throws {
    if argument == "uniform" { return nil }
    guard Self.file(of: argument) != nil else {
      self = .columns(ColumnPattern(argument))
      return
    }
    var layout = ColumnRoles(labels: .probabilities(ColumnPattern("*")))
    layout.features = ColumnPattern("")
    let data = try DatasetReader(roles: layout).read(InputFile(argument)).dataset
    guard data.rowCount == 1 else {
      throw LabelColumnError.rowMismatch(file: argument, found: data.rowCount, expected: 1)
    }
    let shares = data.labels.distribution(ofRow: 0)
    self = .named(
      Dictionary(zip(data.classNames, shares), uniquingKeysWith: { first, _ in first }))
  }
}

extension ClassWeights: ExpressibleByArgument {
  /// `balanced`, or names with numbers. A name may contain an equals sign: the last one separates.
  public init?(argument: String) {
    if argument == "balanced" {
      self = .balanced
      return
    }
    var weights: [String: Double] = [:]
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let mark = part.lastIndex(of: "="),
        let value = Double(part[part.index(after: mark)...]),
        value >= 0, value.isFinite, weights[String(part[..<mark])] == nil
      else { return nil }
      weights[String(part[..<mark])] = value
    }
    self = .named(weights)
  }
}

extension CountWeight: ExpressibleByArgument {}

extension VotesPerRow: ExpressibleByArgument {
  /// A whole number of at least 1, or the name of a column.
  public init?(argument: String) {
    guard let votes = Double(argument) else {
      self = .column(argument)
      return
    }
    guard votes >= 1, votes <= 0x1p53, votes.rounded() == votes else { return nil }
    self = .number(votes)
  }
}
