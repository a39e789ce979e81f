/// The spellings of a missing cell.
///
/// After spaces are trimmed: nothing, `NA`, `N/A`, `n/a`, `#N/A`, `<NA>`, `NaN` in any case (with a
/// sign too), `null` in any case, and `?`. The same in columns of numbers and of text, quoted or
/// not. `None`, `-` and `.` are no missing cells: the first is a common category, the others are
/// more often a mistake that should be seen.
enum MissingTokens {
  /// Whether trimmed bytes say that the cell is missing.
  @inline(__always)
  static func contain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.isEmpty || (bytes.count <= 4 && isToken(bytes))
  }

  /// The bytes as one number, so that no text is made for each short cell.
  private static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
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
