import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("CRC-32C")
struct CRC32CTests {
  @Test(
    "published checks",
    arguments: [
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), ((0..<32).map { UInt8($0) }, 0x46DD_794E),
    ] as [([UInt8], UInt32)])
  func published(bytes: [UInt8], value: UInt32) {
    #expect(CRC32C.checksum(of: bytes) == value)
    var parts = CRC32C()
    parts.update(bytes.prefix(5))
    parts.update(bytes.dropFirst(5))
    #expect(parts.value == value)
  }

  @Test("every flipped bit is detected")
  func flips() {
    let bytes = Array("{\"format\":\"x\",\"weights\":[1.5,2.5]}".utf8)
    let check = CRC32C.checksum(of: bytes)
    for index in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << UInt8(bit)
        #expect(CRC32C.checksum(of: flipped) != check)
      }
    }
  }
}
