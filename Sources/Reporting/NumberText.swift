import Foundation

/// Numbers as people read them. The C locale always: no setting of the machine changes a digit.
public enum NumberText {
  /// What stands for a number that is not available.
  public static let unavailable = "–"

  /// At most `digits` significant digits, `1e-05` style only where the plain form would be long.
  public static func significant(_ value: Double?, _ digits: Int = 6) -> String {
    guard let value, value.isFinite else { return unavailable }
    return String(format: "%.\(digits)g", value)
  }

  /// A fixed number of decimals.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return unavailable }
    return String(format: "%.\(decimals)f", value)
  }

  /// A share as a percentage with one decimal.
  public static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return unavailable }
    return String(format: "%.1f %%", share * 100)
  }

  /// A p-value: below the resolution of doubles it says so.
  public static func probability(_ value: Double?) -> String {
    guard let value, value.isFinite else { return unavailable }
    return value < 2.2e-16 ? "< 2e-16" : String(format: "%.4g", value)
  }

  /// A whole number without a fraction, any other with up to six digits.
  public static func count(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? String(format: "%.0f", value) : significant(value)
  }
}
