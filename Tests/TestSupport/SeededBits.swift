/// A stream of pseudo-random bits (xorshift64*), the same in every run.
public struct SeededBits {
  private var state: UInt64

  /// A generator with a seed.
  public init(seed: UInt64) { state = seed | 1 }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// A number from 0 to below `bound`.
  public mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
}
