/// The 128 leading bits of each power of five that a double can meet: `5^q`, `-342 <= q <= 308`.
///
/// For `q >= 0` the bits are cut; for `q < 0` they are those of the reciprocal, cut, and one more
/// in the last place where it has no more than 128 + 64 bits (`q >= -27`), as the proof of the
/// algorithm requires. Computed once, exactly, by integer arithmetic; about 10 kB.
///
/// `@unchecked`: the table is written once, before it is read.
struct PowersOfFive: @unchecked Sendable {
  static let range = -342...308
  static let shared = PowersOfFive()

  /// The bits of `5^q` at `q - range.lowerBound`, in the memory of the single table, which is never
  /// freed: readers keep the address.
  let bits: UnsafePointer<Bits>

  /// The leading bits of a power.
  struct Bits: BitwiseCopyable, Sendable {
    let high: UInt64
    let low: UInt64
  }

  private init() {
    var positive: [(UInt64, UInt64)] = []
    var negative: [(UInt64, UInt64)] = []
    var power = BigNatural(1)
    for exponent in 0...342 {
      if exponent <= 308 { positive.append(power.leadingBits()) }
      if exponent > 0 {
        var bits = power.reciprocalLeadingBits()
        if exponent <= 27 {
          let (low, overflow) = bits.1.addingReportingOverflow(1)
          bits = (bits.0 &+ (overflow ? 1 : 0), low)
        }
        negative.append(bits)
      }
      power.multiply(by: 5)
    }
    let all = negative.reversed() + positive
    let table = UnsafeMutablePointer<Bits>.allocate(capacity: all.count)
    for (index, power) in all.enumerated() {
      (table + index).initialize(to: Bits(high: power.0, low: power.1))
    }
    bits = UnsafePointer(table)
  }
}

/// A natural number of any size, with only the operations that `PowersOfFive` needs.
private struct BigNatural {
  /// Limbs of 32 bits, the least significant first; the last is not 0.
  private var limbs: [UInt32]

  init(_ value: UInt32) { limbs = [value] }

  private init(limbs: [UInt32]) { self.limbs = limbs }

  mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      carry += UInt64(limbs[index]) * UInt64(factor)
      limbs[index] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
  }

  private var bitCount: Int { limbs.count * 32 - (limbs.last?.leadingZeroBitCount ?? 0) }

  private func bit(_ index: Int) -> UInt64 {
    index >= 0 ? UInt64(limbs[index / 32] >> UInt32(index % 32) & 1) : 0
  }

  /// The 128 bits from the first 1, cut or padded with zeros.
  func leadingBits() -> (UInt64, UInt64) {
    let top = bitCount - 1
    var high: UInt64 = 0
    var low: UInt64 = 0
    for step in 0..<64 {
      high = high << 1 | bit(top - step)
      low = low << 1 | bit(top - 64 - step)
    }
    return (high, low)
  }

  /// The 128 leading bits of the reciprocal, cut: a long division of 1 by this number, bit by bit.
  func reciprocalLeadingBits() -> (UInt64, UInt64) {
    // 2^bitCount is the first power of two not below this number: the quotient begins with a 1.
    var remainder = BigNatural(limbs: [UInt32](repeating: 0, count: limbs.count + 1))
    remainder.limbs[bitCount / 32] = 1 << UInt32(bitCount % 32)
    var high: UInt64 = 0
    var low: UInt64 = 0
    for _ in 0..<128 {
      high = high << 1 | low >> 63
      low <<= 1
      if remainder.subtractIfNotLess(self) { low |= 1 }
      remainder.double()
    }
    return (high, low)
  }

  private mutating func double() {
    var carry: UInt32 = 0
    for index in limbs.indices {
      let next = limbs[index] >> 31
      limbs[index] = limbs[index] << 1 | carry
      carry = next
    }
  }

  /// Subtracts a number with one limb less, if the result is not negative.
  private mutating func subtractIfNotLess(_ other: BigNatural) -> Bool {
    var difference = limbs
    var borrow = false
    for index in limbs.indices {
      let part = index < other.limbs.count ? other.limbs[index] : 0
      let (first, one) = limbs[index].subtractingReportingOverflow(part)
      let (second, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
      difference[index] = second
      borrow = one || two
    }
    if !borrow { limbs = difference }
    return !borrow
  }
}
