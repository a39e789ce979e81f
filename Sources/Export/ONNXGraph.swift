/// A graph of the Open Neural Network Exchange, built node by node: names of values, constant
/// tensors, inputs and outputs (https://onnx.ai/onnx/repo-docs/IR.html).
///
/// Generated names begin with `surprisal/` to avoid clashes with column names.
struct ONNXGraph {
  /// The type of elements, with its number in the format.
  enum Element: Int {
    case float = 1
    case int64 = 7
    case string = 8
    case double = 11
  }

  /// An attribute of a node.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case strings([String])
  }

  /// The version of the format, and those of the two operator sets: of 2022, supported by all later
  /// runtimes.
  static let formatVersion = 8
  private static let operators = [("", 17), ("ai.onnx.ml", 2)]

  /// The type of constants and of the numbers that the nodes compute.
  let number: Element
  /// The type of features and probabilities.
  let interface: Element
  /// Whether a number exceeded the range of the type.
  private(set) var isOutOfRange = false
  private var nodes: [ProtocolBuffer] = []
  private var tensors: [ProtocolBuffer] = []
  private var inputs: [ProtocolBuffer] = []
  private var outputs: [ProtocolBuffer] = []
  private var names: Set<String> = []
  private var count = 0

  init(number: Element, interface: Element) {
    (self.number, self.interface) = (number, interface)
  }

  // MARK: Nodes

  /// Adds a node with one result, and returns its name. `result` is the name of an output, if it is
  /// one.
  mutating func add(
    _ kind: String, _ operands: [String], domain: String = "",
    _ attributes: [(String, Attribute)] = [], result: String? = nil
  ) -> String {
    count += 1
    let result = result ?? "surprisal/\(count)"
    nodes.append(
      .message { node in
        for operand in operands { node.add(1, operand) }
        node.add(2, result)
        node.add(3, "surprisal/\(kind)\(count)")
        node.add(4, kind)
        for (name, value) in attributes { node.add(5, Self.attribute(name, value)) }
        if !domain.isEmpty { node.add(7, domain) }
      })
    return result
  }

  private static func attribute(_ name: String, _ value: Attribute) -> ProtocolBuffer {
    .message { attribute in
      attribute.add(1, name)
      switch value {
      case .integer(let number):
        attribute.add(3, number)
        attribute.add(20, 2)
      case .integers(let numbers):
        for number in numbers { attribute.add(8, number) }
        attribute.add(20, 7)
      case .strings(let texts):
        for text in texts { attribute.add(9, text) }
        attribute.add(20, 8)
      }
    }
  }

  // MARK: Constants

  /// Adds numbers of the type of the features; the shape is that of a list unless given.
  mutating func numbers(_ values: [Double], shape: [Int]? = nil) -> String {
    var bytes: [UInt8] = []
    if number == .float {
      for value in values {
        let single = Float(value)
        if value.isFinite, !single.isFinite { isOutOfRange = true }
        Self.append(single.bitPattern, to: &bytes)
      }
    } else {
      for value in values { Self.append(value.bitPattern, to: &bytes) }
    }
    return constant(number, shape ?? [values.count]) { $0.add(9, bytes: bytes) }
  }

  /// Adds whole numbers.
  mutating func integers(_ values: [Int]) -> String {
    var bytes: [UInt8] = []
    for value in values { Self.append(UInt64(bitPattern: Int64(value)), to: &bytes) }
    return constant(.int64, [values.count]) { $0.add(9, bytes: bytes) }
  }

  /// Adds texts.
  mutating func texts(_ values: [String]) -> String {
    constant(.string, [values.count]) { tensor in
      for value in values { tensor.add(6, value) }
    }
  }

  private mutating func constant(
    _ element: Element, _ shape: [Int], _ content: (inout ProtocolBuffer) -> Void
  ) -> String {
    count += 1
    let name = "surprisal/\(count)"
    tensors.append(
      .message { tensor in
        for extent in shape { tensor.add(1, extent) }
        tensor.add(2, element.rawValue)
        tensor.add(8, name)
        content(&tensor)
      })
    return name
  }

  private static func append(_ bits: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
  }

  // MARK: Inputs and outputs

  /// Adds an input of features, and returns the name of their values in the type of the nodes.
  mutating func addFeatures(_ name: String, columns: Int) -> String {
    addInput(name, interface, columns: columns)
    return interface == number
      ? name : add("Cast", [name], [("to", .integer(number.rawValue))])
  }

  /// Adds an input with any number of rows.
  mutating func addInput(_ name: String, _ element: Element, columns: Int) {
    names.insert(name)
    inputs.append(Self.description(name, element, columns: columns))
  }

  /// Adds an output, and returns its name: the requested one, or another one if an input has it.
  mutating func addOutput(_ wish: String, _ element: Element, columns: Int?) -> String {
    var name = wish
    while !names.insert(name).inserted { name = "predicted_" + name }
    outputs.append(Self.description(name, element, columns: columns))
    return name
  }

  private static func description(
    _ name: String, _ element: Element, columns: Int?
  ) -> ProtocolBuffer {
    .message { value in
      value.add(1, name)
      value.add(
        2,
        .message { type in
          type.add(
            1,
            .message { tensor in
              tensor.add(1, element.rawValue)
              tensor.add(
                2,
                .message { shape in
                  shape.add(1, .message { $0.add(2, "rows") })
                  if let columns { shape.add(1, .message { $0.add(1, columns) }) }
                })
            })
        })
    }
  }

  // MARK: The file

  /// The bytes of a file with this graph.
  func file(producer: String, version: String, properties: [(String, String)]) -> [UInt8] {
    ProtocolBuffer.message { model in
      model.add(1, Self.formatVersion)
      model.add(2, producer)
      model.add(3, version)
      model.add(
        7,
        .message { graph in
          for node in nodes { graph.add(1, node) }
          graph.add(2, producer)
          for tensor in tensors { graph.add(5, tensor) }
          for input in inputs { graph.add(11, input) }
          for output in outputs { graph.add(12, output) }
        })
      for (domain, version) in Self.operators {
        model.add(
          8,
          .message { operators in
            operators.add(1, domain)
            operators.add(2, version)
          })
      }
      for (key, value) in properties {
        model.add(
          14,
          .message { property in
            property.add(1, key)
            property.add(2, value)
          })
      }
    }.bytes
  }
}
