import RealModule
import SurprisalLinearAlgebra

/// The information of the votes on one item, in the log odds `x_a = α_a exp(b)` of its annotators
/// and the logarithms of the shares of classes: the information of votes with a known class minus
/// the variance of their score over the posterior of the class.
struct GladItem: Sendable {
  /// The annotators of the votes, each once.
  private(set) var annotators: [Int] = []
  /// `exp(b)`.
  let ease: Double
  /// The posterior of the class.
  let posterior: [Double]
  /// `x`, `σ(x)`, and the weight of the votes of each annotator.
  private(set) var odds: [Double] = []
  private(set) var right: [Double] = []
  private(set) var weights: [Double] = []
  /// The weights of the votes of each annotator by class, `classCount` numbers each, and their means
  /// over the posterior.
  private var votes: [Double] = []
  private var means: [Double] = []
  /// `Σ_a x_a` over the votes for each class, and its mean.
  private var sums: [Double]
  private var mean: Double
  /// The information of `b`.
  private(set) var ownInformation = 1.0

  private var classCount: Int { posterior.count }

  init(_ item: Int, of likelihood: GladLikelihood, at point: [Double], posterior: ArraySlice<Double>)
  {
    self.posterior = Array(posterior)
    ease = Double.exp(point[likelihood.itemStart + item])
    sums = [Double](repeating: 0, count: posterior.count)
    mean = 0
    var places: [Int: Int] = [:]
    for (cell, weight) in likelihood.votes.cells(ofItem: item) {
      let (annotator, label) = cell.quotientAndRemainder(dividingBy: posterior.count)
      let place = places[annotator] ?? annotators.count
      if place == annotators.count {
        places[annotator] = place
        annotators.append(annotator)
        odds.append(point[annotator] * ease)
        right.append(GladLikelihood.logistic(point[annotator] * ease))
        weights.append(0)
        votes.append(contentsOf: repeatElement(0, count: posterior.count))
      }
      weights[place] += weight
      votes[place * posterior.count + label] += weight
    }
    means = annotators.indices.map { a in mean { vote(a, $0) } }
    for k in sums.indices {
      sums[k] = annotators.indices.reduce(0) { $0 + odds[$1] * vote($1, k) }
    }
    mean = mean { sums[$0] }
    ownInformation -= mean { (sums[$0] - mean) * (sums[$0] - mean) }
    for a in annotators.indices {
      ownInformation += odds[a] * (spread(a) * odds[a] - slope(a))
    }
  }

  private func vote(_ a: Int, _ k: Int) -> Double { votes[a * classCount + k] }

  private func mean(_ value: (Int) -> Double) -> Double {
    posterior.indices.reduce(0) { $0 + (posterior[$1] > 0 ? posterior[$1] * value($1) : 0) }
  }

  /// `Σ w σ(x) (1 - σ(x))` of an annotator, by position in `annotators`.
  func spread(_ a: Int) -> Double { weights[a] * right[a] * (1 - right[a]) }

  /// The derivative by `x` of an annotator.
  private func slope(_ a: Int) -> Double { means[a] - weights[a] * right[a] }

  /// The information between the abilities of two annotators.
  func information(_ a: Int, _ c: Int) -> Double {
    let covariance = mean { (vote(a, $0) - means[a]) * (vote(c, $0) - means[c]) }
    return ease * ease * ((a == c ? spread(a) : 0) - covariance)
  }

  /// The information between an ability and `b`.
  func cross(_ a: Int) -> Double {
    let covariance = mean { (vote(a, $0) - means[a]) * (sums[$0] - mean) }
    return ease * (spread(a) * odds[a] - slope(a) - covariance)
  }

  /// The information between the logarithm of the share of a class and an ability.
  func information(ofClass k: Int, _ a: Int) -> Double {
    -ease * posterior[k] * (vote(a, k) - means[a])
  }

  /// The information between the logarithm of the share of a class and `b`.
  func cross(ofClass k: Int) -> Double { -posterior[k] * (sums[k] - mean) }

  /// The information between two classes, less that of a known class.
  func information(ofClass k: Int, andClass j: Int) -> Double {
    -posterior[k] * ((k == j ? 1 : 0) - posterior[j])
  }
}
