import SurprisalCalibration
import SurprisalDatasets
import SurprisalModelStore
import SurprisalModels

/// A prediction program as an ONNX graph: `label`, the most probable class of each row, and
/// `probabilities`, rows x classes.
///
/// Models whose columns are all numbers have one input, `features`, rows x columns in the order of
/// the property `features`. Models with text columns have an input for each column, rows x 1, with
/// its name. A missing number is NaN, a missing text is empty. If a cell is missing and the model
/// has no substitute, or if a text is not a level, the probabilities of the row are NaN.
struct ONNXModel {
  /// The bytes of the file.
  private(set) var bytes: [UInt8] = []

  private let program: PredictionProgram
  private var graph: ONNXGraph
  /// The names of the results of the steps so far.
  private var values: [String] = []

  /// The graph of a program. Throws `ExportError` without features, and for numbers beyond single
  /// precision.
  init(
    _ program: PredictionProgram, properties: [(String, String)], isSingle: Bool
  ) throws(ExportError) {
    guard program.encoding.columnCount > 0 else { throw .noFeatures }
    self.program = program
    // A calibration enlarges rounding: it is computed in double precision.
    graph = ONNXGraph(
      number: isSingle && !program.isCalibrated ? .float : .double,
      interface: isSingle ? .float : .double)
    var design = ONNXDesign(program.encoding)
    design.add(to: &graph)
    for step in program.steps.indices {
      if case .design = program.steps[step] {
        values.append(design.result)
      } else {
        values.append(add(program.steps[step], width: program.widths[step]))
      }
    }
    addOutputs()
    guard !graph.isOutOfRange else { throw .singleRange }
    bytes = graph.file(
      producer: "surprisal", version: SurprisalVersion.current, properties: properties)
  }

  private mutating func addOutputs() {
    let classCount = program.classNames.count
    let label = graph.addOutput("label", .string, columns: nil)
    let probabilities = graph.addOutput("probabilities", graph.interface, columns: classCount)
    let last = values[values.count - 1]
    if graph.interface == graph.number {
      _ = graph.add("Identity", [last], result: probabilities)
    } else {
      _ = graph.add(
        "Cast", [last], [("to", .integer(graph.interface.rawValue))], result: probabilities)
    }
    let place = graph.add(
      "ArgMax", [last], [("axis", .integer(1)), ("keepdims", .integer(0))])
    _ = graph.add(
      "Gather", [graph.texts(program.classNames), place], [("axis", .integer(0))], result: label)
  }

  // MARK: Steps

  private mutating func add(_ step: PredictionProgram.Step, width: Int) -> String {
    switch step {
    case .design: return ""
    case .standardized(let value, let scale):
      let centred = graph.add("Sub", [values[value], graph.numbers(scale.centers)])
      return graph.add("Div", [centred, graph.numbers(scale.scales)])
    case .affine(let value, let weights, let biases):
      return addProduct(values[value], weights, units: width, to: graph.numbers(biases))
    case .sum(let value, let input, let weights):
      return addProduct(values[input], weights, units: width, to: values[value])
    case .normalized(let value, let gains, let shifts):
      return addNormalization(values[value], gains, shifts)
    case .activated(let value, let activation): return add(activation, values[value])
    case .softmax(let value):
      return graph.add("Softmax", [values[value]], [("axis", .integer(1))])
    case .logSoftmax(let value):
      return graph.add("LogSoftmax", [values[value]], [("axis", .integer(1))])
    case .mean(let members):
      let total = graph.add("Sum", members.map { values[$0] })
      return graph.add("Mul", [total, graph.numbers([1 / Double(members.count)])])
    case .logMeanExp(let members): return addLogMeanExp(members.map { values[$0] })
    case .lifted(let value):
      return graph.add(
        "Max", [values[value], graph.numbers([PredictionProgram.smallestLogarithm])])
    case .centred(let value):
      return graph.add("Sub", [values[value], addRowMean(values[value])])
    case .scaled(let value, let slopes, let intercepts):
      let product = graph.add("Mul", [values[value], graph.numbers(slopes)])
      return graph.add("Add", [product, graph.numbers(intercepts)])
    case .isotonic(let value, let functions): return addIsotonic(values[value], functions)
    }
  }

  private mutating func addProduct(
    _ value: String, _ weights: [Double], units: Int, to start: String
  ) -> String {
    let matrix = graph.numbers(weights, shape: [units, weights.count / max(1, units)])
    return graph.add("Gemm", [value, matrix, start], [("transB", .integer(1))])
  }

  private mutating func addRowMean(_ value: String) -> String {
    graph.add("ReduceMean", [value], [("axes", .integers([1])), ("keepdims", .integer(1))])
  }

  private mutating func addNormalization(
    _ value: String, _ gains: [Double], _ shifts: [Double]
  ) -> String {
    let centred = graph.add("Sub", [value, addRowMean(value)])
    let variance = addRowMean(graph.add("Mul", [centred, centred]))
    let lifted = graph.add("Add", [variance, graph.numbers([PredictionProgram.epsilon])])
    let normalized = graph.add("Div", [centred, graph.add("Sqrt", [lifted])])
    let scaled = graph.add("Mul", [normalized, graph.numbers(gains)])
    return graph.add("Add", [scaled, graph.numbers(shifts)])
  }

  private mutating func add(_ activation: Activation, _ value: String) -> String {
    switch activation {
    case .relu: return graph.add("Relu", [value])
    case .tanh: return graph.add("Tanh", [value])
    case .gelu:
      // y s(2 c (y + 0.044715 y³)), with operators that runtimes support in double precision.
      let square = graph.add("Mul", [value, value])
      let cubic = graph.add(
        "Mul", [graph.add("Mul", [graph.numbers([PredictionProgram.geluCubic]), square]), value])
      let inner = graph.add("Add", [value, cubic])
      let exponent = graph.add("Mul", [inner, graph.numbers([-PredictionProgram.geluSlope])])
      let below = graph.add("Add", [graph.add("Exp", [exponent]), graph.numbers([1])])
      return graph.add("Div", [value, below])
    }
  }

  private mutating func addLogMeanExp(_ members: [String]) -> String {
    let top = graph.add("Max", members)
    let terms = members.map { graph.add("Exp", [graph.add("Sub", [$0, top])]) }
    let total = graph.add(
      "Mul",
      [
        graph.add("Sum", terms), graph.numbers([1 / Double(members.count)]),
      ])
    return graph.add("Add", [top, graph.add("Log", [total])])
  }

  /// Each function as its first value plus the increments between its knots: g(x) = v₀ + Σ
  /// min(max(x - tᵢ, 0), dᵢ) / dᵢ (vᵢ₊₁ - vᵢ).
  private mutating func addIsotonic(_ logs: String, _ functions: [IsotonicFunction]) -> String {
    let before = graph.add("Exp", [logs])
    var columns: [String] = []
    for (index, function) in functions.enumerated() {
      let point = graph.add("Gather", [before, graph.integers([index])], [("axis", .integer(1))])
      let (knots, heights) = (function.thresholds, function.values)
      let widths = zip(knots.dropFirst(), knots).map { $0 - $1 }
      let rises = zip(heights.dropFirst(), heights).map { $0 - $1 }
      guard !widths.isEmpty else {
        let nothing = graph.add("Mul", [point, graph.numbers([0])])
        columns.append(graph.add("Add", [nothing, graph.numbers([heights[0]])]))
        continue
      }
      let distance = graph.add("Sub", [point, graph.numbers(Array(knots.dropLast()))])
      let positive = graph.add("Max", [distance, graph.numbers([0])])
      let bounded = graph.add("Min", [positive, graph.numbers(widths)])
      let share = graph.add("Div", [bounded, graph.numbers(widths)])
      columns.append(
        graph.add(
          "Gemm",
          [share, graph.numbers(rises, shape: [1, rises.count]), graph.numbers([heights[0]])],
          [("transB", .integer(1))]))
    }
    let after = graph.add("Concat", columns, [("axis", .integer(1))])
    let total = graph.add("ReduceSum", [after, graph.integers([1])], [("keepdims", .integer(1))])
    let isPositive = graph.add("Greater", [total, graph.numbers([0])])
    return graph.add("Where", [isPositive, graph.add("Div", [after, total]), before])
  }
}
