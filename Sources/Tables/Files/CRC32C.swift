/// The cyclic redundancy check CRC-32C (Castagnoli), as iSCSI and ext4 use it.
///
/// Polynomial 0x1EDC6F41, reflected, start and final complement 0xFFFFFFFF; the check of the ASCII
/// text `123456789` is 0xE3069283. Every change of up to 32 adjacent bits is detected. Source: RFC
/// 3720, appendix B.4.
public struct CRC32C: Sendable {
  private var state: UInt32 = 0xFFFF_FFFF

  /// The check of no bytes.
  public init() {}

  /// The check of all bytes so far.
  public var value: UInt32 { ~state }

  /// Adds bytes. `O(n)`.
  public mutating func update(_ bytes: some Sequence<UInt8>) {
    var state = self.state
    for byte in bytes {
      state = state >> 8 ^ CRC32C.table[Int((state ^ UInt32(byte)) & 0xFF)]
    }
    self.state = state
  }

  /// The check of bytes.
  public static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    var check = CRC32C()
    check.update(bytes)
    return check.value
  }

  /// The check of each single byte.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { state, _ in
      state & 1 == 1 ? state >> 1 ^ 0x82F6_3B78 : state >> 1
    }
  }
}
