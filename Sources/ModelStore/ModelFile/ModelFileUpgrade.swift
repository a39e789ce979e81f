import SurprisalTables

/// Converts the document of a version 1 file to version 2.
///
/// Only members of version 1 are converted, and only if they have the form of version 1. All others
/// stay unchanged, so that the version 2 decoder refuses what version 1 refused.
enum ModelFileUpgrade {
  typealias Problem = ModelFileError.Problem

  /// The document in version 2. Throws `.kind` and `.missingKey` for members that cannot be
  /// converted.
  static func version2(of version1: JSONObject) throws(Problem) -> JSONObject {
    var document = version1
    document["format_version"] = .integer(2)
    var encoding = try object(document, "encoding")
    encoding["sources"] = .array(try list(encoding, "sources", "encoding").map(source))
    encoding["columns"] = .array(
      try list(encoding, "columns", "encoding").map { (column) throws(Problem) in
        guard let factors = column.arrayValue else {
          throw .kind(path: "encoding.columns[]", expected: "lists", found: column.kindName)
        }
        return .members(["factors": .array(try factors.map(factor))])
      })
    document["encoding"] = .object(encoding)
    let model = try model(of: try object(document, "model"))
    document["model"] = model.json
    document["standardization"] = try optional(
      document, "standardization", isThere: model.network == nil)
    if document["calibration"] == nil {
      document["calibration"] = .null
    } else {
      document["calibration"] = try calibration(of: try object(document, "calibration"))
    }
    document["fit"] = try fit(of: try object(document, "fit"), network: model.network)
    return document
  }

  // MARK: The parts

  /// `{"kind": "factor", ...}` becomes `{"kind": {"factor": ...}}`.
  private static func source(_ value: JSONValue) throws(Problem) -> JSONValue {
    var source = try object(value, "encoding.sources[]")
    let kind = try word(&source, "kind", "encoding.sources[]")
    var details = JSONObject()
    for key in ["levels", "base"] where kind == "factor" {
      details[key] = source[key]
      source[key] = nil
    }
    // Version 1 stored a substitute that is the index of a level as an integer.
    if kind == "factor", case .number? = source["substitute"] {
      throw .kind(path: "encoding.sources.substitute", expected: "an integer", found: "a number")
    }
    source["kind"] = .members([kind: .object(details)])
    return .object(source)
  }

  /// `{"kind": "level", ...}` becomes `{"level": ...}`.
  private static func factor(_ value: JSONValue) throws(Problem) -> JSONValue {
    var factor = try object(value, "encoding.columns[]")
    let kind = try word(&factor, "kind", "encoding.columns[]")
    return .members([kind: .object(factor)])
  }

  private static func model(
    of version1: JSONObject
  ) throws(Problem) -> (json: JSONValue, network: JSONValue?) {
    var model = version1
    let kind = try word(&model, "kind", "model")
    guard kind == "mlp" else { return (.members([kind: .object(model)]), nil) }
    var network = JSONObject()
    for key in ["hidden", "activation", "normalizes_layers", "dropout", "skip"] {
      network[key] = model[key]
      model[key] = nil
    }
    model["network"] = .object(network)
    return (.members([kind: .object(model)]), .object(network))
  }

  private static func calibration(of version1: JSONObject) throws(Problem) -> JSONValue {
    var calibration = version1
    let method = try word(&calibration, "method", "calibration")
    var map = try object(calibration, "map", in: "calibration")
    if method == "matrix" || method == "dirichlet" {
      map = JSONObject()
      map["scores"] = calibration["map"]
    }
    calibration["map"] = .members([method: .object(map)])
    return .object(calibration)
  }

  private static func fit(of version1: JSONObject, network: JSONValue?) throws(Problem) -> JSONValue
  {
    var fit = version1
    var course = try object(fit, "course", in: "fit")
    course["set_up_passes"] = course["set_up_passes"] ?? .number(0)
    fit["course"] = .object(course)
    var statistics = try object(fit, "statistics", in: "fit")
    statistics["data_checksum"] = statistics["data_checksum"] ?? .null
    statistics["label_noise"] = .null
    let criteria = try object(statistics["criteria"] ?? .null, "fit.statistics.criteria")
    let isAvailable = criteria["reason"] == nil
    statistics["criteria"] = .members([
      isAvailable ? "available" : "unavailable": .object(criteria)
    ])
    fit["statistics"] = .object(statistics)
    var uncertainty = try object(fit, "uncertainty", in: "fit")
    uncertainty["takeuchi"] = uncertainty["takeuchi"] ?? .null
    guard let covariance = uncertainty["covariance"] else {
      throw .missingKey(path: "fit.uncertainty.covariance")
    }
    uncertainty["covariance"] = nil
    fit["covariance"] = covariance
    fit["uncertainty"] = .object(uncertainty)
    let training = try optional(fit, "training", in: "fit", isThere: network != nil)
    fit["validation"] = try optional(fit, "validation", in: "fit", isThere: network != nil)
    fit["training"] = training
    if let network, let records = training.arrayValue {
      fit["training"] = .array(
        try records.map { (record) throws(Problem) in
          var record = try object(record, "fit.training[]")
          record["network"] = network
          record["refit_steps"] = .null
          record["history"] = try history(of: try object(record, "history", in: "fit.training[]"))
          return .object(record)
        })
    }
    return .object(fit)
  }

  /// Lists of equal lengths become one list of passes.
  static func history(of lists: JSONObject) throws(Problem) -> JSONValue {
    let keys = ["value", "loss", "score", "rate"]
    if let key = lists.keys.first(where: { !keys.contains($0) }) {
      throw .unknownKey(path: "history.\(key)", known: keys)
    }
    let count = try list(lists, "value", "history").count
    var passes = [JSONObject](repeating: JSONObject(), count: count)
    for key in keys {
      let values = try list(lists, key, "history")
      guard values.count == count else {
        throw .shape(path: "history.\(key)", expected: "\(count) numbers", found: values.count)
      }
      for (index, value) in values.enumerated() { passes[index][key] = value }
    }
    for index in passes.indices { passes[index]["epoch"] = .integer(index + 1) }
    return .array(passes.map { .object($0) })
  }

  // MARK: Members

  /// A member that exists only for some kinds of model: null if it is missing.
  private static func optional(
    _ object: JSONObject, _ key: String, in path: String = "", isThere: Bool
  ) throws(Problem) -> JSONValue {
    let place = path.isEmpty ? key : "\(path).\(key)"
    switch (object[key], isThere) {
    case (let value?, true): return value
    case (nil, false): return .null
    case (nil, true): throw .missingKey(path: place)
    case (_?, false): throw .unknownKey(path: place, known: [])
    }
  }

  private static func object(
    _ parent: JSONObject, _ key: String, in path: String = ""
  ) throws(Problem) -> JSONObject {
    let place = path.isEmpty ? key : "\(path).\(key)"
    guard let value = parent[key] else { throw .missingKey(path: place) }
    return try object(value, place)
  }

  private static func object(_ value: JSONValue, _ path: String) throws(Problem) -> JSONObject {
    guard case .object(let object) = value else {
      throw .kind(path: path, expected: "an object", found: value.kindName)
    }
    return object
  }

  private static func list(
    _ parent: JSONObject, _ key: String, _ path: String
  ) throws(Problem) -> [JSONValue] {
    guard let value = parent[key] else { throw .missingKey(path: "\(path).\(key)") }
    guard let list = value.arrayValue else {
      throw .kind(path: "\(path).\(key)", expected: "a list", found: value.kindName)
    }
    return list
  }

  /// Removes a word from the object, to be used as a key.
  private static func word(
    _ object: inout JSONObject, _ key: String, _ path: String
  ) throws(Problem) -> String {
    guard let value = object[key] else { throw .missingKey(path: "\(path).\(key)") }
    guard let word = value.stringValue else {
      throw .kind(path: "\(path).\(key)", expected: "a text", found: value.kindName)
    }
    object[key] = nil
    return word
  }
}
