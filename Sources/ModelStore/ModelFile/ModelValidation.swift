import SurprisalCalibration
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalTables

/// Checks that types alone cannot express; each throws the path.
enum Check {
  typealias Problem = ModelFileError.Problem

  static func name(_ name: String, _ path: @autoclosure () -> String) throws(Problem) {
    let count = name.utf8.count
    guard count <= ModelFile.nameLimit else {
      throw .nameLength(path: path(), bytes: count, limit: ModelFile.nameLimit)
    }
  }

  static func names(_ names: [String], _ path: String) throws(Problem) {
    for (index, name) in names.enumerated() { try Self.name(name, "\(path)[\(index)]") }
  }

  static func distinctNames(_ names: [String], _ path: String) throws(Problem) {
    try Self.names(names, path)
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .duplicate(path: path, name: name)
    }
  }

  static func index(
    _ index: Int, below bound: Int, of what: String, _ path: @autoclosure () -> String
  ) throws(Problem) {
    guard index >= 0, index < bound else {
      throw .shape(path: path(), expected: "one of \(bound) \(what), from 0", found: index)
    }
  }

  static func notNegative(_ values: KeyValuePairs<String, Int?>, _ path: String) throws(Problem) {
    for (key, value) in values {
      if let value, value < 0 { throw .value(path: "\(path).\(key)", found: "\(value)") }
    }
  }

  static func finite(
    _ value: Double?, _ path: @autoclosure () -> String
  ) throws(Problem) {
    if let value, !value.isFinite { throw .value(path: path(), found: "\(value)") }
  }

  static func finite(_ values: KeyValuePairs<String, Double?>, _ path: String) throws(Problem) {
    for (key, value) in values { try finite(value, "\(path).\(key)") }
  }

  static func finite(_ interval: ClosedRange<Double>?, _ path: String) throws(Problem) {
    try finite(["[0]": interval?.lowerBound, "[1]": interval?.upperBound], path)
  }

  static func warnings(_ warnings: [FitWarning], _ path: String) throws(Problem) {
    for (index, warning) in warnings.enumerated() {
      guard case .recorded(let code, _) = warning else { continue }
      try name(code, "\(path)[\(index)].code")
    }
  }

  static func count(_ values: [Double], _ count: Int, _ path: String) throws(Problem) {
    guard values.count == count else {
      throw .shape(path: path, expected: "\(count) numbers", found: values.count)
    }
  }
}

extension Standardization {
  /// Requires one center and one positive scale per column.
  func requireValid(_ path: String, columnCount: Int) throws(ModelFileError.Problem) {
    try Check.count(centers, columnCount, "\(path).centers")
    try Check.count(scales, columnCount, "\(path).scales")
    if let index = scales.firstIndex(where: { $0 <= 0 }) {
      throw .value(path: "\(path).scales[\(index)]", found: "\(scales[index])")
    }
  }
}

extension MultilayerPerceptron {
  /// Requires layers with at least one unit, and a dropout proportion below one.
  func requireValid(_ path: String) throws(ModelFileError.Problem) {
    if let index = hidden.firstIndex(where: { $0 < 1 }) {
      throw .value(path: "\(path).hidden[\(index)]", found: "\(hidden[index])")
    }
    guard dropout >= 0, dropout < 1 else {
      throw .value(path: "\(path).dropout", found: "\(dropout)")
    }
  }
}

extension FeatureEncoding {
  /// Requires distinct names, and indices in range.
  func requireValid(_ path: String) throws(ModelFileError.Problem) {
    try Check.distinctNames(sources.map(\.name), "\(path).sources")
    for (index, source) in sources.enumerated() {
      try source.requireValid("\(path).sources[\(index)]")
    }
    for (index, column) in columns.enumerated() {
      if column.factors.isEmpty {
        throw .shape(path: "\(path).columns[\(index)]", expected: "factors", found: 0)
      }
      for (position, factor) in column.factors.enumerated() {
        try requireValid(factor, "\(path).columns[\(index)].factors[\(position)]")
      }
    }
    try requireRoomForNames()
  }

  private func requireValid(
    _ factor: Factor, _ path: @autoclosure () -> String
  ) throws(ModelFileError.Problem) {
    let (index, kind) =
      switch factor {
      case .value(let source): (source, "value")
      case .level(let source, _): (source, "level")
      case .absence(let source): (source, "absence")
      }
    try Check.index(index, below: sources.count, of: "sources", "\(path()).\(kind).source")
    switch (factor, sources[index].kind) {
    case (.absence, _), (.value, .number): break
    case (.level(_, let level), .factor(let levels, _)):
      try Check.index(level, below: levels.count, of: "levels", "\(path()).level.level")
    case (.value, .factor):
      throw .shape(
        path: "\(path()).value.source", expected: "a source of numbers", found: index)
    case (.level, .number):
      throw .shape(
        path: "\(path()).level.source", expected: "a source with levels", found: index)
    }
  }

  /// Limits the memory for names of design columns, which are composed of the names in the file: a
  /// column that is the product of a thousand long levels needs a hundred times its own bytes.
  private func requireRoomForNames() throws(ModelFileError.Problem) {
    var total = 0
    for factor in columns.lazy.flatMap(\.factors) {
      switch factor {
      case .value(let source), .absence(let source): total += sources[source].name.utf8.count + 16
      case .level(let source, let level):
        guard case .factor(let levels, _) = sources[source].kind else { continue }
        total += sources[source].name.utf8.count + levels[level].utf8.count + 16
      }
    }
    do throws(FileError) {
      try MemoryBudget.ofMachine.require(4 * total, for: "the names of the design columns")
    } catch {
      throw .file(error)
    }
  }
}

extension FeatureEncoding.Source {
  /// Requires a substitute that is a finite number, or the index of a level.
  fileprivate func requireValid(_ path: String) throws(ModelFileError.Problem) {
    try Check.finite(substitute, "\(path).substitute")
    guard case .factor(let levels, let base) = kind else { return }
    try Check.distinctNames(levels, "\(path).kind.factor.levels")
    try Check.index(base, below: levels.count, of: "levels", "\(path).kind.factor.base")
    guard let substitute else { return }
    guard let index = Int(exactly: substitute) else {
      throw .value(path: "\(path).substitute", found: "\(substitute)")
    }
    try Check.index(index, below: levels.count, of: "levels", "\(path).substitute")
  }
}

extension CalibrationRecord {
  /// Requires a map of `classCount` probabilities, and indices of existing classes.
  func requireValid(_ path: String, classCount: Int) throws(ModelFileError.Problem) {
    try calibrator.requireValid("\(path).map", classCount: classCount)
    try Check.finite(lambda, "\(path).l2")
    try Check.notNegative(["iterations": iterations], path)
    for (index, parameter) in parameters.enumerated() {
      let path = "\(path).parameters[\(index)]"
      for (key, index) in [("class", parameter.classIndex), ("score", parameter.scoreIndex)] {
        if let index { try Check.index(index, below: classCount, of: "classes", "\(path).\(key)") }
      }
      try Check.finite(
        ["estimate": parameter.estimate, "std_error": parameter.standardError], path)
      try Check.finite(parameter.interval, "\(path).interval")
    }
    if let test {
      try Check.finite(["statistic": test.statistic, "p_value": test.pValue], "\(path).test")
      try Check.notNegative(["degrees_of_freedom": test.degreesOfFreedom], "\(path).test")
    }
    try Check.warnings(warnings, "\(path).warnings")
  }
}

extension Calibrator {
  fileprivate func requireValid(
    _ path: String, classCount: Int
  ) throws(ModelFileError.Problem) {
    let path = "\(path).\(method.rawValue)"
    switch self {
    case .temperature(let slope):
      guard slope > 0, slope.isFinite else {
        throw .value(path: "\(path).slope", found: "\(slope)")
      }
    case .vector(let slopes, let intercepts):
      try Check.count(slopes, classCount, "\(path).slopes")
      try Check.count(intercepts, classCount, "\(path).intercepts")
    case .matrix(let scores), .dirichlet(let scores):
      try Check.count(scores.intercepts, classCount, "\(path).scores.intercepts")
      guard scores.weights.count == classCount else {
        throw .shape(
          path: "\(path).scores.weights", expected: "\(classCount) rows",
          found: scores.weights.count)
      }
      for (index, row) in scores.weights.enumerated() {
        try Check.count(row, classCount, "\(path).scores.weights[\(index)]")
      }
    case .isotonic(let functions):
      guard functions.count == classCount else {
        throw .shape(
          path: "\(path).functions", expected: "\(classCount) functions", found: functions.count)
      }
      for (index, function) in functions.enumerated() {
        let path = "\(path).functions[\(index)]"
        try Check.count(function.values, function.thresholds.count, "\(path).values")
        guard function.values.allSatisfy({ $0 >= 0 }),
          IsotonicFunction(thresholds: function.thresholds, values: function.values) != nil
        else { throw .value(path: path, found: "knots that do not ascend, or values below 0") }
      }
    }
  }
}
