import SurprisalDatasets

/// The part of an ONNX graph that computes design columns from the columns of a table.
struct ONNXDesign {
  private let encoding: FeatureEncoding
  /// The name of the design, rows x design columns.
  private(set) var result = ""
  /// For each source, the start of its parts among all parts: its value or its levels, then the
  /// indicator of missing cells.
  private var starts: [Int] = []
  /// The position of the missing indicator of each source.
  private var absences: [Int] = []
  private var parts: [String] = []
  private var partCount = 0

  init(_ encoding: FeatureEncoding) { self.encoding = encoding }

  mutating func add(to graph: inout ONNXGraph) {
    let sources = encoding.sources
    starts = sources.map { _ in 0 }
    absences = starts
    let numbers = sources.indices.filter { sources[$0].kind == .number }
    addNumbers(numbers, hasTexts: numbers.count < sources.count, to: &graph)
    for index in sources.indices {
      guard case .factor(let levels, _) = sources[index].kind else { continue }
      addText(index, levels, to: &graph)
    }
    if encoding.isIdentity {
      result = parts[0]
    } else {
      result = addProducts(of: join(parts, &graph), to: &graph)
    }
  }

  private func join(_ values: [String], _ graph: inout ONNXGraph) -> String {
    values.count == 1 ? values[0] : graph.add("Concat", values, [("axis", .integer(1))])
  }

  /// Numbers, with substitutes for NaN, and indicators of missing cells.
  private mutating func addNumbers(
    _ numbers: [Int], hasTexts: Bool, to graph: inout ONNXGraph
  ) {
    guard !numbers.isEmpty else { return }
    let sources = encoding.sources
    let value: String
    if hasTexts {
      let columns = numbers.map { graph.addFeatures(sources[$0].name, columns: 1) }
      value = join(columns, &graph)
    } else {
      value = graph.addFeatures("features", columns: numbers.count)
    }
    for (place, index) in numbers.enumerated() {
      starts[index] = partCount + place
      absences[index] = partCount + numbers.count + place
    }
    partCount += numbers.count
    let substitutes = numbers.map { sources[$0].substitute }
    guard substitutes.contains(where: { $0 != nil }) else {
      parts.append(value)
      return
    }
    let isMissing = graph.add("IsNaN", [value])
    parts.append(
      graph.add("Where", [isMissing, graph.numbers(substitutes.map { $0 ?? .nan }), value]))
    parts.append(graph.add("Cast", [isMissing], [("to", .integer(graph.number.rawValue))]))
    partCount += numbers.count
  }

  /// One 0/1 column for each level, NaN for a text that is not a level, and the indicator of an
  /// empty text.
  private mutating func addText(
    _ index: Int, _ levels: [String], to graph: inout ONNXGraph
  ) {
    let source = encoding.sources[index]
    graph.addInput(source.name, .string, columns: 1)
    var codes = Array(levels.indices)
    var keys = levels
    if let substitute = source.substitute, !levels.contains("") {
      keys.append("")
      codes.append(Int(substitute))
    }
    let code = addCode(source.name, keys, codes, otherwise: -1, to: &graph)
    let isLevel = graph.add("Equal", [code, graph.integers(Array(levels.indices))])
    let indicators = graph.add("Cast", [isLevel], [("to", .integer(graph.number.rawValue))])
    let isUnknown = graph.add("Less", [code, graph.integers([0])])
    let fault = graph.add("Where", [isUnknown, graph.numbers([.nan]), graph.numbers([0])])
    starts[index] = partCount
    absences[index] = partCount + levels.count
    parts.append(graph.add("Add", [indicators, fault]))
    partCount += levels.count
    guard encoding.columns.contains(where: { $0.factors.contains(.absence(source: index)) })
    else { return }
    let mark = addCode(source.name, [""], [1], otherwise: 0, to: &graph)
    parts.append(graph.add("Cast", [mark], [("to", .integer(graph.number.rawValue))]))
    partCount += 1
  }

  private func addCode(
    _ value: String, _ keys: [String], _ codes: [Int], otherwise: Int, to graph: inout ONNXGraph
  ) -> String {
    graph.add(
      "LabelEncoder", [value], domain: "ai.onnx.ml",
      [
        ("keys_strings", .strings(keys)), ("values_int64s", .integers(codes)),
        ("default_int64", .integer(otherwise)),
      ])
  }

  /// The products of parts: runs of columns with equally many factors are products of selections.
  private func addProducts(of parts: String, to graph: inout ONNXGraph) -> String {
    var runs: [[[Int]]] = []
    for column in encoding.columns {
      let places = column.factors.map { place(of: $0) }
      if runs.last?.last?.count == places.count {
        runs[runs.count - 1].append(places)
      } else {
        runs.append([places])
      }
    }
    let products = runs.map { run in
      var product: String?
      for factor in run[0].indices {
        let part = graph.add(
          "Gather", [parts, graph.integers(run.map { $0[factor] })], [("axis", .integer(1))])
        product = product.map { graph.add("Mul", [$0, part]) } ?? part
      }
      return product ?? parts
    }
    return join(products, &graph)
  }

  private func place(of factor: FeatureEncoding.Factor) -> Int {
    switch factor {
    case .value(let source): starts[source]
    case .level(let source, let level): starts[source] + level
    case .absence(let source): absences[source]
    }
  }
}
