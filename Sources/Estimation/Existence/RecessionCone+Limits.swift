import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability

extension RecessionCone {
  /// The work limit of the search of all limits, in multiplications: about a second.
  private static let limitWork = 3e8

  /// Proves that a mixture is larger at the fitted probabilities than in any limit at infinity, so
  /// that its maximum is attained; false if that is not proved, or the problem is too large.
  ///
  /// Coefficients that tend to infinity have a limiting direction V, along which the log-likelihood
  /// of a row is at most `max log t` over the classes A that grow fastest. The sum of these bounds
  /// over the rows does not decrease from a cell of the arrangement of the planes
  /// `x_i · (V_k - V_j) = 0` to the faces around it: its largest value is that of a ray, on which
  /// all but one of the dimensions are fixed by planes.
  func isAboveAllLimits(_ terms: [[[Double]]], fitted: ClassProbabilities) -> Bool {
    let dimension = (classCount - 1) * design.columnCount
    let rows = terms.indices.filter { !terms[$0].isEmpty }
    let planes = planes(of: rows)
    var count = 2.0
    for place in 0..<max(dimension - 1, 0) {
      count *= Double(planes.count - place) / Double(place + 1)
    }
    let each =
      Double(dimension * dimension * dimension) / 3 + Double(rows.count * parameterCount) + 20
    guard dimension > 0, planes.count >= dimension, count * each <= Self.limitWork else {
      return false
    }
    guard let logs = logs(terms, rows) else { return false }
    var value = 0.0
    for (row, logs) in zip(rows, logs) {
      let sum = logs.indices.reduce(0.0) {
        $0 + fitted.values[row, $1] * Double.exp(logs[$1])
      }
      value += (weights?[row] ?? 1) * Double.log(sum)
    }
    guard value.isFinite else { return false }
    let bound = value - 1e-9 * max(1, value.magnitude)
    var hasRays = false
    var rays = RaySearch(planes: planes, dimension: dimension)
    while let subset = rays.next() {
      if isCancelled() { return false }
      switch NullVector(subset.map { planes[$0] }, dimension: dimension) {
      case .none: continue
      case .uncertain: return false
      case .vector(let ray):
        hasRays = true
        for ray in [ray, ray.map { -$0 }] where limit(along: ray, logs, rows) >= bound {
          return false
        }
      }
    }
    return hasRays
  }

  /// The logarithms of the vector t of each row; nil if a row has several, or votes.
  private func logs(_ terms: [[[Double]]], _ rows: [Int]) -> [[Double]]? {
    guard labels.kind != .counts, rows.allSatisfy({ terms[$0].count == 1 }) else { return nil }
    if case .evidence(let evidence) = labels { return rows.map { evidence.logs.row($0) } }
    return rows.map { terms[$0][0].map { Double.log($0) } }
  }

  /// The distinct planes, each as a vector of unit length.
  private func planes(of rows: [Int]) -> [[Double]] {
    var result: [[Double]] = []
    var known: Set<[Double]> = []
    let width = design.columnCount
    for row in rows {
      let values = (0..<width).map { design.matrix[row, $0] }
      guard known.insert(values).inserted, values.infinityNorm > 0 else { continue }
      let unit = values.map { $0 / values.euclideanNorm }
      for first in 0..<classCount {
        for second in 0..<first {
          var plane = [Double](repeating: 0, count: (classCount - 1) * width)
          for (place, value) in unit.enumerated() {
            plane[(first - 1) * width + place] = value
            if second > 0 { plane[(second - 1) * width + place] = -value }
          }
          result.append(plane)
        }
      }
    }
    return result
  }

  /// The sum of the bounds of the rows along a direction of all classes but the first. Classes that
  /// are equal up to rounding count as equal, which can only raise it.
  private func limit(along ray: [Double], _ logs: [[Double]], _ rows: [Int]) -> Double {
    let width = design.columnCount
    let size = ray.euclideanNorm
    var sum = 0.0
    var scores = [Double](repeating: 0, count: classCount)
    for (row, logs) in zip(rows, logs) {
      for unit in 1..<classCount {
        var score = 0.0
        for place in 0..<width {
          score += design.matrix[row, place] * ray[(unit - 1) * width + place]
        }
        scores[unit] = score
      }
      let least = scores.reduce(-.infinity, max) - 1e-7 * size * design.rowLengths[row]
      var best = -Double.infinity
      for index in scores.indices where scores[index] >= least { best = max(best, logs[index]) }
      sum += (weights?[row] ?? 1) * best
      if sum == -.infinity { return sum }
    }
    return sum
  }
}

/// All sets of `dimension - 1` planes, in order.
private struct RaySearch {
  private let count: Int
  private var places: [Int]?

  init(planes: [[Double]], dimension: Int) {
    count = planes.count
    places = Array(0..<dimension - 1)
  }

  mutating func next() -> [Int]? {
    guard let current = places else { return nil }
    var following = current
    let size = current.count
    if let last = current.indices.last(where: { current[$0] < count - size + $0 }) {
      following[last] += 1
      for place in last + 1..<size { following[place] = following[place - 1] + 1 }
      places = following
    } else {
      places = nil
    }
    return current
  }
}

/// The vector orthogonal to all of d - 1 vectors of unit length.
private enum NullVector {
  /// The vectors are dependent: there is more than one.
  case none
  /// The vectors are nearly dependent.
  case uncertain
  case vector([Double])

  /// Computes it by elimination with the largest pivots.
  init(_ vectors: [[Double]], dimension: Int) {
    var rows = vectors
    var columns = Array(0..<dimension)
    for step in rows.indices {
      var (best, place) = (0.0, (row: step, column: step))
      for row in step..<rows.count {
        for column in step..<dimension where rows[row][columns[column]].magnitude > best {
          best = rows[row][columns[column]].magnitude
          place = (row, column)
        }
      }
      guard best > 1e-6 else {
        self = best < 1e-13 ? .none : .uncertain
        return
      }
      rows.swapAt(step, place.row)
      columns.swapAt(step, place.column)
      let pivot = columns[step]
      for row in step + 1..<rows.count {
        let factor = rows[row][pivot] / rows[step][pivot]
        guard factor != 0 else { continue }
        for column in columns[step...] { rows[row][column] -= factor * rows[step][column] }
      }
    }
    var result = [Double](repeating: 0, count: dimension)
    result[columns[dimension - 1]] = 1
    for step in rows.indices.reversed() {
      var sum = 0.0
      for column in columns[(step + 1)...] { sum += rows[step][column] * result[column] }
      result[columns[step]] = -sum / rows[step][columns[step]]
    }
    self = .vector(result)
  }
}
