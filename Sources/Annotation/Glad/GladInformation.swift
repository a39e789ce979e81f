import RealModule
import SurprisalLinearAlgebra

/// Standard errors of abilities and difficulties, from the observed information of the log density
/// at a maximum, the classes summed out (Louis, doi:10.1111/j.2517-6161.1982.tb01203.x).
///
/// Given abilities and π, items are independent: the information of all `b` is diagonal, and is
/// eliminated item by item. What is left has one row per annotator and class. If that is too large,
/// each ability is treated alone, as if the others and π were known.
struct GladInformation {
  private let likelihood: GladLikelihood
  private let items: [GladItem]
  private let classPrior: [Double]

  /// Standard errors.
  struct Errors {
    var abilities: [Double]
    /// Of `b`, by item.
    var logEase: [Double]
    var uncertainty: VoteUncertainty
  }

  init(_ likelihood: GladLikelihood, at point: [Double]) {
    self.likelihood = likelihood
    let (posterior, classCount) = (likelihood.posterior(at: point), likelihood.votes.classCount)
    items = likelihood.mapRuns(of: likelihood.votes.itemCount) { items in
      items.map {
        GladItem(
          $0, of: likelihood, at: point,
          posterior: posterior[$0 * classCount..<($0 + 1) * classCount])
      }
    }.flatMap { $0 }
    classPrior = likelihood.classPrior(at: point)
  }

  private var votes: Votes { likelihood.votes }
  private var classCount: Int { votes.classCount }
  /// The index of the first class in the matrix.
  private var classStart: Int { votes.annotatorCount }
  private var dimension: Int { votes.annotatorCount + classCount }

  /// A class with a smaller share has no standard error.
  private static let leastShare = 1e-9

  /// The approximate number of multiplications for the whole matrix.
  private var work: Int {
    items.reduce(dimension.multipliedSaturating(by: dimension).multipliedSaturating(by: dimension))
    {
      let size = $1.annotators.count + classCount
      return $0.addingSaturating(size.multipliedSaturating(by: size * classCount))
    }
  }

  /// The standard errors; nil if the information is not positive definite.
  func errors() -> Errors? {
    guard items.allSatisfy({ $0.ownInformation > 0 }) else { return nil }
    return dimension <= VoteUncertainty.mostParameters && work <= VoteUncertainty.mostWork
      ? jointErrors() : separateErrors()
  }

  // MARK: All parameters

  private func jointErrors() -> Errors? {
    guard let covariance = Cholesky(information(), tolerance: 1e-12)?.inverse else { return nil }
    let logEase = items.map { item -> Double in
      let (places, cross) = crosses(of: item)
      return
        (1 / item.ownInformation
        + Self.variance(covariance, places, cross.map { $0 / item.ownInformation })).squareRoot()
    }
    var slopes = [Double](repeating: 0, count: votes.annotatorCount * dimension)
    let own = accuracySlopes { slopes[$0 * dimension + $1] += $2 }
    let accuracies = own.enumerated().map { annotator, variance -> Double in
      let row = slopes[annotator * dimension..<(annotator + 1) * dimension]
      let places = (0..<dimension).filter { row[row.startIndex + $0] != 0 }
      return variance
        + Self.variance(covariance, places, places.map { row[row.startIndex + $0] })
    }
    let prior = (0..<classCount).map { k -> Double in
      guard classPrior[k] > Self.leastShare else { return .nan }
      let slopes = (0..<classCount).map { classPrior[k] * (($0 == k ? 1 : 0) - classPrior[$0]) }
      return Self.variance(covariance, Array(classStart..<dimension), slopes).squareRoot()
    }
    return errors(
      .joint, (0..<classStart).map { covariance[$0, $0].squareRoot() }, logEase, accuracies, prior)
  }

  /// The information of abilities and classes, all `b` eliminated. The sum of the logarithms of
  /// shares is not determined and has any information; so have shares of zero.
  private func information() -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: dimension)
    for annotator in 0..<classStart { result[annotator, annotator] = 1 }
    for k in 0..<classCount {
      for j in 0...k {
        let whole = classPrior[k] * ((j == k ? 1 : 0) - classPrior[j]) + 1
        result[classStart + k, classStart + j] += likelihood.votedItems * whole
      }
      if classPrior[k] <= Self.leastShare { result[classStart + k, classStart + k] += 1 }
    }
    for item in items where !item.annotators.isEmpty {
      let (places, cross) = crosses(of: item)
      let count = item.annotators.count
      for i in places.indices {
        for j in 0...i {
          let (row, column) = (max(places[i], places[j]), min(places[i], places[j]))
          let entry =
            i < count
            ? item.information(i, j)
            : j < count
              ? item.information(ofClass: i - count, j)
              : item.information(ofClass: i - count, andClass: j - count)
          result[row, column] += entry - cross[i] * cross[j] / item.ownInformation
        }
      }
    }
    return result
  }

  /// The indices of an item's annotators and the classes, and their information with `b`.
  private func crosses(of item: GladItem) -> (places: [Int], cross: [Double]) {
    (
      item.annotators + (classStart..<dimension),
      item.annotators.indices.map { item.cross($0) }
        + (0..<classCount).map { item.cross(ofClass: $0) }
    )
  }

  private static func variance(
    _ covariance: SymmetricMatrix, _ places: [Int], _ slopes: [Double]
  ) -> Double {
    var result = 0.0
    for (i, row) in places.enumerated() {
      for (j, column) in places.enumerated() {
        result += slopes[i] * slopes[j] * covariance[row, column]
      }
    }
    return result
  }

  // MARK: Each ability alone

  func separateErrors() -> Errors? {
    var information = [Double](repeating: 1, count: votes.annotatorCount)
    for item in items {
      for (a, annotator) in item.annotators.enumerated() {
        let cross = item.cross(a)
        information[annotator] += item.information(a, a) - cross * cross / item.ownInformation
      }
    }
    guard information.allSatisfy({ $0 > 0 }) else { return nil }
    var slopes = [Double](repeating: 0, count: votes.annotatorCount)
    let own = accuracySlopes { if $0 == $1 { slopes[$0] += $2 } }
    return errors(
      .rows, information.map { (1 / $0).squareRoot() },
      items.map { (1 / $0.ownInformation).squareRoot() },
      own.indices.map { own[$0] + slopes[$0] * slopes[$0] / information[$0] },
      [Double](repeating: .nan, count: classCount))
  }

  // MARK: Accuracies

  /// The variance of the mean accuracy of each annotator, given abilities and classes; `add` is given
  /// its derivatives by these as annotator, index, and a part of the derivative.
  private func accuracySlopes(_ add: (Int, Int, Double) -> Void) -> [Double] {
    var totals = [Double](repeating: 0, count: votes.annotatorCount)
    for item in items {
      for (a, annotator) in item.annotators.enumerated() { totals[annotator] += item.weights[a] }
    }
    var result = [Double](repeating: 0, count: votes.annotatorCount)
    for item in items {
      let (places, cross) = crosses(of: item)
      for (a, annotator) in item.annotators.enumerated() {
        let slope = item.spread(a) / totals[annotator]
        let bySelf = slope * item.odds[a] / item.ownInformation
        result[annotator] += bySelf * slope * item.odds[a]
        add(annotator, annotator, slope * item.ease)
        for (place, value) in zip(places, cross) { add(annotator, place, -bySelf * value) }
      }
    }
    return result
  }

  /// The errors, from variances of accuracies.
  private func errors(
    _ kind: VoteUncertainty.Kind, _ abilities: [Double], _ logEase: [Double],
    _ accuracyVariances: [Double], _ prior: [Double]
  ) -> Errors {
    let accuracies = accuracyVariances.enumerated().map {
      votes.voteCount(ofAnnotator: $0) > 0 ? $1.squareRoot() : .nan
    }
    let table = accuracies.flatMap { error in
      (0..<classCount * classCount).map {
        $0 / classCount == $0 % classCount ? error : error / Double(classCount - 1)
      }
    }
    return Errors(
      abilities: abilities, logEase: logEase,
      uncertainty: VoteUncertainty(
        kind: kind, classPrior: prior, table: table, accuracy: accuracies))
  }
}
