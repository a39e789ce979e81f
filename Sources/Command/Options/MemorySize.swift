import ArgumentParser

/// A number of bytes, such as `2G`, `500M` or `1000000`; powers of ten.
struct MemorySize: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Int] = [
      "k": 1000, "m": 1_000_000, "g": 1_000_000_000, "t": 1_000_000_000_000,
    ]
    var text = argument.lowercased()
    if text.hasSuffix("b") { text.removeLast() }
    var unit = 1
    if let last = text.last, let known = units[last] {
      unit = known
      text.removeLast()
    }
    guard let count = Int(text), count > 0 else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}
