import SurprisalEstimation

extension Separation {
  /// Which classes are separated, along which columns, and how far that was verified; `columnNames`
  /// are those of the columns that were searched.
  public func sentence(classNames: [String], columnNames: [String]) -> String {
    Self.sentence(
      kind, classGroups: classGroups.map { $0.map { classNames[$0] } },
      columns: columns.map { columnNames[$0] }, rowCount: rowCount, isRigorous: isRigorous)
  }

  /// As above, by names.
  static func sentence(
    _ kind: Kind, classGroups: [[String]], columns: [String], rowCount: Int, isRigorous: Bool
  ) -> String {
    let classes = classGroups.map { "{" + listing($0, limit: 8) + "}" }
    let kind = kind == .complete ? "complete" : "quasi-complete"
    return
      "there is no finite maximum (\(kind) separation): the likelihood increases without bound "
      + "along a direction in \(columns.isEmpty ? "the intercepts" : listing(columns, limit: 8)) "
      + "that separates \(classes.joined(separator: " from ")), verified on all \(rowCount) rows"
      + (isRigorous ? "" : " up to rounding")
  }

  private static func listing(_ names: [String], limit: Int) -> String {
    names.prefix(limit).joined(separator: ", ")
      + (names.count > limit ? " and \(names.count - limit) more" : "")
  }
}

extension Existence.Indecision {
  /// The reason as text.
  public var sentence: String {
    switch self {
    case .workLimit: "the search would have taken too long"
    case .parameterCount(let count): "\(count) coefficients are too many for the search"
    case .precision:
      "rounding decides: columns are nearly dependent or classes nearly separated"
    case .sparseFeatures: "there are too many features for a full examination"
    case .notConcave:
      "the likelihood is not concave, and may be larger at infinity than at any maximum"
    }
  }
}
