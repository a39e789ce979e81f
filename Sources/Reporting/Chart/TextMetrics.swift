import SurprisalDiagnostics
import SurprisalModelStore
import SurprisalTables

/// Estimated text widths, because figures are laid out without access to the font.
///
/// The estimate is for a wide sans serif font, so that narrower ones fit.
enum TextMetrics {
  /// The size at which bold headings inside figures, of size 13, are measured: bold letters are
  /// about a seventh wider.
  static let headSize = 14.9
  /// The same for bold text of size 12.
  static let strongSize = 13.7

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

  /// The texts as they can be shown, each shortened if it is wider than `width`.
  ///
  /// If different texts would be shortened to the same, the words that they have in common at both
  /// ends are left out first: `worker 17 of the crowd` and `worker 18 of the crowd` become `worker
  /// 17…` and `worker 18…`, or `…17…` and `…18…` if there is less room.
  static func fitted(_ texts: [String], into width: Double, size: Double) -> [String] {
    var result = texts.map { fitted($0, into: width, size: size) }
    let shown = texts.map { Array(EscapedText($0).text) }
    for places in Dictionary(grouping: texts.indices, by: { result[$0] }).values
    where Set(places.map { shown[$0] }).count > 1 {
      let group = places.map { shown[$0] }
      let start = commonPrefix(group)
      let end = commonPrefix(group.map { $0.dropFirst(start).reversed() })
      for place in places {
        let core = wholeWords(shown[place], start..<shown[place].count - end)
        result[place] = fitted(shown[place], core, into: width, size: size)
      }
    }
    return result
  }

  /// The range extended to the ends of words and numbers.
  private static func wholeWords(_ text: [Character], _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    func isOfWord(_ place: Int) -> Bool { text[place].isLetter || text[place].isNumber }
    while start > 0, isOfWord(start - 1) { start -= 1 }
    while end < text.count, isOfWord(end) { end += 1 }
    return start..<end
  }

  /// A text with its characters at `core`, and as many of those before it as have room.
  private static func fitted(
    _ characters: [Character], _ core: Range<Int>, into width: Double, size: Double
  ) -> String {
    let distinct = String(characters[core])
    let rest = core.upperBound < characters.count ? "…" : ""
    for head in (0...core.lowerBound).reversed() {
      let gap = head < core.lowerBound ? "…" : ""
      let short = String(characters.prefix(head)) + gap + distinct + rest
      if Self.width(short, size: size) <= width { return short }
    }
    return fitted("…" + distinct + rest, into: width, size: size)
  }

  /// The number of characters at the start that all have in common.
  private static func commonPrefix(_ texts: [[Character]]) -> Int {
    guard let first = texts.first else { return 0 }
    return first.indices.first { place in
      texts.contains { place >= $0.count || $0[place] != first[place] }
    } ?? first.count
  }

  /// The width of a scalar relative to the font size, at least that of DejaVu Sans for ASCII.
  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", "J", "'": 0.3
    case " ", ",", ".", "/", ":", ";", "\\", "|": 0.34
    case "f", "-": 0.365
    case "(", ")", "[", "]", "t", "!", "r": 0.415
    case "*", "_", "`", "\"", "\u{2013}": 0.5
    case "0"..."9", "$", "{", "}", "?": 0.64
    case "#", "+", "<", "=", ">", "^", "~", "w", "\u{2212}": 0.84
    case "m", "M", "W", "%": 0.99
    case "@", "…", "\u{2014}": 1
    case "A"..."Z", "&": 0.79
    case "a"..."z": 0.64
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
