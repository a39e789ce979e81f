import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import SurprisalTables

/// Networks: the document as text among the metadata of a safetensors file, parameters as tensors.
extension ModelFile {
  /// The key of the document in the metadata.
  package static let documentKey = "surprisal"

  /// The file of a network: `layers.0.weight`, `layers.0.bias`, ... and `members.1.layers.0.weight` for
  /// further members of an ensemble.
  static func tensorFile(
    of classifier: NetworkClassifier, document: (_ checksum: String) -> JSONValue
  ) -> TensorFile {
    let standardization = classifier.members[0].standardization
    var file = TensorFile(
      metadata: [:],
      tensors: [
        .init(
          name: "standardization.centers", shape: [standardization.centers.count],
          values: standardization.centers),
        .init(
          name: "standardization.scales", shape: [standardization.scales.count],
          values: standardization.scales),
      ])
    for (index, member) in classifier.members.enumerated() {
      for slot in slots(of: member.model, member: index) {
        file.tensors.append(
          .init(name: slot.name, shape: slot.shape, values: Array(member.parameters[slot.range])))
      }
    }
    var bytes = JSONWriter.canonical.bytes(of: document(file.checksum))
    bytes.append(UInt8(ascii: "\n"))
    ModelFileSeal.close(&bytes)
    file.metadata[documentKey] = String(decoding: bytes, as: UTF8.self)
    return file
  }

  /// A tensor and the parameters it holds.
  private struct Slot {
    let name: String
    let shape: [Int]
    let range: Range<Int>
  }

  private static func slots(of model: PerceptronLogits, member: Int) -> [Slot] {
    let prefix = member == 0 ? "" : "members.\(member)."
    var slots: [Slot] = []
    for (index, layer) in model.layers.enumerated() {
      let name = "\(prefix)layers.\(index)"
      slots.append(
        Slot(
          name: "\(name).weight", shape: [layer.unitCount, layer.inputCount],
          range: layer.weights))
      slots.append(Slot(name: "\(name).bias", shape: [layer.unitCount], range: layer.biases))
      guard !layer.gains.isEmpty else { continue }
      slots.append(Slot(name: "\(name).gain", shape: [layer.unitCount], range: layer.gains))
      slots.append(Slot(name: "\(name).shift", shape: [layer.unitCount], range: layer.shifts))
    }
    if !model.skip.isEmpty {
      slots.append(
        Slot(
          name: "\(prefix)skip.weight", shape: [model.classCount, model.featureCount],
          range: model.skip))
    }
    return slots
  }

  /// What the document says of the networks themselves.
  static func json(of classifier: NetworkClassifier, checksum: String) -> JSONValue {
    let network = classifier.members[0].model.network
    return .members([
      "activation": .string(network.activation.rawValue),
      "dropout": .number(network.dropout),
      "hidden": .array(network.hidden.map { .integer($0) }),
      "kind": .string(network.name),
      "members": .integer(classifier.members.count),
      "normalizes_layers": .bool(network.normalizesLayers),
      "skip": .bool(network.hasSkip),
      "tensors_crc32c": .string(checksum),
    ])
  }

  /// The tensors of a file, of which every one must be asked for.
  struct Tensors {
    private var rest: [String: TensorFile.Tensor]

    init(_ file: TensorFile) throws(ModelFileError.Problem) {
      rest = [:]
      for tensor in file.tensors { rest[tensor.name] = tensor }
    }

    mutating func values(
      _ name: String, shape: [Int]
    ) throws(ModelFileError.Problem) -> [Double] {
      guard let tensor = rest.removeValue(forKey: name) else { throw .missingKey(path: name) }
      guard tensor.shape == shape else {
        throw .shape(
          path: name, expected: shape.map(String.init).joined(separator: " x ") + " numbers",
          found: tensor.values.count)
      }
      return tensor.values
    }

    func finish() throws(ModelFileError.Problem) {
      if let name = rest.keys.min() { throw .unknownKey(path: name) }
    }
  }

  /// The network and the number of members that a document describes.
  static func network(
    _ object: inout ModelFileObject, checksum: String
  ) throws(ModelFileError.Problem) -> (network: MultilayerPerceptron, members: Int) {
    let stored = try object.text("tensors_crc32c")
    guard stored == checksum else { throw .checksum(stored: stored, computed: checksum) }
    var hidden: [Int] = []
    for (index, value) in try object.list("hidden").enumerated() {
      guard let count = value.integerValue, count >= 1 else {
        throw .value(path: object.place("hidden[\(index)]"), found: value.kindName)
      }
      hidden.append(count)
    }
    let activation: Activation = try object.word("activation")
    let dropout = try object.number("dropout")
    guard dropout >= 0, dropout < 1 else {
      throw .value(path: object.place("dropout"), found: "\(dropout)")
    }
    let members = try object.count("members")
    guard members >= 1 else { throw .value(path: object.place("members"), found: "\(members)") }
    let network = MultilayerPerceptron(
      hidden: hidden, activation: activation,
      normalizesLayers: try object.truth("normalizes_layers"), dropout: dropout,
      hasSkip: try object.truth("skip"))
    return (network, members)
  }

  /// The parameters of one member, every tensor of the shape it must have.
  static func parameters(
    of network: MultilayerPerceptron, member: Int, featureCount: Int, classCount: Int,
    from tensors: inout Tensors
  ) throws(ModelFileError.Problem) -> (PerceptronLogits, [Double]) {
    try requireSize(network, featureCount, classCount)
    let model = network.model(featureCount: featureCount, classCount: classCount)
    var parts: [(Range<Int>, [Double])] = []
    for slot in slots(of: model, member: member) {
      parts.append((slot.range, try tensors.values(slot.name, shape: slot.shape)))
    }
    var parameters = [Double](repeating: 0, count: model.parameterCount)
    for (range, values) in parts { parameters.replaceSubrange(range, with: values) }
    return (model, parameters)
  }

  /// Layers whose weights no file could hold are refused before their number is computed.
  private static func requireSize(
    _ network: MultilayerPerceptron, _ featureCount: Int, _ classCount: Int
  ) throws(ModelFileError.Problem) {
    var total = 0
    var below = featureCount
    for (index, units) in (network.hidden + [classCount]).enumerated() {
      let (product, isTooLarge) = below.multipliedReportingOverflow(by: units)
      total = total.addingReportingOverflow(product).partialValue
      guard !isTooLarge, units <= sizeLimit, product <= sizeLimit / 8, total <= sizeLimit / 8 else {
        throw .shape(path: "model.hidden[\(index)]", expected: "a layer of a file", found: units)
      }
      below = units
    }
  }
}
