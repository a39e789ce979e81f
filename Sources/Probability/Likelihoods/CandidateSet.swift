import RealModule
import SurprisalLinearAlgebra

/// A set of classes of which one is the true one.
///
/// - Domain: sets S of one to C classes. Why a set was reported may depend on the features and on
///   the set, not on which of its members is the true class (coarsening at random).
/// - Link: softmax, q = softmax(z).
/// - Log-likelihood: ℓ = log Σ_{k ∈ S} qₖ. The uniform soft label on S is another, biased
///   objective.
/// - Score: rₖ - qₖ, with r the distribution q given S.
/// - Information: observed Cov(q) - Cov(r), where Cov(q) = [j = k] qₖ - qⱼ qₖ; it is indefinite.
///   Solvers get Cov(q), which is never below it: their steps cannot overshoot. Expected: not
///   defined, because the likelihood does not say how sets come about.
/// - Constant: 0; the probability of reporting S is a factor free of every parameter.
/// - Edges: of one class, the categorical likelihood; of all classes, 0. -infinity where every
///   candidate has a logit of -infinity.
/// - Reference: Jin and Ghahramani, Learning with multiple labels, NIPS 15 (2002).
public struct CandidateSet: Likelihood {
  /// The likelihood; it has no options.
  public init() {}

  public var name: String { "candidate-set" }

  public var interpretation: String { "candidate set (one of these classes is the true one)" }

  public var isLogConcave: Bool { false }

  public var limit: LimitAlongDirection { .mixture }

  public func mixtureTerms(
    of responses: CandidateSets, row: Int, auxiliary: [Double]
  ) -> [[Double]] { [responses.membership.row(row)] }

  public var definesExpectedInformation: Bool { false }

  /// Sets, or known classes as sets of one.
  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> CandidateSets {
    switch labels {
    case .candidates(let sets): return sets
    case .classes(let labels):
      var membership = BlockedMatrix(rowCount: labels.rowCount, columnCount: labels.classCount)
      for row in 0..<labels.rowCount { membership[row, labels[row]] = 1 }
      return try CandidateSets(membership)
    case .probabilities, .counts:
      throw .kind(likelihood: name, found: labels.kind, expected: [.candidates, .classes])
    }
  }

  public func evaluate(
    _ responses: CandidateSets, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let (units, count, stride) = (responses.classCount, rows.count, tile.stride)
    var inside = tile.restricted(to: responses.membership, rows: rows)
    let given = inside.exponentiate(units: units, examples: count)
    let all = tile.exponentiate(units: units, examples: count)
    inside.withUnsafeUnits { inside in
      tile.withUnsafeMutableUnits { score in
        for example in 0..<count {
          values[example] = given[example].logRatio(to: all[example])
          let weight = weights[rows.lowerBound + example]
          let (own, other) = (given[example].inverse, all[example].inverse)
          for place in Swift.stride(from: example, to: units * stride, by: stride) {
            score[place] = weight * (inside[place] * own - score[place] * other)
          }
        }
      }
    }
    tile.clearPadding(from: count)
  }

  /// Leaves the logits: both q and r are wanted.
  public func linearize(_ responses: CandidateSets, rows: Range<Int>, tile: inout Tile) {}

  public func information(
    _ kind: Information, of responses: CandidateSets, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    precondition(kind != .expected, "the expected information of a candidate set is not defined")
    var probabilities = state
    probabilities.softmaxInPlace(examples: rows.count)
    pairs.setSoftmaxCovariance(of: probabilities, rows: rows, weights: weights, totals: nil)
    guard kind == .observed else { return }
    var given = state.restricted(to: responses.membership, rows: rows)
    let sums = given.exponentiate(units: responses.classCount, examples: rows.count)
    given.forEachExample(rows) { example, _, terms in
      for index in 0..<responses.classCount {
        terms[index] *= sums[example].inverse
      }
    }
    pairs.addSoftmaxCovariance(of: given, rows: rows, weights: weights, factor: -1)
  }

  /// 2 qₖ (1 - qₖ), which bounds Cov(q) and hence the observed information too.
  public func curvatureBound(
    of responses: CandidateSets, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    var probabilities = state
    probabilities.softmaxInPlace(examples: rows.count)
    bound.setSoftmaxCurvatureBound(of: probabilities, rows: rows, weights: weights, totals: nil)
  }

  public func multiplyInformation(
    of responses: CandidateSets, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    var probabilities = state
    probabilities.softmaxInPlace(examples: rows.count)
    directions.multiplySoftmaxCovariance(
      of: probabilities, rows: rows, weights: weights, totals: nil)
  }

  /// The uniform share of each set; the intercept-only optimum has no closed form.
  public func initialLogits(
    of responses: CandidateSets, weights: [Double], classCount: Int
  ) -> [Double] {
    var classWeights = [Double](repeating: 0, count: classCount)
    for row in 0..<responses.rowCount {
      let members = responses.members(ofRow: row)
      for index in members { classWeights[index] += weights[row] / Double(members.count) }
    }
    return classWeights.map { Double.log($0) }
  }
}

extension Tile {
  /// The logits of the members of each row's set, -infinity elsewhere.
  fileprivate func restricted(to membership: BlockedMatrix, rows: Range<Int>) -> Tile {
    var result = self
    let (units, stride) = (membership.columnCount, stride)
    let block = membership.block(rows.lowerBound / BlockedMatrix.blockSize)
    block.withColumns { members, memberStride in
      result.withUnsafeMutableUnits { logits in
        for unit in 0..<units {
          for example in 0..<rows.count where members[unit * memberStride + example] != 1 {
            logits[unit * stride + example] = -.infinity
          }
        }
      }
    }
    return result
  }
}
