import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The Copenhagen housing conditions survey, as published: Madsen (1976), Scand. J. Statist. 3;
/// Venables and Ripley, Modern Applied Statistics with S, 4th ed. (2002), chapter 7.
public enum HousingSurvey {
  static let influence = ["Low", "Medium", "High"]
  static let types = ["Tower", "Apartment", "Atrium", "Terrace"]
  static let contacts = ["Low", "High"]
  static let satisfaction = ["Low", "Medium", "High"]
  /// Influence varies fastest, then the type, then the contact.
  static let counts: [[Double]] = [
    [21, 21, 28], [34, 22, 36], [10, 11, 36], [61, 23, 17], [43, 35, 40], [26, 18, 54],
    [13, 9, 10], [8, 8, 12], [6, 7, 9], [18, 6, 7], [15, 13, 13], [7, 5, 11],
    [14, 19, 37], [17, 23, 40], [3, 5, 23], [78, 46, 43], [48, 45, 86], [15, 25, 62],
    [20, 23, 20], [10, 22, 24], [7, 10, 21], [57, 23, 13], [31, 21, 13], [5, 6, 13],
  ]

  /// The 24 cells of the table with text columns; bases are those of the published fit.
  public static func dataset() throws -> Dataset {
    let cells = counts.indices.map { (influence: $0 % 3, type: $0 / 3 % 4, contact: $0 / 12) }
    let columns = [
      Column(
        name: "Infl", words: influence, codes: cells.map { Int32($0.influence) }),
      Column(
        name: "Type", words: types, codes: cells.map { Int32($0.type) }),
      Column(
        name: "Cont", words: contacts, codes: cells.map { Int32($0.contact) }),
    ]
    let options = FeatureEncoding.Options(bases: ["Infl": "Low", "Type": "Tower", "Cont": "Low"])
    return try Dataset(
      features: Features(learning: columns, rowCount: counts.count, options: options),
      labels: .counts(ClassCounts(BlockedMatrix(rows: counts, columnCount: 3))),
      classNames: satisfaction)
  }
}
