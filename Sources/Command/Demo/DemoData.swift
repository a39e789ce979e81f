/// The Copenhagen housing conditions survey: the satisfaction of 1681 householders, by perceived
/// influence on management, type of rental dwelling and contact with other residents.
///
/// Published table: Madsen, Scandinavian Journal of Statistics 3 (1976) 97-106; Venables and
/// Ripley, Modern Applied Statistics with S, 4th ed. (2002), chapter 7.
enum DemoData {
  static let name = "housing.csv"

  static let columns = "influence,dwelling,contact,n_low,n_medium,n_high"

  static let dwellings = ["tower", "apartment", "atrium", "terrace"]

  /// Counts of low, medium and high satisfaction, by contact, dwelling and influence.
  static let counts = [
    [21, 21, 28], [34, 22, 36], [10, 11, 36], [61, 23, 17], [43, 35, 40], [26, 18, 54],
    [13, 9, 10], [8, 8, 12], [6, 7, 9], [18, 6, 7], [15, 13, 13], [7, 5, 11],
    [14, 19, 37], [17, 23, 40], [3, 5, 23], [78, 46, 43], [48, 45, 86], [15, 25, 62],
    [20, 23, 20], [10, 22, 24], [7, 10, 21], [57, 23, 13], [31, 21, 13], [5, 6, 13],
  ]

  /// The table as CSV.
  static var csv: String {
    var lines = [columns]
    var rows = counts.makeIterator()
    for contact in ["low", "high"] {
      for dwelling in dwellings {
        for influence in ["low", "medium", "high"] {
          let cells = (rows.next() ?? []).map(String.init)
          lines.append(([influence, dwelling, contact] + cells).joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
