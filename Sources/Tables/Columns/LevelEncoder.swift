import SurprisalDatasets

/// The different texts of a column, each with a code in the order of appearance.
///
/// Bytes are compared, not `String`s, and hashed with the seed of the process, so that no file can
/// be crafted to make its levels collide: `n` levels cost `O(n)`.
struct LevelEncoder: Sendable {
  private(set) var levels: [String] = []
  /// The reason why each level is not a number; nil if it is one.
  private(set) var kinds: [NonNumber.Kind?] = []

  private var arena: [UInt8] = []
  /// The end of each spelling's bytes in the arena, and its code.
  private var ends: [Int] = [0]
  private var codes: [Int32] = []
  private var hashes: [Int] = []
  /// Spelling + 1 at each slot, 0 for an empty one; the count is a power of two.
  private var slots = [Int32](repeating: 0, count: 16)
  private var unusual: [String: Int32] = [:]

  /// The code of the bytes, a new one if they are new; nil if they are not UTF-8, which is checked
  /// once for each spelling.
  package mutating func code(
    of bytes: UnsafeBufferPointer<UInt8>, format: NumberFormat
  ) -> Int32? {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    let hash = hasher.finalize()
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 {
      let spelling = Int(slots[slot]) - 1
      if hashes[spelling] == hash, isSpelling(spelling, equalTo: bytes) { return codes[spelling] }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return add(bytes, text: text, hash: hash, slot: slot, format: format)
  }

  private mutating func add(
    _ bytes: UnsafeBufferPointer<UInt8>, text: String, hash: Int, slot: Int, format: NumberFormat
  ) -> Int32? {
    // 2^31 - 2 spellings of at least one byte each and an index: beyond any memory budget.
    guard let spelling = Int32(exactly: codes.count + 1), let next = Int32(exactly: levels.count)
    else { return nil }
    var code = next
    if bytes.contains(where: { $0 >= 0x80 }) {
      if let known = unusual[text] { code = known } else { unusual[text] = next }
    }
    if code == next {
      levels.append(text)
      kinds.append(kind(of: bytes, format))
    }
    arena.append(contentsOf: bytes)
    ends.append(arena.count)
    codes.append(code)
    hashes.append(hash)
    slots[slot] = spelling
    if codes.count * 2 > slots.count { grow() }
    return code
  }

  private func isSpelling(_ spelling: Int, equalTo bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    arena[ends[spelling]..<ends[spelling + 1]].elementsEqual(bytes)
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (spelling, hash) in hashes.enumerated() {
      var slot = hash & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: spelling + 1)
    }
  }

  private func kind(
    of bytes: UnsafeBufferPointer<UInt8>, _ format: NumberFormat
  ) -> NonNumber.Kind? {
    let reading = format.read(bytes.trimmingSpaces())
    if case .number = reading { return nil }
    return NonNumber.Kind(reading)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The bytes without ASCII spaces and tabs at both ends.
  @inline(__always)
  func trimmingSpaces() -> UnsafeBufferPointer<UInt8> {
    var low = 0
    var high = count
    while low < high, self[low] == UInt8(ascii: " ") || self[low] == UInt8(ascii: "\t") { low += 1 }
    while low < high, self[high - 1] == UInt8(ascii: " ") || self[high - 1] == UInt8(ascii: "\t") {
      high -= 1
    }
    return UnsafeBufferPointer(rebasing: self[low..<high])
  }
}
