import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalModels
import SurprisalProbability
import SurprisalTables

extension ModelFile {
  /// The whole document, with zeros for the check sum.
  static func json(of saved: FittedModel, checksum: String = "") -> JSONValue {
    let classifier = saved.classifier
    var object = JSONObject()
    object["classes"] = .strings(classifier.classNames)
    object["crc32c"] = .string("00000000")
    object["encoding"] = json(of: classifier.encoding)
    object["fit"] = json(of: saved.record)
    object["format"] = .string(format)
    object["format_version"] = .integer(version)
    object["uses_offsets"] = .bool(classifier.usesOffsets)
    object["writer"] = .string(SurprisalVersion.writer)
    add(classifier, checksum, to: &object)
    return .object(object)
  }

  private static func add(
    _ classifier: SavedClassifier, _ checksum: String, to object: inout JSONObject
  ) {
    switch classifier {
    case .affine(let affine): add(affine, to: &object)
    case .network(let network): add(network, checksum, to: &object)
    case .calibrated(let calibrated):
      add(calibrated.base, checksum, to: &object)
      object["calibration"] = json(of: calibrated.calibration)
    }
  }

  private static func add(_ classifier: ModelClassifier<AffineLogits>, to object: inout JSONObject)
  {
    object["likelihood"] = json(
      of: classifier.likelihood,
      parameters: Array(classifier.parameters[classifier.model.parameterCount...]))
    object["model"] = json(of: classifier.model, parameters: classifier.parameters)
    object["standardization"] = .members([
      "centers": .numbers(classifier.standardization.centers),
      "scales": .numbers(classifier.standardization.scales),
    ])
  }

  private static func add(
    _ classifier: NetworkClassifier, _ checksum: String, to object: inout JSONObject
  ) {
    object["likelihood"] = json(
      of: classifier.likelihood,
      parameters: classifier.members.flatMap { $0.parameters[$0.model.parameterCount...] })
    object["model"] = json(of: classifier, checksum: checksum)
  }

  private static func json(of model: AffineLogits, parameters: [Double]) -> JSONValue {
    let weights = (0..<model.classCount).map { unit in
      JSONValue.numbers(
        (0..<model.featureCount).map { parameters[model.weight(class: unit, feature: $0)] })
    }
    return .members([
      "kind": .string(affineName),
      "intercepts": model.hasIntercept ? .numbers(parameters[model.intercepts]) : .null,
      "weights": .array(weights),
    ])
  }

  private static func json(of likelihood: any Likelihood, parameters: [Double]) -> JSONValue {
    let options = LikelihoodRegistry.options(of: likelihood)
    var object = JSONObject()
    for key in options.keys.sorted() { object[key] = .numbers(options[key] ?? []) }
    return .members([
      "name": .string(likelihood.name),
      "options": .object(object),
      "parameters": .numbers(parameters),
    ])
  }

  /// The model of a document. The order is that of trust: format, version, then sizes from the names,
  /// and only then what has to agree with them.
  static func savedModel(
    of document: JSONObject, byteCount: Int, tensors: TensorFile?
  ) throws(ModelFileError.Problem) -> FittedModel {
    guard case .string(let format)? = document["format"], format == Self.format else {
      throw .foreign(nil)
    }
    var object = ModelFileObject(document, path: "")
    try requireVersion(&object)
    let classNames = try object.names("classes")
    guard classNames.count >= 2 else {
      throw .shape(path: "classes", expected: "two or more", found: classNames.count)
    }
    let encoding = try encoding(try object.value("encoding"), byteCount: byteCount)
    let usesOffsets = try object.truth("uses_offsets")
    let parts = Parts(encoding: encoding, classNames: classNames, usesOffsets: usesOffsets)
    let classifier: SavedClassifier =
      if let tensors {
        .network(try networkClassifier(&object, parts, tensors))
      } else {
        .affine(try affineClassifier(&object, parts))
      }
    let record = try record(
      try object.value("fit"), classCount: classNames.count,
      columnNames: encoding.columnNames, network: classifier.network)
    let calibration =
      object.has("calibration")
      ? try calibration(try object.member("calibration"), classCount: classNames.count) : nil
    try object.finish()
    return FittedModel(
      classifier: calibration.map { classifier.calibrated(by: $0) } ?? classifier, record: record)
  }

  /// What classifiers of all kinds have.
  private struct Parts {
    let encoding: FeatureEncoding
    let classNames: [String]
    let usesOffsets: Bool
  }

  private static func affineClassifier(
    _ object: inout ModelFileObject, _ parts: Parts
  ) throws(ModelFileError.Problem) -> ModelClassifier<AffineLogits> {
    let standardization = try standardization(
      try object.value("standardization"), count: parts.encoding.columnCount)
    let (model, weights) = try affineLogits(
      try object.value("model"), featureCount: parts.encoding.columnCount,
      classCount: parts.classNames.count)
    let (likelihood, own) = try likelihood(
      try object.value("likelihood"), classCount: parts.classNames.count, members: 1)
    return ModelClassifier(
      model: model, parameters: weights + own, likelihood: likelihood, encoding: parts.encoding,
      standardization: standardization, classNames: parts.classNames,
      usesOffsets: parts.usesOffsets)
  }

  private static func networkClassifier(
    _ object: inout ModelFileObject, _ parts: Parts, _ file: TensorFile
  ) throws(ModelFileError.Problem) -> NetworkClassifier {
    let (features, classes) = (parts.encoding.columnCount, parts.classNames.count)
    var described = try object.member("model")
    let kind = try described.text("kind")
    guard kind == MultilayerPerceptron().name else {
      throw .word(path: described.place("kind"), found: kind, known: [MultilayerPerceptron().name])
    }
    let (network, count) = try network(&described, checksum: file.checksum)
    try described.finish()
    var tensors = try Tensors(file)
    let scales = try tensors.values("standardization.scales", shape: [features])
    if let index = scales.firstIndex(where: { $0 <= 0 }) {
      throw .value(path: "standardization.scales[\(index)]", found: "\(scales[index])")
    }
    let standardization = Standardization(
      centers: try tensors.values("standardization.centers", shape: [features]), scales: scales)
    var members: [(PerceptronLogits, [Double])] = []
    for index in 0..<count {
      members.append(
        try parameters(
          of: network, member: index, featureCount: features, classCount: classes, from: &tensors))
    }
    try tensors.finish()
    let (likelihood, own) = try likelihood(
      try object.value("likelihood"), classCount: classes, members: count)
    let ownCount = own.count / count
    return NetworkClassifier(
      members: members.enumerated().map { index, member in
        ModelClassifier(
          model: member.0,
          parameters: member.1 + own[index * ownCount..<(index + 1) * ownCount],
          likelihood: likelihood, encoding: parts.encoding, standardization: standardization,
          classNames: parts.classNames, usesOffsets: parts.usesOffsets)
      })
  }

  private static func requireVersion(
    _ object: inout ModelFileObject
  ) throws(ModelFileError.Problem) {
    _ = try object.text("format")
    _ = try object.text("crc32c")
    let writer = try object.name("writer")
    let found = try object.integer("format_version")
    guard found >= 1 else { throw .value(path: "format_version", found: "\(found)") }
    guard found <= version else { throw .version(found, writer: writer) }
  }

  private static func standardization(
    _ value: JSONValue, count: Int
  ) throws(ModelFileError.Problem) -> Standardization {
    var object = try ModelFileObject(value, path: "standardization")
    let centers = try object.numbers("centers", count: count)
    let scales = try object.numbers("scales", count: count)
    if let index = scales.firstIndex(where: { $0 <= 0 }) {
      throw .value(path: object.place("scales[\(index)]"), found: "\(scales[index])")
    }
    try object.finish()
    return Standardization(centers: centers, scales: scales)
  }

  private static func affineLogits(
    _ value: JSONValue, featureCount: Int, classCount: Int
  ) throws(ModelFileError.Problem) -> (AffineLogits, [Double]) {
    var object = try ModelFileObject(value, path: "model")
    let kind = try object.text("kind")
    guard kind == affineName else {
      throw .word(path: object.place("kind"), found: kind, known: [affineName])
    }
    var parameters = try object.matrix("weights", rows: classCount, columns: featureCount)
    let hasIntercept = try !object.value("intercepts").isNull
    if hasIntercept { parameters += try object.numbers("intercepts", count: classCount) }
    try object.finish()
    let model = AffineLogits(
      featureCount: featureCount, classCount: classCount, hasIntercept: hasIntercept)
    return (model, parameters)
  }

  private static func likelihood(
    _ value: JSONValue, classCount: Int, members: Int
  ) throws(ModelFileError.Problem) -> (any Likelihood, [Double]) {
    var object = try ModelFileObject(value, path: "likelihood")
    let name = try object.text("name")
    guard let known = LikelihoodRegistry.named(name) else {
      throw .likelihood(found: name, known: LikelihoodRegistry.all.map(\.name))
    }
    var given = try object.member("options")
    var options: [String: [Double]] = [:]
    for key in known.optionNames { options[key] = try given.numbers(key) }
    try given.finish()
    guard let likelihood = known.likelihood(options: options, classCount: classCount) else {
      throw .value(path: given.path, found: "a combination of values")
    }
    let own = try object.numbers(
      "parameters", count: members * likelihood.auxiliaryParameters(classCount: classCount).count)
    try object.finish()
    return (likelihood, own)
  }

  /// What the file calls a model whose logits are affine functions of the features.
  private static var affineName: String { SoftmaxRegression().name }
}
