/// The map from columns of a table to columns of a design matrix.
///
/// A column of numbers is used as is; a column of text becomes one 0/1 column for each level but
/// the base (treatment contrasts); an interaction is the product of the encoded columns. The
/// encoding is determined from training data and stored with the model.
public struct FeatureEncoding: Sendable, Equatable, Codable {
  /// A column of the table.
  public struct Source: Sendable, Equatable, Codable {
    /// Its name.
    public let name: String
    /// The kind of its cells.
    public let kind: Kind
    /// The replacement of a missing cell: a number, or the index of a level; nil if missing cells
    /// are an error.
    public let substitute: Double?

    /// Creates a source.
    public init(name: String, kind: Kind, substitute: Double?) {
      self.name = name
      self.kind = kind
      self.substitute = substitute
    }
  }

  /// The kind of cells in a source column.
  public enum Kind: Sendable, Equatable, Codable {
    /// Numbers.
    case number
    /// Text: its levels in ascending order, and the index of the base level.
    case factor(levels: [String], base: Int)
  }

  /// A factor of a design column.
  public enum Factor: Sendable, Equatable, Codable {
    /// The number in source `source`.
    case value(source: Int)
    /// 1 if source `source` has level `level`, otherwise 0.
    case level(source: Int, level: Int)
    /// 1 if source `source` is missing, otherwise 0.
    case absence(source: Int)
  }

  /// A column of the design matrix: a product of factors.
  public struct DesignColumn: Sendable, Equatable, Codable {
    /// The factors of the product; at least one.
    public let factors: [Factor]

    /// A product of factors.
    public init(factors: [Factor]) {
      self.factors = factors
    }
  }

  /// The columns of the table that are read, in order.
  public let sources: [Source]
  /// The columns of the design matrix, in order.
  public let columns: [DesignColumn]

  /// An encoding, for readers of model files; `isValid` tells whether indices are in range.
  package init(sources: [Source], columns: [DesignColumn]) {
    self.sources = sources
    self.columns = columns
  }

  /// The encoding of columns of numbers that are used as they are.
  public init(numbers names: [String]) {
    sources = names.map { Source(name: $0, kind: .number, substitute: nil) }
    columns = names.indices.map { DesignColumn(factors: [.value(source: $0)]) }
  }

  /// The columns that the encoding reads, for file readers.
  public var inputs: ModelInputs {
    ModelInputs(
      sources.map { source in
        var levels: [String] = []
        if case .factor(let all, let base) = source.kind {
          levels = [all[base]] + all[..<base] + all[(base + 1)...]
        }
        return ModelInputs.Input(
          name: source.name, isText: source.kind != .number, levels: levels,
          allowsMissing: source.substitute != nil)
      },
      designColumnCount: isIdentity ? nil : columnCount)
  }

  /// D, the number of design columns.
  public var columnCount: Int { columns.count }

  /// The names of the design columns: `age`, `color[red]`, `age:color[red]`, `age[missing]`.
  public var columnNames: [String] {
    columns.map { $0.factors.map(name(of:)).joined(separator: ":") }
  }

  /// The base level of each text column: the level without a design column.
  public var baseLevels: [(column: String, level: String)] {
    sources.compactMap { source in
      guard case .factor(let levels, let base) = source.kind else { return nil }
      return (source.name, levels[base])
    }
  }

  /// Whether every index is in range and every column has a factor.
  public var isValid: Bool {
    let sourcesAreValid = sources.allSatisfy { source in
      guard case .factor(let levels, let base) = source.kind else { return true }
      return levels.indices.contains(base)
    }
    return sourcesAreValid
      && columns.allSatisfy { !$0.factors.isEmpty && $0.factors.allSatisfy(isValid(_:)) }
  }

  private func isValid(_ factor: Factor) -> Bool {
    switch factor {
    case .value(let source):
      return sources.indices.contains(source) && sources[source].kind == .number
    case .absence(let source): return sources.indices.contains(source)
    case .level(let source, let level):
      guard sources.indices.contains(source), case .factor(let levels, _) = sources[source].kind
      else { return false }
      return levels.indices.contains(level)
    }
  }

  private func name(of factor: Factor) -> String {
    switch factor {
    case .value(let source): return sources[source].name
    case .absence(let source): return "\(sources[source].name)[missing]"
    case .level(let source, let level):
      guard case .factor(let levels, _) = sources[source].kind else { return sources[source].name }
      return "\(sources[source].name)[\(levels[level])]"
    }
  }
}

extension FeatureEncoding {
  /// The term of a design column: the names of its table columns, joined by colons. All levels of a
  /// text column belong to one term; an indicator of missing cells is a term of its own.
  public func termName(ofColumn column: Int) -> String {
    columns[column].factors.map { factor in
      switch factor {
      case .value(let source), .level(let source, _): sources[source].name
      case .absence(let source): "\(sources[source].name)[missing]"
      }
    }.joined(separator: ":")
  }
}
