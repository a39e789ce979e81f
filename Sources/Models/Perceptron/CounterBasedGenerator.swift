/// A counter-based random generator: the output depends on the key and a counter only, so numbers
/// drawn by several threads, or again after a resumed run, are the same.
///
/// The finaliser of SplitMix64 over a Weyl sequence: Steele, Lea and Flood, OOPSLA 2014,
/// doi:10.1145/2660193.2660195. Not for cryptography.
public struct CounterBasedGenerator: Sendable, Equatable {
  private let key: UInt64

  /// Creates the generator of a seed.
  public init(seed: UInt64) { key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

  private init(key: UInt64) { self.key = key }

  /// A generator whose key is the hash of this key and a number; use one per step, row or layer.
  public func child(_ number: Int) -> CounterBasedGenerator {
    CounterBasedGenerator(key: bits(number) ^ 0xA076_1D64_78BD_642F)
  }

  /// The 64 random bits of a counter.
  public func bits(_ counter: Int) -> UInt64 {
    Self.mix(key &+ UInt64(truncatingIfNeeded: counter) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// A uniform number in 0 ..< 1 with 53 random bits.
  public func unit(_ counter: Int) -> Double { Double(bits(counter) >> 11) * 0x1p-53 }

  /// The numbers 0..<count in an order that depends on the key alone. Fisher and Yates; each index
  /// comes from the product with 64 random bits (a bias below count / 2⁶⁴).
  public func permutation(of count: Int) -> [Int] {
    var result = Array(0..<count)
    guard count > 1 else { return result }
    for last in stride(from: count - 1, to: 0, by: -1) {
      let product = bits(last).multipliedFullWidth(by: UInt64(last + 1))
      result.swapAt(last, Int(product.high))
    }
    return result
  }

  private static func mix(_ bits: UInt64) -> UInt64 {
    var value = bits
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
