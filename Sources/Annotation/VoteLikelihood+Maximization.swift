import SurprisalLinearAlgebra

extension VoteLikelihood {
  /// The votes before the data for a label of a class.
  func pseudoCount(label: Int, class k: Int) -> Double {
    label == k ? pseudoCounts.diagonal : pseudoCounts.offDiagonal
  }

  /// `Σ_votes of the cell weight · posterior`, cell after cell; or with the squares of the weights.
  func expectedCounts(_ posterior: [Double], squaresWeights: Bool = false) -> [Double] {
    let classCount = classCount
    var parts = [Double](repeating: 0, count: segments.count * classCount)
    parts.withUnsafeMutableBufferPointer { buffer in
      let target = Storage(buffer)
      _ = reducer.map(count: segments.taskCount) { task in
        posterior.withUnsafeBufferPointer { posterior in
          self.votes.items.withUnsafeBufferPointer { items in
            guard let source = posterior.baseAddress else { return 0 }
            for segment in self.segments.segments(ofTask: task) {
              let row = target.row(segment, classCount)
              let range = self.segments.votes(ofSegment: segment)
              if let weights = self.votes.cellWeights {
                for vote in range {
                  let weight = squaresWeights ? weights[vote] * weights[vote] : weights[vote]
                  Self.add(weight, source + Int(items[vote]) * classCount, to: row, classCount)
                }
              } else {
                for vote in range {
                  Self.add(source + Int(items[vote]) * classCount, to: row, classCount)
                }
              }
            }
            return 0
          }
        }
      }
    }
    return segments.merged(parts, width: classCount)
  }

  /// The table that expected votes lead to, and the largest gradient at `table`.
  func maximization(
    _ counts: [Double], at table: [Double], gradient: Double
  ) -> (table: [Double], gradient: Double) {
    var result = counts
    let size = classCount * classCount
    let width = max(1, 16_384 / size)
    let annotatorCount = votes.annotatorCount
    let gradients = result.withUnsafeMutableBufferPointer { buffer -> [Double] in
      let target = Storage(buffer)
      return reducer.map(count: (annotatorCount + width - 1) / width) { chunk in
        table.withUnsafeBufferPointer { table in
          var largest = 0.0
          for annotator in chunk * width..<min(annotatorCount, (chunk + 1) * width) {
            let matrix = target.row(annotator, size)
            let old = UnsafeBufferPointer(
              rebasing: table[annotator * size..<(annotator + 1) * size])
            largest = max(
              largest,
              self.isOneCoin ? self.fitCoin(matrix, old) : self.fitMatrix(matrix, old))
          }
          return largest
        }
      }
    }
    return (result, gradients.reduce(gradient, max))
  }

  /// Rows of a confusion matrix from expected votes. A row without votes is uniform.
  private func fitMatrix(
    _ matrix: UnsafeMutablePointer<Double>, _ old: UnsafeBufferPointer<Double>
  ) -> Double {
    var largest = 0.0
    for k in 0..<classCount {
      var total = 0.0
      for label in 0..<classCount {
        matrix[label * classCount + k] += pseudoCount(label: label, class: k)
        total += matrix[label * classCount + k]
      }
      for label in 0..<classCount {
        let index = label * classCount + k
        largest = max(largest, (matrix[index] - total * old[index]).magnitude)
        matrix[index] = total > 0 ? matrix[index] / total : 1 / Double(classCount)
      }
    }
    return largest
  }

  /// One accuracy from expected votes.
  private func fitCoin(
    _ matrix: UnsafeMutablePointer<Double>, _ old: UnsafeBufferPointer<Double>
  ) -> Double {
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
    let gradient = (right - total * old[0]).magnitude
    for label in 0..<classCount {
      for k in 0..<classCount {
        matrix[label * classCount + k] =
          label == k ? accuracy : (total > 0 ? wrong / total : 1 - accuracy) / wrongClasses
      }
    }
    return gradient
  }

  /// `Σ α log T` over the table of logarithms.
  func logDensity(_ logs: [Double]) -> Double {
    if pseudoCounts.areZero { return 0 }
    let size = classCount * classCount
    func times(_ count: Double, _ log: Double) -> Double { count == 0 ? 0 : count * log }
    var total = 0.0
    for annotator in 0..<votes.annotatorCount {
      if isOneCoin {
        // With one class right, each of the others is one of the wrong votes.
        total += times(pseudoCounts.diagonal, logs[annotator * size])
        total += times(
          pseudoCounts.offDiagonal * Double(classCount - 1), logs[annotator * size + 1])
        continue
      }
      var part = 0.0
      for index in 0..<size {
        part += times(
          pseudoCount(label: index / classCount, class: index % classCount),
          logs[annotator * size + index])
      }
      total += part
    }
    return total
  }
}
