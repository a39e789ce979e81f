import Surprisal

/// Predictions as CSV lines, as parts of one JSON object, or as a JSON object a line.
struct PredictionFormat {
  /// What is written.
  enum Kind {
    case csv
    case json
    case lines
  }

  let classNames: [String]
  let type: PredictCommand.Kind
  let kind: Kind
  /// How many classes a row lists, the most probable first; nil for all in their order.
  var top: Int?
  /// Whether the number of its row in the file is before each prediction.
  var hasRowNumbers = false
  var hasIntervals = false
  /// Names of the columns that are repeated.
  var kept: [String] = []
  let writer: DelimitedWriter
  private var isFirst = true

  init(classNames: [String], type: PredictCommand.Kind, kind: Kind, csvSafe: Bool) {
    self.classNames = classNames
    self.type = type
    self.kind = kind
    writer = DelimitedWriter(guardsFormulas: csvSafe)
  }

  /// What comes before the first row.
  var head: String {
    switch kind {
    case .lines: return ""
    case .json:
      let names = JSONWriter.compact.text(of: .strings(classNames))
      return "{\"type\":\"\(type.rawValue)\",\"classes\":\(names),\"predictions\":["
    case .csv:
      let first = (hasRowNumbers ? ["row"] : []) + kept.map { writer.field($0) }
      let value = type == .logits ? "z" : "p"
      if let top {
        return writer.line(
          first + (1...top).flatMap { ["predicted_\($0)", "\(value)_\($0)"] })
      }
      let prefixes = ["\(value)_"] + (hasIntervals ? ["low_", "high_"] : [])
      let names = prefixes.flatMap { prefix in classNames.map { writer.field(prefix + $0) } }
      return writer.line(first + ["predicted"] + names)
    }
  }

  /// What comes after the last row.
  var tail: String { kind == .json ? "\n]}\n" : "" }

  /// The rows of a batch: values, and the ends of intervals where there are any. The predicted
  /// class is the first with the largest value; an end that rounding leaves no digits of is empty.
  mutating func text(of batch: [BlockedMatrix], rows: PredictionRows? = nil) -> String {
    var result = ""
    for row in 0..<(batch.first?.rowCount ?? 0) {
      let cells = batch.map { $0.row(row) }
      if kind == .csv {
        result += line(cells, rows, row)
      } else {
        var object = JSONObject()
        if hasRowNumbers { object["row"] = JSONValue(rows?.number(ofRow: row)) }
        for column in rows?.kept ?? [] { object[column.name] = Self.json(column, row) }
        add(cells, to: &object)
        result += text(of: object)
      }
    }
    return result
  }

  /// An object of a row, with what is between rows.
  mutating func text(of object: JSONObject) -> String {
    let text = JSONWriter.compact.text(of: .object(object))
    guard kind == .json else { return text + "\n" }
    defer { isFirst = false }
    return (isFirst ? "\n" : ",\n") + text
  }

  /// Adds the prediction of a row. Of one JSON object values are in the order of its classes; a line
  /// by itself names them.
  func add(_ cells: [[Double]], to object: inout JSONObject) {
    let values = cells.first ?? []
    let order = order(of: values)
    object["predicted"] = .string(classNames[order[0]])
    if kind == .lines || top != nil {
      let chosen = top == nil ? Array(values.indices) : order
      for (name, numbers) in zip([type.rawValue, "low", "high"], cells) {
        var members = JSONObject()
        for index in chosen { members[classNames[index]] = JSONValue(numbers[index]) }
        object[name] = .object(members)
      }
      return
    }
    for (name, numbers) in zip([type.rawValue, "low", "high"], cells) {
      object[name] = .numbers(numbers)
    }
  }

  /// The classes that are listed, the largest value first and equal ones in their order.
  private func order(of values: [Double]) -> [Int] {
    guard let top, top > 1 else {
      return [values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }]
    }
    let order = values.indices.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    return Array(order.prefix(top))
  }

  private func line(_ cells: [[Double]], _ rows: PredictionRows?, _ row: Int) -> String {
    var fields: [String] = []
    if hasRowNumbers, let rows { fields.append("\(rows.number(ofRow: row))") }
    for column in rows?.kept ?? [] { fields.append(field(column, row)) }
    let values = cells.first ?? []
    let order = order(of: values)
    if top != nil {
      for index in order {
        fields += [writer.field(classNames[index]), writer.field(values[index])]
      }
    } else {
      fields.append(writer.field(classNames[order[0]]))
      for value in cells.joined() { fields.append(value.isNaN ? "" : writer.field(value)) }
    }
    return writer.line(fields)
  }

  /// A cell as it was; empty if it is missing.
  private func field(_ column: Column, _ row: Int) -> String {
    switch column.cells {
    case .numbers(let values, _): values[row].isNaN ? "" : writer.field(values[row])
    case .texts(let levels, let codes):
      codes[row] < 0 ? "" : writer.field(levels[Int(codes[row])])
    }
  }

  private static func json(_ column: Column, _ row: Int) -> JSONValue {
    switch column.cells {
    case .numbers(let values, _): JSONValue(values[row])
    case .texts(let levels, let codes):
      codes[row] < 0 ? .null : .string(levels[Int(codes[row])])
    }
  }
}
