import RealModule
import SurprisalKernels
import SurprisalLinearAlgebra

extension Tile {
  /// The number of entries of all units.
  var count: Int { unitCount * stride }

  /// Adds a tile of the same shape.
  mutating func add(_ other: Tile) {
    let count = count
    withUnsafeMutableUnits { target in
      other.withUnsafeUnits { surprisal_add_scaled(count, 1, $0, target) }
    }
  }

  /// The first `width` columns, unit after unit.
  func compact(_ width: Int) -> [Double] {
    withUnsafeUnits { source in
      [Double](unsafeUninitializedCapacity: unitCount * width) { target, count in
        for unit in 0..<unitCount {
          for column in 0..<width { target[unit * width + column] = source[unit * stride + column] }
        }
        count = unitCount * width
      }
    }
  }
}

extension VoteLikelihood {
  /// The pseudo-count for a label of a class.
  package func pseudoCount(label: Int, class k: Int) -> Double {
    label == k ? pseudoCounts.diagonal : pseudoCounts.offDiagonal
  }

  /// Calls `body` for ranges of annotators, on several threads; the ranges do not depend on their
  /// number.
  func mapAnnotators<Result: Sendable>(_ body: @Sendable (Range<Int>) -> Result) -> [Result] {
    let count = votes.annotatorCount
    let width = max(1, 16_384 / (classCount * classCount))
    return reducer.map(count: (count + width - 1) / width) {
      body($0 * width..<min(count, ($0 + 1) * width))
    }
  }

  /// Logarithms of the prior, and of the table: one unit per cell, one column per class.
  func logarithms(of point: Parameters) -> (prior: [Double], table: Tile) {
    var result = Tile(unitCount: votes.annotatorCount * classCount, capacity: classCount)
    let (stride, classCount) = (result.stride, classCount)
    result.withUnsafeMutableUnits { start in
      let target = Storage(UnsafeMutableBufferPointer(start: start, count: 0))
      _ = mapAnnotators { annotators in
        let cells = annotators.lowerBound * classCount..<annotators.upperBound * classCount
        point.table.withUnsafeBufferPointer { table in
          for cell in cells {
            for k in 0..<classCount { target.row(cell, stride)[k] = table[cell * classCount + k] }
          }
        }
        // The padding after the classes is log 0 and not used.
        let rows = target.row(cells.lowerBound, stride)
        surprisal_log(cells.count * stride, rows, rows)
        return 0
      }
    }
    return (point.prior.map { Double.log($0) }, result)
  }

  /// The result of maximising for expected votes.
  struct Maximization {
    /// The table with the largest likelihood.
    var table: [Double]
    /// The largest gradient, in votes.
    var gradient: Double
    /// `Σ (c - n T)² / n T`.
    var decrement: Double
  }

  /// The table for expected votes, and the gradient at `old`.
  func maximization(_ counts: Tile, at old: [Double]) -> Maximization {
    let size = classCount * classCount
    var slopes: [(Double, Double)] = []
    let table = [Double](unsafeUninitializedCapacity: old.count) { buffer, count in
      let target = Storage(buffer)
      slopes = mapAnnotators { annotators in
        var sum = (0.0, 0.0)
        counts.withUnsafeUnits { start in
          old.withUnsafeBufferPointer { old in
            guard let old = old.baseAddress else { return }
            for annotator in annotators {
              let matrix = target.row(annotator, size)
              for label in 0..<classCount {
                let source = start + (annotator * classCount + label) * counts.stride
                for k in 0..<classCount { matrix[label * classCount + k] = source[k] }
              }
              let slope =
                isOneCoin
                ? fitCoin(matrix, old + annotator * size)
                : fitMatrix(matrix, old + annotator * size)
              sum = (max(sum.0, slope.largest), sum.1 + slope.decrement)
            }
          }
        }
        return sum
      }
      count = old.count
    }
    return slopes.reduce(Maximization(table: table, gradient: 0, decrement: 0)) {
      Maximization(
        table: $0.table, gradient: max($0.gradient, $1.0), decrement: $0.decrement + $1.1)
    }
  }

  private typealias Slope = (largest: Double, decrement: Double)

  /// Rows of a confusion matrix from expected votes. A row without votes is uniform.
  private func fitMatrix(
    _ matrix: UnsafeMutablePointer<Double>, _ old: UnsafePointer<Double>
  ) -> Slope {
    var (largest, decrement) = (0.0, 0.0)
    for k in 0..<classCount {
      var total = 0.0
      for label in 0..<classCount {
        matrix[label * classCount + k] += pseudoCount(label: label, class: k)
        total += matrix[label * classCount + k]
      }
      for label in 0..<classCount {
        let index = label * classCount + k
        let expected = total * old[index]
        let slope = matrix[index] - expected
        largest = max(largest, slope.magnitude)
        if slope != 0 { decrement += slope * slope / expected }
        matrix[index] = total > 0 ? matrix[index] / total : 1 / Double(classCount)
      }
    }
    return (largest, decrement)
  }

  /// One accuracy from expected votes.
  private func fitCoin(
    _ matrix: UnsafeMutablePointer<Double>, _ old: UnsafePointer<Double>
  ) -> Slope {
    let wrongClasses = Double(classCount - 1)
    var (right, wrong) = (pseudoCounts.diagonal, pseudoCounts.offDiagonal * wrongClasses)
    for label in 0..<classCount {
      for k in 0..<classCount {
        if label == k {
          right += matrix[label * classCount + k]
        } else {
          wrong += matrix[label * classCount + k]
        }
      }
    }
    let total = right + wrong
    let accuracy = total > 0 ? right / total : 1 / Double(classCount)
    let slope = (right - total * old[0]).magnitude
    for label in 0..<classCount {
      for k in 0..<classCount {
        matrix[label * classCount + k] =
          label == k ? accuracy : (total > 0 ? wrong / total : 1 - accuracy) / wrongClasses
      }
    }
    return (slope, slope > 0 ? slope * slope / (total * old[0] * (1 - old[0])) : 0)
  }

  /// The log density of the pseudo-counts, `Σ α log T`.
  package func logDensity(of table: [Double]) -> Double {
    pseudoCounts.areZero ? 0 : logDensity(logarithms(of: Parameters(table: table)).table)
  }

  /// `Σ α log T` over the table of logarithms.
  func logDensity(_ logs: Tile) -> Double {
    if pseudoCounts.areZero { return 0 }
    func times(_ count: Double, _ log: Double) -> Double { count == 0 ? 0 : count * log }
    return logs.withUnsafeUnits { table in
      votes.annotatorNames.indices.reduce(0.0) { total, annotator in
        func log(_ label: Int, _ k: Int) -> Double {
          table[(annotator * classCount + label) * logs.stride + k]
        }
        if isOneCoin {
          // If one class is correct, each of the others is one of the wrong votes.
          return total + times(pseudoCounts.diagonal, log(0, 0))
            + times(pseudoCounts.offDiagonal * Double(classCount - 1), log(0, 1))
        }
        var part = 0.0
        for label in 0..<classCount {
          for k in 0..<classCount {
            part += times(pseudoCount(label: label, class: k), log(label, k))
          }
        }
        return total + part
      }
    }
  }
}
