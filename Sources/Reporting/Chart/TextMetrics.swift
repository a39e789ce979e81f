import SurprisalDiagnostics
import SurprisalModelStore
import SurprisalTables

/// Estimated text widths, because figures are laid out without access to the font.
///
/// The estimate is for a wide sans serif font, so that narrower ones fit.
enum TextMetrics {
  /// The size at which bold headings inside figures are measured.
  static let headSize = 14.5

  /// The width of a text at a font size.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + advance($1) } * size
  }

  /// The text as it can be shown, shortened in the middle if it is wider than `width`.
  ///
  /// The two ends of a name are more informative than its middle: `feature[level]`.
  static func fitted(_ text: String, into width: Double, size: Double) -> String {
    let shown = EscapedText(text).text
    if Self.width(shown, size: size) <= width { return shown }
    let characters = Array(shown)
    var kept = characters.count - 1
    while kept > 1 {
      let head = (kept * 3 + 4) / 5
      let short = String(characters.prefix(head)) + "…" + String(characters.suffix(kept - head))
      if Self.width(short, size: size) <= width { return short }
      kept -= 1
    }
    return characters.first.map { "\($0)…" } ?? ""
  }

  /// The width of a scalar relative to the font size.
  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", "(", ")", "[", "]", "t", "f", "r",
      " ", "-":
      0.37
    case "m", "w", "M", "W", "%", "@", "…", "\u{2014}": 0.92
    case "0"..."9", "\u{2212}", "\u{2013}": 0.6
    case "A"..."Z": 0.7
    case "a"..."z", "_": 0.59
    default:
      if scalar.properties.generalCategory == .nonspacingMark {
        0
      } else if scalar.value >= 0x1F000 {
        1.35
      } else {
        scalar.value >= 0x2E80 ? 1 : 0.65
      }
    }
  }
}
