import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability

/// Mean log-likelihoods log Σₖ eₖ qₖ of evidence e given predictions q, with the largest e of each
/// row scaled to 1, in nats.
///
/// At most 0; this is attained if all the probability is on classes with the largest evidence.
public struct EvidenceScore: Sendable, Equatable {
  /// The value for the predictions; -infinity if they exclude every class with evidence in some
  /// row.
  public let logLikelihood: Double
  /// The value for the best constant prediction on these rows, the null model.
  public let null: Double
  /// The value for equal probabilities.
  public let uniform: Double

  /// McFadden's R², 1 - log-likelihood / null; nil if the null model has log-likelihood 0.
  public var explainedShare: Double? {
    null < 0 && logLikelihood.isFinite ? 1 - logLikelihood / null : nil
  }
}

extension Evaluation {
  /// The labels as evidence, if they are evidence or candidate sets.
  private var evidence: ClassEvidence? {
    switch labels {
    case .evidence(let given): given
    case .candidates(let sets): ClassEvidence(sets)
    case .classes, .probabilities, .counts: nil
    }
  }

  /// `-log Σₖ eₖ qₖ` of each row for labels that are evidence or candidate sets, nil for others; 0
  /// for rows of weight zero.
  func evidenceLosses() -> [Double]? {
    guard let evidence else { return nil }
    return pairs.mapBlocks { block in
      block.rows.enumerated().map { place, row in
        guard masses.rows[row] > 0 else { return 0 }
        let entries = block.entries(ofRowAt: place)
        let joint = entries.map {
          evidence.logs[row, $0 - entries.lowerBound] + block.logProbability($0)
        }
        return -Softmax.logSumExp(joint)
      }
    }.flatMap { $0 }
  }

  /// The score of labels that are evidence or candidate sets; nil for others.
  ///
  /// Complexity: O(N C) for each of some tens of EM steps for the null model.
  public func evidenceScore() -> EvidenceScore? {
    guard let evidence, let losses = evidenceLosses() else { return nil }
    let total = masses.rows.blockedSum()
    let value = SummationTree.sum(ofRows: rowCount) { masses.rows[$0] * losses[$0] }
    let search = SharesOfEvidence(evidence, masses: masses.rows)
    let equal = [Double](repeating: 1 / Double(classCount), count: classCount)
    return EvidenceScore(
      logLikelihood: -value / total, null: search.maximum(from: equal),
      uniform: search.mean(at: equal).logLikelihood)
  }
}

/// The class proportions π that maximise Σ wᵢ log Σₖ eᵢₖ πₖ, a concave function.
private struct SharesOfEvidence {
  private let relative: BlockedMatrix
  private let masses: [Double]
  private let total: Double

  init(_ evidence: ClassEvidence, masses: [Double]) {
    relative = Softmax.exponentials(evidence.logs)
    self.masses = masses
    total = masses.blockedSum()
  }

  /// The mean of log Σ e π, and of eₖ / Σ e π for each class.
  func mean(at shares: [Double]) -> (logLikelihood: Double, ratios: [Double]) {
    let count = shares.count
    let zeros = [Double](repeating: 0, count: count + 1)
    let sums = SummationTree(blockCount: relative.blockCount).sum(from: zeros) { sum, blocks in
      for index in blocks {
        for row in BlockedMatrix.rows(ofBlock: index, rowCount: relative.rowCount)
        where masses[row] > 0 {
          let evidence = relative.row(row)
          let weight = masses[row] / total
          let mixture = (0..<count).reduce(0) { $0 + evidence[$1] * shares[$1] }
          for unit in 0..<count { sum[unit] += weight * evidence[unit] / mixture }
          sum[count] += weight * Double.log(mixture)
        }
      }
    }
    return (sums[count], Array(sums[..<count]))
  }

  /// The maximum, by EM. The largest ratio minus 1 bounds the distance to the maximum.
  func maximum(from start: [Double]) -> Double {
    var shares = start
    var found = mean(at: shares)
    for _ in 0..<2000 where (found.ratios.max() ?? 1) - 1 > 1e-10 {
      shares = zip(shares, found.ratios).map { $0 * $1 }
      found = mean(at: shares)
    }
    return found.logLikelihood
  }
}
