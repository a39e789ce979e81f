/// A number as people write it: without a fraction where it has none.
package func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

/// Whether the text is digits with one comma between, such as `1,5` or `1.234,5`.
package func looksLikeDecimalComma(_ text: String) -> Bool {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  guard parts.count == 2, let whole = parts.first, let fraction = parts.last else { return false }
  return whole.contains { $0.isASCII && $0.isNumber }
    && whole.allSatisfy { ($0.isASCII && $0.isNumber) || "+-. ".contains($0) }
    && !fraction.isEmpty
    && fraction.allSatisfy { ($0.isASCII && $0.isNumber) || "eE+-".contains($0) }
}
