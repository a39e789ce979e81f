import RealModule
import SurprisalLinearAlgebra

extension GladLikelihood {
  /// What a pass sums for each coordinate.
  enum Measures: Sendable {
    /// Derivatives of the log-likelihood.
    case slopes
    /// Curvatures of minus the expected log-likelihood with known classes and difficulties.
    case curvatures
  }

  /// The sums of a pass.
  struct Pass {
    var logLikelihood: Double
    /// One number for each coordinate.
    var sums: [Double]
  }

  /// The results for a run of items.
  private struct Part: Sendable {
    var logLikelihood = 0.0
    var classes: [Double]
  }

  /// A pass over all votes.
  func pass(at point: [Double], measures: Measures) -> Pass {
    let tables = GladTables(self, at: point)
    var result = [Double](repeating: 0, count: dimension)
    var terms = [Double](unsafeUninitializedCapacity: votes.count) { $1 = votes.count }
    let parts = result.withUnsafeMutableBufferPointer { result in
      terms.withUnsafeMutableBufferPointer { terms in
        let (result, terms) = (VoteLikelihood.Storage(result), VoteLikelihood.Storage(terms))
        let parts = mapRuns(of: votes.itemCount) { part($0, tables, measures, terms.base) }
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
      let expected = votedItems * tables.classPrior[k]
      result[classStart + k] = measures == .slopes ? mass - expected : max(expected, 1e-3)
    }
    return Pass(
      logLikelihood: SummationTree.sum(ofRows: parts.count) { parts[$0].logLikelihood },
      sums: result)
  }

  /// A run of items: writes of each vote the part of its annotator to `terms`.
  private func part(
    _ items: Range<Int>, _ tables: GladTables, _ measures: Measures,
    _ terms: UnsafeMutablePointer<Double>
  ) -> Part {
    let (classCount, count) = (votes.classCount, GladTables.count)
    var part = Part(classes: [Double](repeating: 0, count: classCount))
    var state = GladItem(self, tables)
    var spread = [Double](repeating: 0, count: count)
    var rights = [Double](repeating: 0, count: classCount)
    for item in items where !votes.range(ofItem: item).isEmpty {
      state.move(to: item)
      part.logLikelihood += state.logLikelihood
      for k in 0..<classCount { part.classes[k] += state.posterior(ofClass: k) }
      for q in 0..<count {
        let ease = Self.eases[q]
        spread[q] = state.difficulty[q] * (measures == .slopes ? ease : ease * ease)
      }
      for (place, k) in state.voted.enumerated() {
        rights[k] = (0..<count).reduce(0) {
          $0 + Self.eases[$1] * state.joint[place * count + $1]
        }
      }
      for vote in votes.range(ofItem: item) {
        let (annotator, label) = Int(votes.cells[vote]).quotientAndRemainder(
          dividingBy: classCount)
        let sum = sum(spread, tables.right, from: annotator * count, measures)
        terms[vote] =
          (votes.weights?[vote] ?? 1) * (measures == .slopes ? rights[label] - sum : sum)
      }
    }
    return part
  }

  /// `Σ_q spread_q σ_q`, or `Σ_q spread_q σ_q (1 - σ_q)`.
  @inline(__always)
  private func sum(
    _ spread: [Double], _ right: [Double], from start: Int, _ measures: Measures
  ) -> Double {
    spread.withUnsafeBytes { spread in
      right.withUnsafeBytes { right in
        var sum = SIMD8<Double>.zero
        for q in stride(from: 0, to: 8 * GladTables.count, by: 64) {
          let weight = spread.loadUnaligned(fromByteOffset: q, as: SIMD8<Double>.self)
          let share = right.loadUnaligned(
            fromByteOffset: 8 &* start &+ q, as: SIMD8<Double>.self)
          sum += measures == .slopes ? weight * share : weight * share * (1 - share)
        }
        return sum.sum()
      }
    }
  }

  // MARK: Results

  /// What the posterior of class and difficulty makes of each item.
  struct Items: Sendable {
    /// The posterior of the class, and the log evidence of the votes, `classCount` numbers each;
    /// the largest log evidence of an item is 0.
    var posterior: [Double] = []
    var logEvidence: [Double] = []
    /// The mean and the standard deviation of `b`.
    var logEase: [Double] = []
    var deviations: [Double] = []
  }

  /// The results of all items.
  func items(at point: [Double]) -> Items {
    let tables = GladTables(self, at: point)
    let parts = mapRuns(of: votes.itemCount) { items in
      var (result, state) = (Items(), GladItem(self, tables))
      for item in items {
        state.move(to: item)
        let posterior = (0..<votes.classCount).map { state.posterior(ofClass: $0) }
        result.posterior.append(contentsOf: posterior)
        let mean = zip(state.difficulty, Self.logEases).reduce(0) { $0 + $1.0 * $1.1 }
        result.logEase.append(mean)
        result.deviations.append(
          zip(state.difficulty, Self.logEases).reduce(0) {
            $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
          }.squareRoot())
        result.logEvidence.append(contentsOf: state.logEvidence(of: item))
      }
      return result
    }
    return Items(
      posterior: parts.flatMap(\.posterior), logEvidence: parts.flatMap(\.logEvidence),
      logEase: parts.flatMap(\.logEase), deviations: parts.flatMap(\.deviations))
  }
}
