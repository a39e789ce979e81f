/// A format recognized by its first bytes, which is reported but not supported.
public enum FileSignature: Sendable, Equatable, CaseIterable {
  /// gzip.
  case gzip
  /// A ZIP archive: also `.xlsx` and `.npz`.
  case zip
  /// Zstandard.
  case zstandard
  /// bzip2.
  case bzip2
  /// xz.
  case xz
  /// Apache Parquet.
  case parquet
  /// Apache Arrow or Feather.
  case arrow
  /// HDF5.
  case hdf5
  /// A Python pickle of protocol 2 or later.
  case pickle
  /// A NumPy array although text was expected.
  case npy
  /// PDF.
  case pdf

  private var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .zip: Array("PK\u{3}\u{4}".utf8)
    case .zstandard: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: Array("BZh".utf8)
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A]
    case .parquet: Array("PAR1".utf8)
    case .arrow: Array("ARROW1".utf8)
    case .hdf5: [0x89, 0x48, 0x44, 0x46]
    case .pickle: [0x80]
    case .npy: [0x93] + Array("NUMPY".utf8)
    case .pdf: Array("%PDF-".utf8)
    }
  }

  /// The name of the format in a message.
  public var name: String {
    switch self {
    case .gzip: "gzip"
    case .zip: "a ZIP archive (an .xlsx workbook or .npz also is one)"
    case .zstandard: "Zstandard"
    case .bzip2: "bzip2"
    case .xz: "xz"
    case .parquet: "Parquet"
    case .arrow: "Arrow"
    case .hdf5: "HDF5"
    case .pickle: "a Python pickle"
    case .npy: "a NumPy array"
    case .pdf: "PDF"
    }
  }

  /// The format of a file by its first bytes, 16 of which are enough; nil if it may be text.
  public init?(prefix: some Collection<UInt8>) {
    let found = FileSignature.allCases.first { signature in
      guard prefix.starts(with: signature.magic) else { return false }
      // Text could begin with these letters: the next byte decides.
      switch signature {
      case .bzip2:
        return prefix.dropFirst(3).first.map { (0x31...0x39).contains($0) } ?? false
          && prefix.dropFirst(4).starts(with: [0x31, 0x41])
      case .pickle: return prefix.dropFirst().first.map { (2...5).contains($0) } ?? false
      default: return true
      }
    }
    guard let found else { return nil }
    self = found
  }
}
