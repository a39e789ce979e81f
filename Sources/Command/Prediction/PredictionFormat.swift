import Surprisal

/// Writes predictions as CSV lines, as parts of one JSON object, or as one JSON object per line.
struct PredictionFormat {
  /// The output format.
  enum Kind {
    case csv
    case json
    case lines
  }

  /// How predictions are matched to rows if rows are skipped.
  enum LeavingOut {
    /// No row is skipped.
    case nothing
    /// Each row is preceded by its number in the file.
    case numbered
    /// A skipped row is replaced by a line of empty cells.
    case blank
  }

  let classNames: [String]
  let type: PredictCommand.Kind
  let kind: Kind
  /// The number of listed classes, most probable first; nil for all classes in their order.
  var top: Int?
  var leavesOut = LeavingOut.nothing
  var hasIntervals = false
  /// The names of the input columns that are copied to the output.
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

  /// The text before the first row.
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

  /// The text after the last row of a file with `rowCount` rows.
  mutating func tail(rowCount: Int = 0) -> String {
    blanks(through: rowCount) + (kind == .json ? "\n]}\n" : "")
  }

  /// Empty lines for skipped rows, up to the row `number`.
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

  /// A row of a batch: values, and interval ends if there are any. The predicted class is the
  /// first with the largest value; an interval end is empty if rounding leaves no digits of it.
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

  /// The text of a row's object, with the separator between rows.
  mutating func text(of object: JSONObject) -> String {
    let text = JSONWriter.compact.text(of: .object(object))
    return kind == .json ? separator() + text : text + "\n"
  }

  /// Adds the prediction of a row. Within one JSON object, values are in the order of its classes;
  /// a separate line names the classes.
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

  /// The listed classes, by decreasing value; ties in class order.
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

  /// The cell as read; empty if it is missing.
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
