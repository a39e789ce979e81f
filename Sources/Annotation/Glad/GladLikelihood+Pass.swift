import RealModule
import SurprisalLinearAlgebra

extension GladLikelihood {
  /// What a pass sums for each coordinate.
  enum Measures: Sendable {
    /// Derivatives of the log-likelihood.
    case slopes
    /// Curvatures of minus the expected log-likelihood with known classes.
    case curvatures
  }

  /// The sums of a pass.
  struct Pass {
    var logLikelihood: Double
    /// One number for each coordinate.
    var slopes: [Double]
  }

  /// The results for a run of items.
  private struct Part: Sendable {
    var values: [Double] = []
    var classes: [Double]
  }

  /// A pass over all votes.
  func pass(at point: [Double], measures: Measures) -> Pass {
    let classPrior = classPrior(at: point)
    var result = [Double](repeating: 0, count: dimension)
    var terms = [Double](unsafeUninitializedCapacity: votes.count) { $1 = votes.count }
    let parts = result.withUnsafeMutableBufferPointer { result in
      terms.withUnsafeMutableBufferPointer { terms in
        let (result, terms) = (VoteLikelihood.Storage(result), VoteLikelihood.Storage(terms))
        let parts = mapRuns(of: votes.itemCount) { items in
          part(
            items, at: point, classPrior.map { Double.log($0) }, measures, result.row(itemStart, 1),
            terms.row(0, 1))
        }
        _ = mapRuns(of: votes.annotatorCount) { annotators in
          for annotator in annotators {
            var sum = 0.0
            for place in annotatorStarts[annotator]..<annotatorStarts[annotator + 1] {
              sum += terms.base[Int(annotatorVotes[place])]
            }
            result.base[annotator] = sum
          }
          return 0
        }
        return parts
      }
    }
    for k in 0..<votes.classCount {
      let mass = SummationTree.sum(ofRows: parts.count) { parts[$0].classes[k] }
      let expected = votedItems * classPrior[k]
      result[classStart + k] = measures == .slopes ? mass - expected : max(expected, 1e-3)
    }
    let logLikelihood = SummationTree.sum(ofRows: parts.count) { run in
      parts[run].values.reduce(0, +)
    }
    return Pass(logLikelihood: logLikelihood, slopes: result)
  }

  /// A run of items: writes their entries of `b` to `result`, and of each vote the part of its
  /// annotator to `terms`.
  private func part(
    _ items: Range<Int>, at point: [Double], _ logs: [Double], _ measures: Measures,
    _ result: UnsafeMutablePointer<Double>, _ terms: UnsafeMutablePointer<Double>
  ) -> Part {
    let classCount = votes.classCount
    let most = items.reduce(0) { max($0, votes.voteCount(ofItem: $1)) }
    var part = Part(classes: [Double](repeating: 0, count: classCount))
    part.values.reserveCapacity(items.count)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: classCount) { row in
      withUnsafeTemporaryAllocation(of: (x: Double, right: Double).self, capacity: max(1, most)) {
        memory in
        for item in items where !votes.range(ofItem: item).isEmpty {
          for k in 0..<classCount { row[k] = logs[k] }
          let ease = add(votesOf: item, at: point, to: row, remembering: memory)
          part.values.append(posterior(ofItem: item, row))
          for k in 0..<classCount { part.classes[k] += row[k] }
          let range = votes.range(ofItem: item)
          var sum = 0.0
          for vote in range {
            let (x, right) = memory[vote - range.lowerBound]
            let weight = votes.weights?[vote] ?? 1
            switch measures {
            case .slopes:
              let rest = weight * (row[Int(votes.cells[vote]) % classCount] - right)
              sum += rest * x
              terms[vote] = rest * ease
            case .curvatures:
              let spread = weight * right * (1 - right)
              sum += spread * x * x
              terms[vote] = spread * ease * ease
            }
          }
          result[item] = sum
        }
      }
    }
    return part
  }

  /// Turns the log density of an item's votes and each class into the posterior; returns the log
  /// density of the votes, and of the class if it is known.
  private func posterior(ofItem item: Int, _ row: UnsafeMutableBufferPointer<Double>) -> Double {
    if let known = gold?[item], known >= 0 {
      let value = row[Int(known)]
      for k in row.indices { row[k] = k == Int(known) ? 1 : 0 }
      return value
    }
    return row.baseAddress.map { Self.normalize($0, row.count) } ?? 0
  }
}
