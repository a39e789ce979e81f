import SurprisalDatasets

/// The spellings of a missing cell; an empty cell is always missing.
///
/// The defaults, compared after spaces are trimmed, are: `NA`, `N/A`, `n/a`, `#N/A`, `<NA>`, `NaN`
/// in any case (with a sign too), `null` in any case, and `?`. `None`, `-` and `.` are not missing
/// by default: the first is a common category, the others are more often mistakes that should be
/// reported.
///
/// In a text column a quoted token is text.
public struct MissingTokens: Sendable {
  private let declared: [[UInt8]]?
  private let texts: [String]

  /// The defaults listed above.
  public static let usual = MissingTokens()

  private init() {
    declared = nil
    texts = []
  }

  /// Replaces the defaults by `tokens`, compared exactly. A token that is a number matches every
  /// spelling of that number in columns of numbers, and the number in arrays; `inf` and `-inf`
  /// match infinities of arrays. Files in the LIBSVM format, in which a missing entry is a zero,
  /// are refused if a token is a number.
  public init(_ tokens: [String]) {
    texts = tokens
    declared = tokens.map { Array($0.utf8) }
  }

  /// The numbers that denote missing cells.
  func numbers(_ format: NumberFormat) -> [Double] {
    texts.compactMap { if case .number(let value) = format.read($0) { value } else { nil } }
  }

  /// The first token that is a number; nil if there is none.
  func firstNumber(_ format: NumberFormat) -> String? {
    texts.first { if case .number = format.read($0) { true } else { false } }
  }

  /// The elements of an array that denote missing cells: numbers and infinities.
  func elements(_ format: NumberFormat) -> [Double] {
    numbers(format)
      + texts.compactMap { text in
        guard case .infinite = format.read(text) else { return nil }
        return text.hasPrefix("-") ? -.infinity : .infinity
      }
  }

  /// Whether a text of an array is a declared token. The defaults do not count: as in quotation
  /// marks, they are text.
  func declare(_ text: String) -> Bool { texts.contains(text) }

  /// Whether trimmed bytes denote a missing cell.
  @inline(__always)
  func contain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.isEmpty { return true }
    guard let declared else { return bytes.count <= 4 && Self.isUsual(bytes) }
    return declared.contains { $0.elementsEqual(bytes) }
  }

  /// Compares the bytes packed in one integer, so that no string is made for each short cell.
  private static func isUsual(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let key = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    switch bytes.count {
    case 1: return key == 0x3F  // ?
    case 2: return key == 0x4E41  // NA
    case 3:
      return key | 0x20_2020 == 0x6E_616E  // nan
        || key == 0x4E_2F41 || key == 0x6E_2F61  // N/A n/a
    default:
      return key | 0x2020_2020 == 0x6E75_6C6C  // null
        || key | 0x0020_2020 == 0x2B6E_616E || key | 0x0020_2020 == 0x2D6E_616E  // +nan -nan
        || key == 0x234E_2F41 || key == 0x3C4E_413E  // #N/A <NA>
    }
  }
}

extension Column {
  /// The column with these numbers treated as missing cells, also if they were rounded to single
  /// precision.
  func withoutNumbers(_ tokens: [Double]) -> Column {
    guard !tokens.isEmpty, case .numbers(let values, let missing) = cells else { return self }
    let tokens = Set(tokens + tokens.map { Double(Float($0)) })
    let rows = values.indices.filter { tokens.contains(values[$0]) }
    if rows.isEmpty { return self }
    var numbers = values.array
    for row in rows { numbers[row] = .nan }
    return Column(
      name: name, position: position,
      cells: .numbers(Numbers(numbers), missing: (missing + rows).sorted()))
  }
}
