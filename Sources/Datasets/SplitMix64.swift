/// A small pseudo-random generator; a seed gives the same sequence on every machine.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
/// doi:10.1145/2660193.2660195. Its period covers all 2^64 values once. Not for cryptography.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
  private var state: UInt64

  /// Starts the sequence of a seed.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

extension RandomNumberGenerator {
  /// A uniformly distributed whole number in `0..<bound`.
  ///
  /// Multiply and reject (Lemire, ACM TOMACS 29, 2019, doi:10.1145/3230636). The algorithm of the
  /// standard library may change between versions, which would change results.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "there is something to choose from")
    let bound = UInt64(bound)
    let threshold = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// The elements in a uniformly distributed order (Fisher and Yates).
  ///
  /// The standard library's `shuffled(using:)` may change between versions.
  package mutating func shuffle<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in result.indices.dropFirst().reversed() {
      result.swapAt(last, index(below: last + 1))
    }
    return result
  }
}
