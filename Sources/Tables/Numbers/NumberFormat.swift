/// The format of numbers in text.
package struct NumberFormat: Sendable, Equatable {
  /// The decimal mark.
  package let decimal: UInt8
  /// The thousands separator; nil for none.
  package let thousands: UInt8?

  /// A format.
  package init(decimal: UInt8, thousands: UInt8? = nil) {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// Reads bytes without surrounding spaces.
  @inline(__always)
  package func read(_ bytes: UnsafeBufferPointer<UInt8>) -> DecimalNumber.Reading {
    let reading = DecimalNumber.read(bytes, decimal: decimal)
    guard let thousands, reading == .word else { return reading }
    return readGroups(bytes, thousands)
  }

  /// Reads a text without surrounding spaces.
  package func read(_ text: String) -> DecimalNumber.Reading {
    Array(text.utf8).withUnsafeBufferPointer { read($0.trimmingSpaces()) }
  }

  /// Reads one to three digits followed by groups of three; a word otherwise.
  @inline(never)
  private func readGroups(
    _ bytes: UnsafeBufferPointer<UInt8>, _ separator: UInt8
  ) -> DecimalNumber.Reading {
    var whole = bytes[...]
    if let sign = whole.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      whole = whole.dropFirst()
    }
    whole = whole.prefix { (0x30...0x39).contains($0) || $0 == separator }
    let groups = whole.split(separator: separator, omittingEmptySubsequences: false)
    guard groups.count > 1, let first = groups.first, (1...3).contains(first.count),
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return .word }
    return
      (Array(bytes[..<whole.startIndex]) + whole.filter { $0 != separator }
      + Array(bytes[whole.endIndex...])).withUnsafeBufferPointer {
        DecimalNumber.read($0, decimal: decimal)
      }
  }
}
