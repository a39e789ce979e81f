import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels

/// The parameters of networks as tensors: `layers.0.weight`, `layers.0.bias`, ... and
/// `members.1.layers.0.weight` for further members of an ensemble.
struct NetworkTensors {
  typealias Problem = ModelFileError.Problem

  /// The architecture of all members.
  let model: PerceptronLogits
  /// Centers and scales, one per column; not checked.
  let standardization: Standardization
  /// The parameters of each member.
  let parameters: [[Double]]

  /// The tensors of a classifier, in the order of the file.
  static func tensors(of classifier: NetworkClassifier) -> [SafetensorsFile.Tensor] {
    let scale = classifier.members[0].standardization
    var tensors: [SafetensorsFile.Tensor] = [
      .init(
        name: "standardization.centers", shape: [scale.centers.count], values: scale.centers),
      .init(name: "standardization.scales", shape: [scale.scales.count], values: scale.scales),
    ]
    for (index, member) in classifier.members.enumerated() {
      for slot in slots(of: member.model, member: index) {
        tensors.append(
          .init(name: slot.name, shape: slot.shape, values: Array(member.parameters[slot.range])))
      }
    }
    return tensors
  }

  /// Reads the parameters of networks and checks the shape of every tensor. Throws `.missingKey`,
  /// `.unknownKey` and `.shape`.
  init(
    of network: MultilayerPerceptron, members: Int, featureCount: Int, classCount: Int,
    in file: SafetensorsFile
  ) throws(Problem) {
    try Self.requireSize(network, featureCount, classCount)
    var rest = Remaining(file)
    let model = network.model(featureCount: featureCount, classCount: classCount)
    let scales = try rest.values("standardization.scales", shape: [featureCount])
    let centers = try rest.values("standardization.centers", shape: [featureCount])
    var all: [[Double]] = []
    for member in 0..<members {
      var parts: [(Range<Int>, [Double])] = []
      for slot in Self.slots(of: model, member: member) {
        parts.append((slot.range, try rest.values(slot.name, shape: slot.shape)))
      }
      var parameters = [Double](repeating: 0, count: model.parameterCount)
      for (range, values) in parts { parameters.replaceSubrange(range, with: values) }
      all.append(parameters)
    }
    try rest.finish()
    self.model = model
    standardization = Standardization(centers: centers, scales: scales)
    parameters = all
  }

  /// A tensor and the range of parameters it stores.
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

  /// The tensors of a file that have not been read yet.
  struct Remaining {
    private var tensors: [String: SafetensorsFile.Tensor] = [:]

    init(_ file: SafetensorsFile) {
      for tensor in file.tensors { tensors[tensor.name] = tensor }
    }

    mutating func values(_ name: String, shape: [Int]) throws(Problem) -> [Double] {
      guard let tensor = tensors.removeValue(forKey: name) else { throw .missingKey(path: name) }
      guard tensor.shape == shape else {
        throw .shape(
          path: name, expected: shape.map(String.init).joined(separator: " x ") + " numbers",
          found: tensor.values.count)
      }
      return tensor.values
    }

    func finish() throws(Problem) {
      if let name = tensors.keys.min() { throw .unknownKey(path: name, known: []) }
    }
  }

  /// Throws if the weights of a layer could not fit in any file, before their number is computed.
  private static func requireSize(
    _ network: MultilayerPerceptron, _ featureCount: Int, _ classCount: Int
  ) throws(Problem) {
    let limit = ModelFile.sizeLimit
    var total = 0
    var below = featureCount
    for (index, units) in (network.hidden + [classCount]).enumerated() {
      let (product, isTooLarge) = below.multipliedReportingOverflow(by: units)
      total = total.addingReportingOverflow(product).partialValue
      guard !isTooLarge, units <= limit, product <= limit / 8, total <= limit / 8 else {
        throw .shape(
          path: "model.mlp.network.hidden[\(index)]", expected: "a layer of a file", found: units)
      }
      below = units
    }
  }
}
