/// The width of printed text, and how text is fitted to it.
public enum TextLayout {
  /// The number of terminal cells per line, such as the width of a terminal; nil for no limit.
  @TaskLocal public static var width: Int?

  /// Breaks lines that are too wide between words.
  ///
  /// Continuation lines are indented to the column after a label, `label text`, if a line has one,
  /// otherwise by two cells more than the line. Words that are wider than a line are not broken.
  public static func wrap(_ text: String) -> String {
    guard let width else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrap(line: $0, width: width) }.joined(separator: "\n")
  }

  private static func wrap(line: Substring, width: Int) -> [String] {
    guard line.displayWidth > width else { return [String(line)] }
    let hang = hangingIndent(of: line, width: width)
    var (lines, current, rest) = ([String](), "", line)
    while !rest.isEmpty {
      let spaces = rest.prefix { $0 == " " }
      let word = rest.dropFirst(spaces.count).prefix { $0 != " " }
      rest = rest.dropFirst(spaces.count + word.count)
      let isFirst = current.allSatisfy { $0 == " " }
      if !isFirst, current.displayWidth + spaces.count + word.displayWidth > width {
        lines.append(current)
        current = String(repeating: " ", count: hang) + word
      } else {
        current += spaces + word
      }
    }
    return lines + [current]
  }

  private static func hangingIndent(of line: Substring, width: Int) -> Int {
    let indent = line.prefix { $0 == " " }.count
    let label = line.dropFirst(indent)
    if let gap = label.firstRange(of: "  ") {
      let value = label[gap.lowerBound...].prefix { $0 == " " }.endIndex
      let place = line[..<value].displayWidth
      if value < line.endIndex, place <= width / 2 { return place }
    }
    return indent + 2
  }

  /// A name in at most `width` cells: its beginning and its end, with `..` between them.
  static func shortened(_ name: String, to width: Int) -> String {
    guard name.displayWidth > width else { return name }
    let kept = max(2, width - 2)
    var (head, tail) = ("", "")
    for character in name {
      if head.displayWidth + character.displayWidth > (kept + 1) / 2 { break }
      head.append(character)
    }
    for character in name.reversed() {
      if tail.displayWidth + character.displayWidth > kept / 2 { break }
      tail.insert(character, at: tail.startIndex)
    }
    return head + ".." + tail
  }
}

extension StringProtocol {
  /// The number of cells that the text occupies in a terminal.
  var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}

extension Character {
  /// 2 for the wide characters of East Asian scripts and for emoji, 1 for others.
  ///
  /// Source: Unicode Standard Annex 11, the property East_Asian_Width.
  var displayWidth: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    let isPicture =
      scalar.properties.isEmojiPresentation
      || unicodeScalars.dropFirst().contains { $0.value == 0xFE0F }
    return isPicture || Self.wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1_7000...0x1_8CFF, 0x1_B000...0x1_B2FF,
    0x2_0000...0x3_FFFD,
  ]
}
