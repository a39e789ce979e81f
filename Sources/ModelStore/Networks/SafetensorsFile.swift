import SurprisalEstimation
import SurprisalTables

/// A file of named tensors of doubles in the safetensors format: eight bytes of length, a header in
/// JSON, a buffer (https://huggingface.co/docs/safetensors).
///
/// Reading is strict: the header is at most `headerLimit` bytes, keys are unique, every tensor is
/// of doubles, and tensors cover the buffer without gaps and overlaps. All this is checked before
/// memory is allocated.
package struct SafetensorsFile: Sendable, Equatable {
  /// The longest header in bytes, as in the safetensors library. The names of 50 000 columns need 5
  /// MB.
  static let headerLimit = 100_000_000

  /// A tensor and its entries, the last index fastest.
  struct Tensor: Sendable, Equatable {
    let name: String
    let shape: [Int]
    let values: [Double]
  }

  /// Texts by name.
  package var metadata: [String: String]
  /// The tensors in the order of the buffer.
  var tensors: [Tensor]

  package typealias Problem = ModelFileError.Problem

  /// Whether the bytes begin like a safetensors file: a length, then a brace.
  package static func begins(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    let length = length(bytes)
    return length >= 2 && length <= UInt64(headerLimit)
  }

  /// The file as bytes; the buffer starts at a multiple of eight.
  var bytes: [UInt8] {
    var header = JSONObject()
    var texts = JSONObject()
    for key in metadata.keys.sorted() { texts[key] = JSONValue(metadata[key]) }
    header["__metadata__"] = .object(texts)
    var offset = 0
    for tensor in tensors {
      let end = offset + 8 * tensor.values.count
      header[tensor.name] = .members([
        "dtype": .string("F64"),
        "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": .array([.integer(offset), .integer(end)]),
      ])
      offset = end
    }
    var text = JSONWriter.compact.bytes(of: .object(header))
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var result: [UInt8] = []
    result.reserveCapacity(8 + text.count + offset)
    Self.append(UInt64(text.count), to: &result)
    result += text
    for tensor in tensors {
      for value in tensor.values { Self.append(value.bitPattern, to: &result) }
    }
    return result
  }

  /// Reads the bytes of a file whose metadata has a text called `key`. Throws `model.truncated`,
  /// `model.json`, `model.shape`, `model.values` and `model.limit`; `model.foreign` if that text is
  /// missing.
  package init(_ bytes: [UInt8], requiring key: String) throws(Problem) {
    guard bytes.count > 8 else { throw .truncated(bytes: bytes.count) }
    let length = Self.length(bytes)
    guard length <= UInt64(Self.headerLimit) else {
      throw .size(bytes: Int(clamping: length), limit: Self.headerLimit)
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else { throw .truncated(bytes: bytes.count) }
    let header = try ModelFile.parse(Array(bytes[8..<start]))
    metadata = try Self.metadata(header)
    // Files of other programs may have tensors of any kind, so they are recognised before tensors
    // are read.
    guard metadata[key] != nil else { throw .foreign(.safetensors) }
    guard start % 8 == 0 else {
      throw .shape(path: "header", expected: "a length that is a multiple of 8", found: start - 8)
    }
    let places = try Self.places(header)
    let size = bytes.count - start
    let end = places.last?.range.upperBound ?? 0
    guard end <= size else { throw .truncated(bytes: bytes.count) }
    guard end == size else {
      throw .shape(path: "header", expected: "tensors of \(size) bytes in all", found: end)
    }
    tensors = []
    for place in places { tensors.append(try Self.tensor(place, bytes, start)) }
  }

  init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// A file of tensors in their order.
  package static func bytes(
    of tensors: [(name: String, shape: [Int], values: [Double])], metadata: [String: String]
  ) -> [UInt8] {
    let tensors = tensors.map { Tensor(name: $0.name, shape: $0.shape, values: $0.values) }
    return SafetensorsFile(metadata: metadata, tensors: tensors).bytes
  }

  /// A file with the layers of networks, named as in model files.
  package static func bytes(
    of networks: NetworkClassifier, metadata: [String: String]
  ) -> [UInt8] {
    SafetensorsFile(metadata: metadata, tensors: NetworkTensors.tensors(of: networks)).bytes
  }

  /// The CRC-32C of the buffer, eight hexadecimal digits.
  var checksum: String {
    var check = CRC32C()
    for tensor in tensors {
      for value in tensor.values {
        let bits = value.bitPattern
        check.update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
      }
    }
    return ModelFileChecksum.digits(of: check)
  }

  // MARK: Reading

  /// The description of a tensor in the header.
  private struct Description: Codable {
    let type: String
    let shape: [Int]
    let offsets: [Int]

    private enum CodingKeys: String, CodingKey {
      case shape
      case type = "dtype"
      case offsets = "data_offsets"
    }
  }

  /// The position of a tensor in the buffer.
  private struct Place {
    let name: String
    let shape: [Int]
    let range: Range<Int>
  }

  private static func metadata(_ header: JSONObject) throws(Problem) -> [String: String] {
    guard let value = header["__metadata__"] else { return [:] }
    guard let object = value.objectValue else {
      throw .kind(path: "__metadata__", expected: "an object", found: value.kindName)
    }
    var result: [String: String] = [:]
    for (key, value) in object.members {
      guard let text = value.stringValue else {
        throw .kind(path: "__metadata__", expected: "texts", found: value.kindName)
      }
      result[key] = text
    }
    return result
  }

  /// The tensors in the order of the buffer, which they must cover.
  private static func places(_ header: JSONObject) throws(Problem) -> [Place] {
    var places: [Place] = []
    for (name, value) in header.members where name != "__metadata__" {
      places.append(
        try place(name, try JSONValueDecoder().value(Description.self, from: value, path: name)))
    }
    places.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for place in places {
      guard place.range.lowerBound == end else {
        throw .shape(
          path: "\(place.name).data_offsets", expected: "a start at \(end)",
          found: place.range.lowerBound)
      }
      end = place.range.upperBound
    }
    return places
  }

  private static func place(
    _ name: String, _ description: Description
  ) throws(Problem) -> Place {
    guard description.type == "F64" else {
      throw .word(path: "\(name).dtype", found: description.type, known: ["F64"])
    }
    let (shape, offsets) = (description.shape, description.offsets)
    for (key, values) in [("shape", shape), ("data_offsets", offsets)] {
      if let value = values.first(where: { $0 < 0 }) {
        throw .kind(path: "\(name).\(key)", expected: "numbers from 0", found: "\(value)")
      }
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .shape(
        path: "\(name).data_offsets", expected: "a start and an end", found: offsets.count)
    }
    var size = 8
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw .shape(path: "\(name).shape", expected: "a size in memory", found: extent)
      }
      size = product
    }
    guard offsets[1] - offsets[0] == size else {
      throw .shape(
        path: "\(name).data_offsets", expected: "\(size) bytes", found: offsets[1] - offsets[0])
    }
    return Place(name: name, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func tensor(
    _ place: Place, _ bytes: [UInt8], _ start: Int
  ) throws(Problem) -> Tensor {
    let count = place.range.count / 8
    let values = [Double](unsafeUninitializedCapacity: count) { target, initialized in
      bytes.withUnsafeBytes { source in
        for index in 0..<count {
          let bits = source.loadUnaligned(
            fromByteOffset: start + place.range.lowerBound + 8 * index, as: UInt64.self)
          target.initializeElement(at: index, to: Double(bitPattern: UInt64(littleEndian: bits)))
        }
      }
      initialized = count
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .value(path: "\(place.name)[\(index)]", found: "\(values[index])")
    }
    return Tensor(name: place.name, shape: place.shape, values: values)
  }

  private static func length(_ bytes: [UInt8]) -> UInt64 {
    bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }

  private static func append(_ bits: UInt64, to bytes: inout [UInt8]) {
    for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * index))) }
  }
}
