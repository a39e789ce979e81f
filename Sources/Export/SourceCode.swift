import SurprisalDatasets
import SurprisalModelStore

/// A prediction program as source code: a function that needs only the mathematical functions of
/// the language.
///
/// Steps become calls of helper functions with tables of numbers; a file includes the helpers that
/// it uses.
struct SourceCode {
  let program: PredictionProgram
  /// The prefix of the function names.
  let name: String

  /// A valid identifier derived from a text.
  static func identifier(_ text: String) -> String {
    let name = String(
      text.unicodeScalars.map { scalar in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.isDigit)
        return isPlain ? Character(scalar) : "_"
      })
    guard let first = name.unicodeScalars.first else { return "model" }
    return first.isDigit ? "_" + name : name
  }

  /// A call of a helper function.
  struct Call {
    /// A constant argument.
    enum Table {
      case numbers([Double])
      case integers([Int])
    }

    let function: String
    /// Sizes, for languages whose arrays do not include them.
    let sizes: [Int]
    let tables: [Table]
    let values: [PredictionProgram.Value]
    /// Whether the values are passed as one list argument.
    var isList = false
  }

  /// The declarations of the levels of text columns, and of the tables that calls need: a name, the
  /// items, and whether these are integers.
  func declarations(
    _ calls: [Call?], levels declareLevels: (String, [String]) -> String,
    table declareTable: (String, [String], Bool) -> String
  ) -> String {
    var result: [String] = []
    for (index, input) in inputs.enumerated() {
      if let levels = input.levels { result.append(declareLevels("levels\(index)", levels)) }
    }
    for (index, call) in calls.enumerated() {
      for (number, table) in (call?.tables ?? []).enumerated() {
        let name = "table\(index)_\(number)"
        let declaration =
          switch table {
          case .numbers(let values): declareTable(name, values.map { "\($0)" }, false)
          case .integers(let values): declareTable(name, values.map { "\($0)" }, true)
          }
        result.append(declaration)
      }
    }
    return result.joined(separator: "\n\n")
  }

  /// The call for a step; nil for the design.
  func call(_ index: Int) -> Call? {
    let width = program.widths[index]
    func call(
      _ function: String, _ values: [Int], _ tables: [[Double]] = [], sizes: [Int]? = nil
    ) -> Call {
      Call(
        function: function, sizes: sizes ?? [width], tables: tables.map { .numbers($0) },
        values: values)
    }
    switch program.steps[index] {
    case .design: return nil
    case .standardized(let value, let scale):
      return call("standardized", [value], [scale.centers, scale.scales])
    case .affine(let value, let weights, let biases):
      return call("affine", [value], [weights, biases], sizes: [program.widths[value], width])
    case .sum(let value, let input, let weights):
      return call("affine", [value, input], [weights], sizes: [program.widths[input], width])
    case .normalized(let value, let gains, let shifts):
      return call("normalized", [value], [gains, shifts])
    case .activated(let value, let activation): return call(activation.rawValue + "_of", [value])
    case .softmax(let value): return call("softmax", [value])
    case .logSoftmax(let value): return call("log_softmax", [value])
    case .mean(let members):
      var result = call("mean", members, sizes: [members.count, width])
      result.isList = true
      return result
    case .logMeanExp(let members):
      var result = call("log_mean_exp", members, sizes: [members.count, width])
      result.isList = true
      return result
    case .lifted(let value): return call("lifted", [value])
    case .centred(let value): return call("centred", [value])
    case .scaled(let value, let slopes, let intercepts):
      return call("scaled", [value], [slopes, intercepts])
    case .isotonic(let value, let functions):
      var starts = [0]
      for function in functions { starts.append((starts.last ?? 0) + function.values.count) }
      return Call(
        function: "isotonic", sizes: [width],
        tables: [
          .integers(starts), .numbers(functions.flatMap(\.thresholds)),
          .numbers(functions.flatMap(\.values)),
        ], values: [value])
    }
  }

  // MARK: Columns

  /// An argument of the function: a column.
  struct Input {
    let name: String
    /// Its levels, for a text column.
    let levels: [String]?
    /// Its position among the numbers or among the texts, from 0.
    let place: Int
    let substitute: Double?
    /// Whether a design column indicates that it is missing.
    let hasMark: Bool
  }

  /// The columns in the order of the model.
  var inputs: [Input] {
    var (numbers, texts) = (0, 0)
    let marked = Set(
      program.encoding.columns.flatMap(\.factors).compactMap { factor -> Int? in
        if case .absence(let source) = factor { source } else { nil }
      })
    return program.encoding.sources.enumerated().map { index, source in
      let place: Int
      var levels: [String]?
      switch source.kind {
      case .number:
        place = numbers
        numbers += 1
      case .factor(let known, _):
        place = texts
        texts += 1
        levels = known
      }
      return Input(
        name: source.name, levels: levels, place: place, substitute: source.substitute,
        hasMark: marked.contains(index))
    }
  }

  /// Whether the design consists of the numbers themselves.
  var hasPlainDesign: Bool {
    program.encoding.isIdentity && program.encoding.sources.allSatisfy { $0.substitute == nil }
  }

  /// A design column in terms of `n`, `t` and `m`: the number, level and missing indicator of an
  /// input.
  func expression(of column: FeatureEncoding.DesignColumn) -> String {
    column.factors.map { factor in
      switch factor {
      case .value(let source): "n\(source)"
      case .level(let source, let level): "(t\(source) == \(level) ? 1.0 : 0.0)"
      case .absence(let source): "(m\(source) ? 1.0 : 0.0)"
      }
    }.joined(separator: " * ")
  }

  /// Items separated by commas, several per line.
  static func lines(_ items: [String], indent: String) -> String {
    var lines: [String] = []
    var line = ""
    for item in items {
      if !line.isEmpty, line.utf8.count + item.utf8.count > 92 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? indent : " ") + item + ","
    }
    if !line.isEmpty { lines.append(line) }
    return lines.joined(separator: "\n")
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
