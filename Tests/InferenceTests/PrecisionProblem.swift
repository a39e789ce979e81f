import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport

/// A small, badly scaled problem, generated from its seed as in Tests/Reference/precision.py.
struct PrecisionProblem: Sendable, CustomStringConvertible {
  private static let kinds = [
    "outlier", "two outliers", "rows", "collinear", "offset", "imbalance",
  ]

  let value: ReferenceValue
  private(set) var features: [[Double]] = []
  private(set) var targets: [[Double]] = []
  private(set) var weights: [Double]?
  private(set) var offsets: [[Double]]?
  private(set) var hasIntercept = true
  private(set) var l2 = 0.0
  private(set) var labelKind = LabelKind.classes

  static let all: [PrecisionProblem] =
    ((try? ReferenceValue(ofTests: "precision.json").array) ?? []).map(PrecisionProblem.init)

  var description: String { "\(kind) \(Int(value["index"].number))" }

  /// Whether columns are so nearly dependent, or so far from zero without an intercept, that one of
  /// them may be dropped.
  var mayBeAliased: Bool { kind == "collinear" || kind == "offset" && !hasIntercept }

  private var kind: String { value["kind"].text }

  private init(_ value: ReferenceValue) {
    self.value = value
    let seed = (Self.kinds.firstIndex(of: kind) ?? 0) * 1_000_000 + Int(value["index"].number)
    var numbers = Numbers(seed: UInt64(seed))
    let isImbalance = kind == "imbalance"
    let classes = 2 + numbers.below(2)
    let columns = kind == "collinear" ? 2 + numbers.below(2) : 1 + numbers.below(3)
    let rows = isImbalance ? 60 + numbers.below(100) : 12 + numbers.below(29)
    features = numbers.normals(rows, columns)
    let winners = numbers.winners(features, classes: classes, isImbalance: isImbalance)
    labelKind = [LabelKind.classes, .probabilities, .counts][numbers.below(3)]
    for winner in winners {
      targets.append(numbers.target(labelKind, winner, classes: classes, isImbalance: isImbalance))
    }
    if numbers.below(4) == 0 { weights = (0..<rows).map { _ in 0.5 + numbers.unit() } }
    if numbers.below(5) == 0 { offsets = numbers.normals(rows, classes) }
    hasIntercept = numbers.below(6) != 0
    if numbers.below(4) == 0 { l2 = 1 / Numbers.power(numbers.below(5)) }
    stretch(&numbers)
  }

  private mutating func stretch(_ numbers: inout Numbers) {
    let (rows, columns) = (features.indices, features[0].count)
    switch kind {
    case "outlier", "two outliers":
      for _ in 0..<(kind == "outlier" ? 1 : 2) {
        let (row, column) = (numbers.below(rows.count), numbers.below(columns))
        let size = Numbers.power(4 + numbers.below(12))
        features[row][column] = numbers.below(2) == 0 ? size : -size
      }
    case "rows":
      let isSingle = numbers.below(2) == 0
      for row in rows {
        let whole = numbers.below(41) - 20
        for column in 0..<columns {
          let exponent = isSingle ? numbers.below(61) - 40 : whole
          features[row][column] *= Double(sign: .plus, exponent: exponent, significand: 1)
        }
      }
    case "collinear":
      let size = Numbers.power(4 + numbers.below(6))
      for row in rows {
        features[row][columns - 1] = features[row][0] + features[row][columns - 1] / size
      }
    case "offset":
      for column in 0..<columns {
        let size = Numbers.power(4 + numbers.below(10))
        for row in rows { features[row][column] += size }
      }
    default: break
    }
  }

  func dataset() throws -> Dataset {
    let classes = targets[0].count
    let matrix = BlockedMatrix(rows: targets, columnCount: classes)
    let labels: Labels =
      switch labelKind {
      case .probabilities: .probabilities(try ClassProbabilities(matrix))
      case .counts: .counts(try ClassCounts(matrix))
      default:
        .classes(try ClassIndices(targets.map { $0.firstIndex(of: 1) ?? 0 }, classCount: classes))
      }
    return try Dataset(
      features: Features(features), labels: labels,
      weights: weights.map { try .importance(checking: $0) } ?? .uniform,
      offsets: offsets.map { BlockedMatrix(rows: $0, columnCount: classes) })
  }
}

/// The random numbers of precision.py.
private struct Numbers {
  private var bits: SplitMix64

  init(seed: UInt64) { bits = SplitMix64(seed: seed) }

  mutating func below(_ count: Int) -> Int { Int(bits.next() % UInt64(count)) }

  mutating func unit() -> Double { Double(bits.next() >> 11) * 0x1p-53 }

  mutating func normal() -> Double {
    var total = -6.0
    for _ in 0..<12 { total += unit() }
    return total
  }

  mutating func normals(_ rows: Int, _ columns: Int) -> [[Double]] {
    (0..<rows).map { _ in (0..<columns).map { _ in normal() } }
  }

  static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { value, _ in value * 10 }
  }

  mutating func winners(_ features: [[Double]], classes: Int, isImbalance: Bool) -> [Int] {
    let slopes = normals(classes, features[0].count)
    var result = features.map { row -> Int in
      let scores = (0..<classes).map { unit in
        zip(slopes[unit], row).reduce(2 * normal()) { $0 + $1.0 * $1.1 }
      }
      return scores.indices.first { scores[$0] == scores.max() } ?? 0
    }
    if isImbalance {
      result = result.map { _ in 0 }
      for _ in 0..<4 {
        let winner = 1 + below(classes - 1)
        result[below(result.count)] = winner
      }
    }
    for unit in 0..<classes { result[unit] = unit }
    return result
  }

  mutating func target(
    _ kind: LabelKind, _ winner: Int, classes: Int, isImbalance: Bool
  ) -> [Double] {
    switch kind {
    case .counts:
      return (0..<classes).map { unit in
        if isImbalance { return unit == 0 ? Double(1 + below(1000)) : unit == winner ? 1 : 0 }
        return Double(below(4) + (unit == winner ? 3 : 0))
      }
    case .probabilities where isImbalance:
      let rest = (1..<classes).map { _ in 1 / Self.power(3 + below(5)) * unit() }
      return [1 - rest.reduce(0, +)] + rest
    case .probabilities:
      let raw = (0..<classes).map { unit() + ($0 == winner ? 1 : 0) }
      let total = raw.dropFirst().reduce(raw[0], +)
      return raw.map { $0 / total }
    default: return (0..<classes).map { $0 == winner ? 1 : 0 }
    }
  }
}
