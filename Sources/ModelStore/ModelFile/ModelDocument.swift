import SurprisalCalibration
import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalModels
import SurprisalProbability

/// The JSON object of a model file, member by member; see `docs/model-file.md`.
struct ModelDocument: Codable {
  typealias Problem = ModelFileError.Problem

  var format = ModelFile.format
  var formatVersion = ModelFile.version
  var writer = SurprisalVersion.writer
  var checksum = ModelFileChecksum.placeholder
  var classes: [String]
  var usesOffsets: Bool
  var encoding: FeatureEncoding
  /// nil for networks, whose standardisation is stored as tensors.
  var standardization: Standardization?
  var model: ModelDescription
  var likelihood: LikelihoodDescription
  var calibration: CalibrationRecord?
  var fit: FitDocument

  private enum CodingKeys: String, CodingKey {
    case format, writer, classes, encoding, standardization, model, likelihood, calibration, fit
    case formatVersion = "format_version"
    case checksum = "crc32c"
    case usesOffsets = "uses_offsets"
  }

  /// The map from features to logits, keyed by the name of its kind.
  enum ModelDescription: Codable {
    /// z = W x + b; no intercepts if the model has none.
    case softmax(weights: [[Double]], intercepts: [Double]?)
    /// Networks with the same architecture; their parameters are tensors with this checksum.
    case mlp(network: MultilayerPerceptron, members: Int, checksum: String)

    private enum MlpCodingKeys: String, CodingKey {
      case network, members
      case checksum = "tensors_crc32c"
    }
  }

  /// A likelihood by name, its options, and its fitted parameters.
  struct LikelihoodDescription: Codable {
    var name: String
    var options: [String: [Double]]
    var parameters: [Double]
  }
}

// MARK: From a model to its document

extension ModelDocument {
  /// The document of a model; `tensorsChecksum` is the checksum of a network's parameters.
  init(_ saved: FittedModel, tensorsChecksum: String = "") {
    let classifier = saved.classifier
    classes = classifier.classNames
    usesOffsets = classifier.usesOffsets
    encoding = classifier.encoding
    calibration = classifier.calibration?.inWords
    fit = FitDocument(saved.record)
    let own: [Double]
    switch classifier.uncalibrated {
    case .network(let networks):
      model = .mlp(
        network: networks.members[0].model.network, members: networks.members.count,
        checksum: tensorsChecksum)
      own = networks.members.flatMap { $0.parameters[$0.model.parameterCount...] }
    case .affine(let affine):
      let shape = affine.model
      model = .softmax(
        weights: (0..<shape.classCount).map { unit in
          let start = shape.weight(class: unit, feature: 0)
          return Array(affine.parameters[start..<start + shape.featureCount])
        },
        intercepts: shape.hasIntercept ? Array(affine.parameters[shape.intercepts]) : nil)
      own = Array(affine.parameters[shape.parameterCount...])
      standardization = affine.standardization
    case .calibrated: preconditionFailure("what is left without its calibration has none")
    }
    // The likelihood of a calibrated classifier is that of its calibration.
    let fitted = classifier.uncalibrated.likelihood
    likelihood = LikelihoodDescription(
      name: fitted.name, options: LikelihoodRegistry.options(of: fitted), parameters: own)
  }
}

// MARK: From a document to its model

extension ModelDocument {
  /// The model of a document, after all checks: lengths, indices, ranges, names.
  func fittedModel(tensors: SafetensorsFile?) throws(Problem) -> FittedModel {
    try Check.distinctNames(classes, "classes")
    guard classes.count >= 2 else {
      throw .shape(path: "classes", expected: "two or more", found: classes.count)
    }
    try encoding.requireValid("encoding")
    let classifier: SavedClassifier
    switch (model, tensors) {
    case (.softmax(let weights, let intercepts), nil):
      classifier = .affine(try affineClassifier(weights, intercepts))
    case (.mlp(let network, let members, let checksum), let tensors?):
      guard checksum == tensors.checksum else {
        throw .checksum(stored: checksum, computed: tensors.checksum)
      }
      classifier = .network(try networkClassifier(network, members: members, tensors))
    case (.softmax, _): throw .word(path: "model", found: "softmax", known: ["mlp"])
    case (.mlp, nil): throw .word(path: "model", found: "mlp", known: ["softmax"])
    }
    let record = try fit.record(
      classCount: classes.count, columnNames: encoding.columnNames, network: classifier.network)
    guard let calibration else { return FittedModel(classifier: classifier, record: record) }
    try calibration.requireValid("calibration", classCount: classes.count)
    return FittedModel(classifier: classifier.calibrated(trusting: calibration), record: record)
  }

  private func affineClassifier(
    _ weights: [[Double]], _ intercepts: [Double]?
  ) throws(Problem) -> ModelClassifier<LinearPredictor> {
    let columnCount = encoding.columnCount
    guard let standardization else {
      throw .kind(path: "standardization", expected: "an object", found: "null")
    }
    try standardization.requireValid("standardization", columnCount: columnCount)
    guard weights.count == classes.count else {
      throw .shape(
        path: "model.softmax.weights", expected: "\(classes.count) rows", found: weights.count)
    }
    var parameters: [Double] = []
    parameters.reserveCapacity(classes.count * (columnCount + 1))
    for (index, row) in weights.enumerated() {
      try Check.count(row, columnCount, "model.softmax.weights[\(index)]")
      parameters += row
    }
    if let intercepts {
      try Check.count(intercepts, classes.count, "model.softmax.intercepts")
      parameters += intercepts
    }
    let (known, own) = try likelihood.likelihood(classCount: classes.count, members: 1)
    return ModelClassifier(
      model: LinearPredictor(
        featureCount: columnCount, classCount: classes.count, hasIntercept: intercepts != nil),
      parameters: parameters + own, likelihood: known, encoding: encoding,
      standardization: standardization, classNames: classes, usesOffsets: usesOffsets)
  }

  private func networkClassifier(
    _ network: MultilayerPerceptron, members count: Int, _ file: SafetensorsFile
  ) throws(Problem) -> NetworkClassifier {
    guard standardization == nil else {
      throw .kind(path: "standardization", expected: "null", found: "an object")
    }
    try network.requireValid("model.mlp.network")
    guard count >= 1 else { throw .value(path: "model.mlp.members", found: "\(count)") }
    let tensors = try NetworkTensors(
      of: network, members: count, featureCount: encoding.columnCount, classCount: classes.count,
      in: file)
    try tensors.standardization.requireValid(
      "standardization", columnCount: encoding.columnCount)
    let (known, own) = try likelihood.likelihood(classCount: classes.count, members: count)
    let ownCount = own.count / count
    let members = tensors.parameters.enumerated().map { index, parameters in
      ModelClassifier(
        model: tensors.model,
        parameters: parameters + own[index * ownCount..<(index + 1) * ownCount],
        likelihood: known, encoding: encoding, standardization: tensors.standardization,
        classNames: classes, usesOffsets: usesOffsets)
    }
    return NetworkClassifier(trusting: members)
  }
}

extension ModelDocument.LikelihoodDescription {
  /// The likelihood, and its fitted parameters for each of `members` models.
  fileprivate func likelihood(
    classCount: Int, members: Int
  ) throws(ModelFileError.Problem) -> (any Likelihood, [Double]) {
    guard let known = LikelihoodRegistry.named(name) else {
      throw .likelihood(found: name, known: LikelihoodRegistry.all.map(\.name))
    }
    let path = "likelihood.options"
    for key in known.optionNames where options[key] == nil {
      throw .missingKey(path: "\(path).\(key)")
    }
    if let key = options.keys.sorted().first(where: { !known.optionNames.contains($0) }) {
      throw .unknownKey(path: "\(path).\(key)", known: known.optionNames)
    }
    guard let likelihood = known.likelihood(options: options, classCount: classCount) else {
      throw .value(path: path, found: "a combination of values")
    }
    let (count, isTooMany) = likelihood.auxiliaryParameters(classCount: classCount).count
      .multipliedReportingOverflow(by: members)
    guard !isTooMany else {
      throw .shape(path: "model.mlp.members", expected: "networks of a file", found: members)
    }
    try Check.count(parameters, count, "likelihood.parameters")
    return (likelihood, parameters)
  }
}
