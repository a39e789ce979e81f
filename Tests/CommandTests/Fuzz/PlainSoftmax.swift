import Foundation

/// A textbook implementation of softmax regression, with the precision of `WideNumber` where it
/// matters.
///
/// The parameters of class k are `point[k * width...]`: intercept, then weights. Under a prior
/// every class has its own, and the first intercept is zero; without one the parameters of the
/// first class are zero and omitted.
struct PlainSoftmax {
  private let whole: [[Int]]
  private let rows: [[Double]]
  private let labels: [Int]
  private let classes: Int
  private let strength: Double

  init(_ table: FuzzedTable) {
    whole = table.rows.map { [1] + $0 }
    rows = whole.map { $0.map(Double.init) }
    (labels, classes, strength) = (table.labels, table.classes, table.strength)
  }

  private var width: Int { rows[0].count }
  private var first: Int { strength > 0 ? 0 : 1 }
  private var dimension: Int { (classes - first) * width }
  private func isWeight(_ index: Int) -> Bool { index % width != 0 }

  // MARK: Separation

  /// Whether a direction separates the two classes, completely or in part; nil if columns depend on
  /// one another. The cone of such directions is pointed, so it has an edge, on which two
  /// constraints (or one, for an intercept and one column) hold with equality: all candidates are
  /// tried.
  var isSeparated: Bool? {
    let constraints = zip(whole, labels).map { row, label in label == 0 ? row.map { -$0 } : row }
    var edges: [[Int]] = []
    if width == 2 {
      for row in constraints { edges.append([-row[1], row[0]]) }
    } else {
      for (index, a) in constraints.enumerated() {
        for b in constraints[..<index] {
          edges.append([
            a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0],
          ])
        }
      }
    }
    let products = edges.filter { $0.contains { $0 != 0 } }.map { edge in
      constraints.map { zip($0, edge).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    guard products.contains(where: { $0.contains { $0 != 0 } }) else { return nil }
    return products.contains { values in
      values.allSatisfy { $0 >= 0 } || values.allSatisfy { $0 <= 0 }
    }
  }

  // MARK: Doubles

  private func probabilities(_ row: [Double], _ point: [Double]) -> [Double] {
    let logits = (0..<classes).map { unit -> Double in
      guard unit >= first else { return 0 }
      return row.indices.reduce(0) { $0 + row[$1] * point[(unit - first) * width + $1] }
    }
    let peak = logits.max() ?? 0
    let parts = logits.map { Foundation.exp($0 - peak) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  private func value(_ point: [Double]) -> Double {
    let loss = zip(rows, labels).reduce(0.0) { sum, pair in
      sum - Foundation.log(probabilities(pair.0, point)[pair.1])
    }
    let squares = point.indices.filter(isWeight).reduce(0.0) { $0 + point[$1] * point[$1] }
    return loss / Double(rows.count) + strength / 2 * squares
  }

  /// The gradient and the matrix of second derivatives.
  private func derivatives(_ point: [Double]) -> (gradient: [Double], matrix: [[Double]]) {
    var gradient = [Double](repeating: 0, count: dimension)
    var matrix = [[Double]](repeating: gradient, count: dimension)
    for (row, label) in zip(rows, labels) {
      let shares = probabilities(row, point)
      for a in 0..<dimension {
        let (unit, x) = (a / width + first, row[a % width] / Double(rows.count))
        gradient[a] += (shares[unit] - (unit == label ? 1 : 0)) * x
        for b in 0..<dimension {
          let other = b / width + first
          let slope = (unit == other ? shares[unit] : 0) - shares[unit] * shares[other]
          matrix[a][b] += slope * x * row[b % width]
        }
      }
    }
    for index in 0..<dimension where isWeight(index) {
      gradient[index] += strength * point[index]
      matrix[index][index] += strength
    }
    // The intercepts of all classes may be shifted together: the first stays zero.
    if first == 0 {
      gradient[0] = 0
      for index in 0..<dimension { (matrix[0][index], matrix[index][0]) = (0, 0) }
      matrix[0][0] = 1
    }
    return (gradient, matrix)
  }

  /// Newton's method, each step halved until the value decreases; nil if it does not converge.
  private func roughMinimum() -> [Double]? {
    var point = [Double](repeating: 0, count: dimension)
    for _ in 0..<500 {
      let (gradient, matrix) = derivatives(point)
      guard let step = Self.solve(matrix, gradient) else { return nil }
      let decrement = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      if decrement < 1e-20 { return zip(point, step).map { $0 - $1 } }
      let before = value(point)
      var share = 2.0
      var next = point
      repeat {
        share /= 2
        next = zip(point, step).map { $0 - share * $1 }
      } while !(value(next) < before) && share > 1e-12
      if share <= 1e-12 { return decrement < 1e-12 ? point : nil }
      point = next
    }
    return nil
  }

  // MARK: Wide numbers

  private func logits(_ row: [Int], _ point: [WideNumber]) -> [WideNumber] {
    (0..<classes).map { unit in
      guard unit >= first else { return .zero }
      return row.indices.reduce(.zero) {
        $0 + WideNumber(Double(row[$1])) * point[(unit - first) * width + $1]
      }
    }
  }

  /// For each row the logits minus their largest, their exponentials and the sum of these.
  private func parts(
    _ point: [WideNumber]
  ) -> [(logits: [WideNumber], powers: [WideNumber], sum: WideNumber)] {
    whole.map { row in
      let logits = logits(row, point)
      let peak = logits.dropFirst().reduce(logits[0]) { $0 < $1 ? $1 : $0 }
      let powers = logits.map { ($0 - peak).exponential }
      return (logits.map { $0 - peak }, powers, powers.reduce(.zero, +))
    }
  }

  /// The mean negative log-likelihood, plus half the strength times squared weights.
  func value(_ point: [WideNumber]) -> WideNumber {
    var loss = WideNumber.zero
    for (part, label) in zip(parts(point), labels) {
      loss += part.sum.logarithm - part.logits[label]
    }
    let squares = point.indices.filter(isWeight).reduce(WideNumber.zero) {
      $0 + point[$1] * point[$1]
    }
    return loss / rows.count + WideNumber(strength) * squares / 2
  }

  private func gradient(_ point: [WideNumber]) -> [Double] {
    var gradient = [WideNumber](repeating: .zero, count: dimension)
    for ((row, label), part) in zip(zip(whole, labels), parts(point)) {
      let scale = part.sum.reciprocal
      for index in 0..<dimension {
        let unit = index / width + first
        let share = part.powers[unit] * scale - (unit == label ? .one : .zero)
        gradient[index] += share * WideNumber(Double(row[index % width])) / rows.count
      }
    }
    for index in 0..<dimension where isWeight(index) {
      gradient[index] += WideNumber(strength) * point[index]
    }
    if first == 0 { gradient[0] = .zero }
    return gradient.map(\.double)
  }

  /// The minimum, by steps with the matrix in double precision and the gradient in wide numbers;
  /// nil if they do not converge.
  func minimum() -> [WideNumber]? {
    guard let rough = roughMinimum() else { return nil }
    let (_, matrix) = derivatives(rough)
    var point = rough.map { WideNumber($0) }
    for _ in 0..<12 {
      guard let step = Self.solve(matrix, gradient(point)) else { return nil }
      point = zip(point, step).map { $0 - WideNumber($1) }
      let size = zip(step, rough).map { $0.magnitude / max(1e-3, $1.magnitude) }.max() ?? 0
      if size < 1e-26 { return point }
    }
    return nil
  }

  // MARK: Output of the tool

  /// The parameters with the given contrasts to the first class, class by class: under a prior the
  /// weights of all classes sum to zero.
  func point(ofContrasts contrasts: [WideNumber]) -> [WideNumber] {
    guard first == 0 else { return contrasts }
    let all = [WideNumber](repeating: .zero, count: width) + contrasts
    return all.indices.map { index in
      guard isWeight(index) else { return all[index] }
      let sum = (0..<classes).reduce(WideNumber.zero) { $0 + all[$1 * width + index % width] }
      return all[index] - sum / classes
    }
  }

  /// The standard errors of the contrasts to the first class, class by class.
  func standardErrors(_ point: [WideNumber]) -> [Double] {
    let (_, matrix) = derivatives(point.map(\.double))
    return (width..<classes * width).map { index in
      var direction = [Double](repeating: 0, count: dimension)
      direction[index - first * width] = 1
      if first == 0, isWeight(index) { direction[index % width] = -1 }
      let solved = Self.solve(matrix, direction) ?? []
      let variance = zip(direction, solved).reduce(0) { $0 + $1.0 * $1.1 }
      return (variance / Double(rows.count)).squareRoot()
    }
  }

  /// The possible effect of rounding of the contrasts on the objective: the mean square of the
  /// changes of the logits.
  func rounding(_ point: [WideNumber]) -> Double {
    let doubles = point.map { $0.double.magnitude }
    let moves = rows.map { row in
      (0..<classes - first).reduce(0.0) { sum, unit in
        row.indices.reduce(sum) { $0 + row[$1].magnitude * doubles[unit * width + $1] }
      } * 0x1p-50
    }
    let weights = doubles.reduce(0) { $0 + $1 * $1 } * 0x1p-100
    return moves.reduce(0) { $0 + $1 * $1 } / Double(rows.count) + strength * weights
  }

  /// Elimination with the largest pivot; nil for a singular matrix.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    var (matrix, result) = (matrix, right)
    let size = right.count
    for column in 0..<size {
      let best = (column..<size).max {
        matrix[$0][column].magnitude < matrix[$1][column].magnitude
      }
      guard let best, matrix[best][column] != 0 else { return nil }
      matrix.swapAt(best, column)
      result.swapAt(best, column)
      for row in 0..<size where row != column {
        let factor = matrix[row][column] / matrix[column][column]
        for index in column..<size { matrix[row][index] -= factor * matrix[column][index] }
        result[row] -= factor * result[column]
      }
    }
    return (0..<size).map { result[$0] / matrix[$0][$0] }
  }
}
