import Surprisal

/// Predictions as CSV lines, as parts of one JSON object, or as a JSON object a line.
struct PredictionFormat {
  /// What is written.
  enum Kind {
    case csv
    case json
    case lines
  }

  /// How predictions stay with their rows where rows are left out.
  enum LeavingOut {
    /// No row is.
    case nothing
    /// Each row has its number in the file.
    case numbered
    /// A line of empty cells is in the place of a row.
    case blank
  }

  let classNames: [String]
  let type: PredictCommand.Kind
  let kind: Kind
  /// How many classes a row lists, the most probable first; nil for all in their order.
  var top: Int?
  var leavesOut = LeavingOut.nothing
  var hasIntervals = false
  /// Names of the columns that are repeated.
  var kept: [String] = []
  let writer: DelimitedWriter
  private var isFirst = true
  /// The number of the next row of the file.
  private var next = 1

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
      let first = (leavesOut == .numbered ? ["row"] : []) + kept.map { writer.field($0) }
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

  /// What comes after the last row of a file of so many.
  mutating func tail(rowCount: Int = 0) -> String {
    blanks(through: rowCount) + (kind == .json ? "\n]}\n" : "")
  }

  /// Lines in the place of rows that are left out, up to that of a number.
  mutating func blanks(through number: Int) -> String {
    defer { next = max(next, number + 1) }
    guard leavesOut == .blank, next <= number else { return "" }
    let count = top.map { 2 * $0 } ?? classNames.count * (hasIntervals ? 3 : 1) + 1
    let line =
      kind == .json
      ? "null" : writer.line([String](repeating: "", count: kept.count + count))
    return (next...number).reduce(into: "") { text, _ in
      text += (kind == .json ? separator() : "") + line
    }
  }

  private mutating func separator() -> String {
    defer { isFirst = false }
    return isFirst ? "\n" : ",\n"
  }

  /// A row of a batch: values, and the ends of intervals if there are any. The predicted class is
  /// the first with the largest value; an end that rounding leaves no digits of is empty.
  mutating func text(
    ofRow row: Int, of batch: [BlockedMatrix], number: Int, kept: [Column] = []
  ) -> String {
    let before = blanks(through: number - 1)
    next = number + 1
    let cells = batch.map { $0.row(row) }
    if kind == .csv {
      let first = leavesOut == .numbered ? ["\(number)"] : []
      return before + writer.line(first + kept.map { field($0, row) } + fields(of: cells))
    }
    var object = JSONObject()
    if leavesOut == .numbered { object["row"] = .integer(number) }
    for column in kept { object[column.name] = Self.json(column, row) }
    add(cells, to: &object)
    return before + text(of: object)
  }

  /// An object of a row, with what is between rows.
  mutating func text(of object: JSONObject) -> String {
    let text = JSONWriter.compact.text(of: .object(object))
    return kind == .json ? separator() + text : text + "\n"
  }

  /// Adds the prediction of a row. Of one JSON object values are in the order of its classes; a
  /// line by itself names them.
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

  private func fields(of cells: [[Double]]) -> [String] {
    let values = cells.first ?? []
    let order = order(of: values)
    guard top == nil else {
      return order.flatMap { [writer.field(classNames[$0]), writer.field(values[$0])] }
    }
    return [writer.field(classNames[order[0]])]
      + cells.joined().map { $0.isNaN ? "" : writer.field($0) }
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
