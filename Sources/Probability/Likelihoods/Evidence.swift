import RealModule
import SurprisalLinearAlgebra

/// Evidence about the class of a row, known up to a factor: the likelihood of votes, a test or a
/// sensor reading given the class.
///
/// - Domain: eₖ = P(observation | class k) >= 0, not all zero.
/// - Link: softmax, q = softmax(z).
/// - Log-likelihood: ℓ = log Σₖ eₖ qₖ with e divided by its largest entry. The cross entropy of e /
///   Σ e is a different objective: by Jensen's inequality -Σ p log q >= -log Σ p q.
/// - Score: rₖ - qₖ, with rₖ = eₖ qₖ / Σⱼ eⱼ qⱼ.
/// - Information: observed Cov(q) - Cov(r), with Cov(q) = [j = k] qₖ - qⱼ qₖ; it is indefinite.
///   Solvers use Cov(q), an upper bound, so their steps do not overshoot. The expected information
///   is not defined because the likelihood does not specify a distribution of evidence.
/// - Constant: log maxₖ eₖ.
/// - Edges: evidence for one class only gives the categorical likelihood; zeros and ones that of a
///   candidate set; a column of a confusion matrix that of a noisy label; equal entries give 0.
/// - Reference: Dawid and Skene, Applied Statistics 28 (1979), for votes.
public struct Evidence: EvidenceLikelihood {
  /// Creates the likelihood; it has no options.
  public init() {}

  public var name: String { "evidence" }

  public var interpretation: String {
    "evidence (how likely what was seen is under each class, up to a factor)"
  }

  /// Evidence, or candidate sets and known classes as evidence of zeros and ones.
  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> ClassEvidence {
    switch labels {
    case .evidence(let evidence): return evidence
    case .candidates(let sets): return ClassEvidence(sets)
    case .classes(let labels): return try ClassEvidence(labels)
    case .probabilities, .counts:
      throw .kind(
        likelihood: name, found: labels.kind, expected: [.evidence, .candidates, .classes])
    }
  }
}

/// A set of classes that contains the true class: evidence of zeros and ones.
///
/// - Domain: sets S of one to C classes. The probability of reporting a set may depend on the
///   features and on the set, but not on which of its members is the true class (coarsening at
///   random).
/// - Log-likelihood: ℓ = log Σ_{k ∈ S} qₖ. The uniform soft label on S gives a different, biased
///   objective.
/// - Constant: 0; the probability of reporting S is a factor that depends on no parameter.
/// - Everything else: see `Evidence`.
/// - Reference: Jin and Ghahramani, Learning with multiple labels, NIPS 15 (2002).
public struct CandidateSet: EvidenceLikelihood {
  /// Creates the likelihood; it has no options.
  public init() {}

  public var name: String { "candidate-set" }

  public var interpretation: String { "candidate set (one of these classes is the true one)" }

  /// Candidate sets, or known classes as sets with one member.
  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> ClassEvidence {
    switch labels {
    case .candidates(let sets): return ClassEvidence(sets)
    case .classes(let labels): return try ClassEvidence(labels)
    case .probabilities, .counts, .evidence:
      throw .kind(likelihood: name, found: labels.kind, expected: [.candidates, .classes])
    }
  }
}

/// A likelihood of the form ℓ = log Σₖ eₖ qₖ, for any labels that can be converted to evidence.
public protocol EvidenceLikelihood: Likelihood where Responses == ClassEvidence {}

extension EvidenceLikelihood {
  public var isLogConcave: Bool { false }

  public var limit: LimitAlongDirection { .mixture }

  /// The ranks of the evidence, which, unlike e, cannot underflow.
  public func mixtureTerms(
    of responses: ClassEvidence, row: Int, auxiliary: [Double]
  ) -> [[Double]] { [responses.ranks(ofRow: row)] }

  public var definesExpectedInformation: Bool { false }

  public func logConstant(of responses: ClassEvidence, row: Int) -> Double {
    responses.constants[row]
  }

  public func evaluate(
    _ responses: ClassEvidence, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let (units, count, stride) = (responses.classCount, rows.count, tile.stride)
    tile.shiftLargeLogits(units: units, examples: count)
    var inside = tile.adding(responses.logs, rows: rows)
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

  /// Leaves the logits unchanged: q and r are both computed from them.
  public func linearize(_ responses: ClassEvidence, rows: Range<Int>, tile: inout Tile) {}

  public func information(
    _ kind: Information, of responses: ClassEvidence, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    precondition(kind != .expected, "the expected information of evidence is not defined")
    var probabilities = state
    probabilities.softmaxInPlace(examples: rows.count)
    pairs.setSoftmaxCovariance(of: probabilities, rows: rows, weights: weights, totals: nil)
    guard kind == .observed else { return }
    var given = state
    given.shiftLargeLogits(units: responses.classCount, examples: rows.count)
    given = given.adding(responses.logs, rows: rows)
    let sums = given.exponentiate(units: responses.classCount, examples: rows.count)
    given.forEachExample(rows) { example, _, terms in
      for index in 0..<responses.classCount {
        terms[index] *= sums[example].inverse
      }
    }
    pairs.addSoftmaxCovariance(of: given, rows: rows, weights: weights, factor: -1)
  }

  /// 2 qₖ (1 - qₖ): it bounds Cov(q) and hence also the observed information.
  public func curvatureBound(
    of responses: ClassEvidence, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    var probabilities = state
    probabilities.softmaxInPlace(examples: rows.count)
    bound.setSoftmaxCurvatureBound(of: probabilities, rows: rows, weights: weights, totals: nil)
  }

  public func multiplyInformation(
    of responses: ClassEvidence, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    var probabilities = state
    probabilities.softmaxInPlace(examples: rows.count)
    directions.multiplySoftmaxCovariance(
      of: probabilities, rows: rows, weights: weights, totals: nil)
  }

  /// The evidence of each row divided by its sum; the intercept-only optimum has no closed form.
  public func initialLogits(
    of responses: ClassEvidence, weights: [Double], classCount: Int
  ) -> [Double] {
    var classWeights = [Double](repeating: 0, count: classCount)
    for row in 0..<responses.rowCount {
      let shares = Softmax.probabilities(responses.logs.row(row))
      for index in 0..<classCount { classWeights[index] += weights[row] * shares[index] }
    }
    return classWeights.map { Double.log($0) }
  }
}

extension Tile {
  /// Logits up to this size are used as they are.
  static let largestUnshifted = 1e6

  /// Subtracts the largest logit of each example that has larger ones: next to a logit of 1e16 what
  /// is added to it would be lost.
  fileprivate mutating func shiftLargeLogits(units: Int, examples: Int) {
    for example in 0..<examples {
      let top = (0..<units).reduce(-Double.infinity) { max($0, self[$1, example]) }
      guard top.isFinite, top.magnitude > Self.largestUnshifted else { continue }
      for unit in 0..<units { self[unit, example] -= top }
    }
  }

  /// The logits plus the entries of a matrix with the same classes.
  fileprivate func adding(_ matrix: BlockedMatrix, rows: Range<Int>) -> Tile {
    var result = self
    let (units, stride) = (matrix.columnCount, stride)
    let block = matrix.block(rows.lowerBound / BlockedMatrix.blockSize)
    block.withColumns { entries, entryStride in
      result.withUnsafeMutableUnits { logits in
        for unit in 0..<units {
          for example in 0..<rows.count {
            logits[unit * stride + example] += entries[unit * entryStride + example]
          }
        }
      }
    }
    return result
  }
}
