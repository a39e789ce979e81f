#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers as text, always in the C locale, independent of the settings of the machine.
public enum NumberText {
  /// The text for a number that is not available.
  public static let unavailable = "–"

  /// At most `digits` significant digits; `1e-05` style only if the plain form would be long.
  public static func significant(_ value: Double?, _ digits: Int = 6) -> String {
    guard let value, value.isFinite else { return unavailable }
    return formatted(value, .shortest, digits)
  }

  /// An estimate with at most `digits` significant digits; 0 if its absolute value is below 1e-9 of
  /// its standard error. Such an estimate is zero but for rounding, and its digits mean nothing:
  /// the statistic z is below 1e-9, and no interval or test depends on it. Files and JSON have all
  /// digits. Without a standard error the number is printed as it is.
  public static func estimate(_ value: Double?, error: Double?, _ digits: Int = 6) -> String {
    guard let value, let error, error.isFinite, value.magnitude < 1e-9 * error else {
      return significant(value, digits)
    }
    return significant(0, digits)
  }

  /// A fixed number of decimals; values that round to zero have no sign.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return unavailable }
    return formatted(value, .fixed, decimals)
  }

  /// A proportion as a percentage with one decimal; values that round to zero have no sign.
  public static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return unavailable }
    return formatted(share * 100, .fixed, 1) + " %"
  }

  /// A p-value; if it is below the resolution of doubles, an upper bound is shown.
  public static func probability(_ value: Double?) -> String {
    guard let value, value.isFinite else { return unavailable }
    return value < 2.2e-16 ? "< 2e-16" : significant(value, 4)
  }

  /// `p = 0.04`, or `p < 2e-16`.
  public static func pValue(_ value: Double?) -> String {
    let text = probability(value)
    return text.hasPrefix("<") ? "p \(text)" : "p = \(text)"
  }

  /// A whole number without fraction digits, any other with up to six digits.
  public static func count(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? fixed(value, 0) : significant(value)
  }

  /// The `printf` conversions in use.
  enum Conversion: String {
    /// `%g`: significant digits, with an exponent if that is shorter.
    case shortest = "%.*g"
    /// `%f`: decimals.
    case fixed = "%.*f"
  }

  /// A number as `printf` writes it in the C locale; the decimal sign of another locale is replaced
  /// by a point, and a zero has no sign.
  static func formatted(_ value: Double, _ conversion: Conversion, _ digits: Int) -> String {
    let digits = Int32(clamping: min(max(digits, 0), 400))
    let bytes = [UInt8](unsafeUninitializedCapacity: 800) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { text in
        withVaList([digits, value]) {
          Int(vsnprintf(text.baseAddress, text.count, conversion.rawValue, $0))
        }
      }
      count = min(max(count, 0), buffer.count - 1)
    }
    var text = ""
    for byte in bytes {
      let sign = Unicode.Scalar(byte)
      if sign.isASCII, sign != "," {
        text.unicodeScalars.append(sign)
      } else if text.last != "." {
        text.append(".")
      }
    }
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero && text.first == "-" ? String(text.dropFirst()) : text
  }
}
