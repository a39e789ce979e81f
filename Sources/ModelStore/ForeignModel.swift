import SurprisalTables

/// The model file of another tool, recognised by its content.
public enum ForeignModel: String, Sendable, Equatable, CaseIterable {
  case xgboostJSON = "an XGBoost model (JSON)"
  case xgboostUBJ = "an XGBoost model (UBJSON)"
  case xgboostBinary = "an XGBoost model (old binary format)"
  case lightGBM = "a LightGBM model"
  case catBoost = "a CatBoost model"
  case onnx = "an ONNX model"
  case pickle = "a Python pickle, as scikit-learn and joblib write them"
  case joblib = "a compressed joblib file of scikit-learn"
  case safetensors = "a safetensors file"
  case gguf = "a GGUF file"
  case pmml = "an XML file, perhaps PMML"
  case hdf5 = "an HDF5 file, perhaps of Keras"
  case zip = "a ZIP archive, perhaps of PyTorch or Keras"
  case compressed = "a compressed file"
  case array = "a NumPy array"

  /// The format of a file by its bytes; nil for a file that may be a Surprisal model. Reads at most
  /// the first 4 KiB.
  package init?(_ bytes: [UInt8]) {
    let head = Array(bytes.prefix(4096))
    guard
      let found = ForeignModel.ofText(head) ?? ForeignModel.ofSignature(head)
        ?? ForeignModel.ofStructure(head, size: bytes.count)
    else { return nil }
    self = found
  }

  private static func ofText(_ head: [UInt8]) -> ForeignModel? {
    if head.starts(with: "tree\nversion=".utf8) || head.starts(with: "tree\r\nversion=".utf8) {
      return .lightGBM
    }
    let text = String(decoding: head.filter { $0 > 0x20 }, as: UTF8.self)
    // A pickle of protocol 0 is text.
    if text.hasPrefix("ccopy_reg_reconstructor") { return .pickle }
    if text.hasPrefix("<?xml") || text.hasPrefix("<PMML") { return .pmml }
    guard text.hasPrefix("{") else { return nil }
    return text.hasPrefix(#"{"learner":"#) || text.hasPrefix(#"{"version":["#) ? .xgboostJSON : nil
  }

  private static func ofSignature(_ head: [UInt8]) -> ForeignModel? {
    if head.starts(with: "CBM1".utf8) { return .catBoost }
    if head.starts(with: "GGUF".utf8) { return .gguf }
    if head.starts(with: "binf".utf8) { return .xgboostBinary }
    switch FileSignature(prefix: head) {
    case .pickle: return .pickle
    case .zip: return .zip
    case .hdf5: return .hdf5
    case .npy: return .array
    case .gzip, .bzip2, .xz, .zstandard: return .compressed
    default: break
    }
    let zlib: [[UInt8]] = [[0x78, 0x01], [0x78, 0x5E], [0x78, 0x9C], [0x78, 0xDA]]
    return zlib.contains { head.starts(with: $0) } ? .joblib : nil
  }

  private static func ofStructure(_ head: [UInt8], size: Int) -> ForeignModel? {
    guard head.count > 9 else { return nil }
    // UBJSON: an object, the type of the length of the first key, the length, the key.
    if head[0] == UInt8(ascii: "{"), "LlIiU".utf8.contains(head[1]) {
      let near = String(decoding: head.prefix(64), as: UTF8.self)
      return near.contains("learner") || near.contains("version") ? .xgboostUBJ : nil
    }
    // Eight bytes of length, little-endian, then a header in JSON.
    let length = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if head[8] == UInt8(ascii: "{"), length >= 2, length <= UInt64(size) - 8 { return .safetensors }
    // Protocol buffers: field 1 is the version, a small number; then producer, domain or graph.
    if head[0] == 0x08, (1...30).contains(head[1]),
      [0x12, 0x1A, 0x22, 0x28, 0x3A].contains(head[2])
    {
      return .onnx
    }
    return nil
  }
}
