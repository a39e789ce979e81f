import RealModule
import SurprisalLinearAlgebra

/// A class reported through a confusion matrix T: T[k, y] is the probability of reporting y if the
/// class is k.
///
/// - Domain: class indices; class probabilities as a belief about the report. Counts are refused:
///   if the votes of a row share one true class, a different model applies, that of annotators.
/// - Link: softmax, q = softmax(z), of the true class; the reports have the distribution π = q T.
/// - Log-likelihood: ℓ = Σ_y p_y log Σₖ qₖ T[k, y]; for a known report log π_y. For a distribution
///   it is the expected log-likelihood.
/// - Score: with r[k | y] = qₖ T[k, y] / π_y and Rₖ = Σ_y p_y r[k | y], in zₖ: Rₖ - qₖ. Estimated
///   rows are T[k, ·] = softmax(t[k, ·]) with t[k, k] = 0; in t[k, b]: p_b r[k | b] - T[k, b] Rₖ.
/// - Information: with the vectors J[y, k] = e_{zₖ} + Σ_b ([b = y] - T[k, b]) e_{t[k, b]}, the
///   observed one is Cov(q) + Σₖ Rₖ Cov(T[k, ·]) - Σ_y p_y Cov_{r[· | y]}(J[y, ·]). The expected
///   one has π in place of p and is Σ_y π_y g_y g_yᵀ, g_y the score of the report y. Solvers use
///   the expected one for a known matrix and the upper bound Cov(q) + Σₖ Rₖ Cov(T[k, ·]) for an
///   estimated one.
/// - Constant: 0.
/// - Edges: the identity matrix gives the categorical likelihood. A report that is impossible under
///   every class is refused (`LabelError.outsideDomain`).
/// - Reference: Mnih and Hinton, Learning to label aerial images from noisy data, ICML 2012;
///   Patrini et al., CVPR 2017 (the forward correction).
public struct NoisyLabel: Likelihood {
  /// The confusion matrix: known, or to be estimated.
  public let confusion: Confusion

  /// A likelihood of reports through a confusion matrix.
  public init(_ confusion: Confusion) {
    self.confusion = confusion
  }

  public var name: String { "noisy-label" }

  public var interpretation: String { "noisy label (a class seen through a confusion matrix)" }

  public var isLogConcave: Bool { false }

  public var limit: LimitAlongDirection { .mixture }

  public func mixtureTerms(
    of responses: Reports, row: Int, auxiliary: [Double]
  ) -> [[Double]] {
    let matrix = confusion.matrix(parameters: auxiliary, classCount: responses.classCount)
    return (0..<responses.classCount).filter { responses.share(row, $0) > 0 }.map { report in
      matrix.map { $0[report] }
    }
  }

  public var caution: String? {
    guard case .estimated = confusion else { return nil }
    return "a confusion matrix and a classifier can explain the same labels in several ways: "
      + "the estimate rests on the form of the model and on a start near the identity"
  }

  public func isQuasiLikelihood(of responses: Reports) -> Bool {
    if case .probabilities = responses { true } else { false }
  }

  public func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter] {
    confusion.auxiliaryParameters(classCount: classCount)
  }

  public var reportsAuxiliaryParameters: Bool { false }

  /// The entries of an estimated matrix, row by row.
  public func derivedProbabilities(
    of auxiliary: [Double], classCount: Int
  ) -> [DerivedProbability] {
    confusion.derivedProbabilities(of: auxiliary, classCount: classCount)
  }

  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Reports {
    let responses: Reports
    switch labels {
    case .classes(let labels): responses = .classes(labels)
    case .probabilities(let labels): responses = .probabilities(labels)
    case .counts, .candidates, .evidence:
      throw .kind(likelihood: name, found: labels.kind, expected: [.classes, .probabilities])
    }
    try confusion.requireReports(labels, likelihood: name)
    return responses
  }

  public func evaluate(
    _ responses: Reports, rows: Range<Int>, weights: [Double],
    tile: inout Tile, values: inout [Double]
  ) {
    let classes = responses.classCount
    var point = NoisyPoint(classCount: classes, confusion: confusion)
    tile.forEachExample(rows) { example, row, units in
      point.update(units)
      values[example] = point.report { responses.share(row, $0) }
      point.writeScore(into: units, weight: weights[row]) { responses.share(row, $0) }
    }
  }

  /// Leaves the logits and the parameters of the matrix unchanged.
  public func linearize(
    _ responses: Reports, rows: Range<Int>, tile: inout Tile
  ) {}

  public func information(
    _ kind: Information, of responses: Reports, rows: Range<Int>,
    weights: [Double], state: Tile, into pairs: inout Tile
  ) {
    let units = state.unitCount
    var point = NoisyPoint(classCount: responses.classCount, confusion: confusion)
    var sum = PackedMatrix(dimension: units)
    var state = state
    let isMajorized = kind == .solver && auxiliaryCount(classCount: responses.classCount) > 0
    state.forEachExample(rows) { example, row, logits in
      point.update(logits)
      sum.clear()
      if kind == .expected || kind == .solver && !isMajorized {
        point.addExpected(to: &sum)
      } else {
        _ = point.report { responses.share(row, $0) }
        point.addComplete(to: &sum)
        if kind == .observed { point.subtractMissing(from: &sum) { responses.share(row, $0) } }
      }
      pairs.setPairs(of: example, units) { weights[row] * sum[$0, $1] }
    }
    pairs.clearPadding(from: rows.count)
  }

  /// 2 qₖ (1 - qₖ) for an estimated matrix, whose logit block is Cov(q). For a known matrix, whose
  /// information may be much smaller than Cov(q), the general bound.
  public func curvatureBound(
    of responses: Reports, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    guard case .estimated = confusion else {
      return boundByInformation(
        of: responses, rows: rows, weights: weights, state: state, into: &bound)
    }
    var probabilities = state
    predictMean(classCount: responses.classCount, examples: rows.count, tile: &probabilities)
    bound.setSoftmaxCurvatureBound(of: probabilities, rows: rows, weights: weights, totals: nil)
  }

  /// Computed without the matrix of pairs: O(C²) per row.
  public func multiplyInformation(
    of responses: Reports, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    var point = NoisyPoint(classCount: responses.classCount, confusion: confusion)
    let isEstimated = auxiliaryCount(classCount: responses.classCount) > 0
    var state = state
    let stride = state.stride
    state.withUnsafeMutableUnits { start in
      directions.forEachExample(rows) { example, row, direction in
        point.update(TileExample(start: start + example, stride: stride))
        if isEstimated {
          _ = point.report { responses.share(row, $0) }
          point.multiplyComplete(direction, weight: weights[row])
        } else {
          point.multiplyExpected(direction, weight: weights[row])
        }
      }
    }
  }

  /// For a known matrix the class proportions q for which q T is nearest to the reports, by EM from
  /// a uniform start; for an estimated matrix the proportions of the reports.
  public func initialLogits(
    of responses: Reports, weights: [Double], classCount: Int
  ) -> [Double] {
    let classWeights = responses.classWeights(weights)
    let total = classWeights.reduce(0, +)
    guard case .known(let matrix) = confusion, total > 0 else {
      return classWeights.map { Double.log($0) }
    }
    let reports = classWeights.map { $0 / total }
    var shares = [Double](repeating: 1 / Double(classCount), count: classCount)
    for _ in 0..<200 {
      var next = [Double](repeating: 0, count: classCount)
      for report in 0..<classCount where reports[report] > 0 {
        let total = (0..<classCount).reduce(0) { $0 + shares[$1] * matrix[$1, report] }
        guard total > 0 else { continue }
        for index in 0..<classCount {
          next[index] += reports[report] * shares[index] * matrix[index, report] / total
        }
      }
      shares = next
    }
    return shares.map { Double.log($0) }
  }
}
