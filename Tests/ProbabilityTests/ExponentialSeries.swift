import RealModule

/// The divided difference of exp by a series without a negative term: an independent answer for
/// spreads up to a few hundred.
///
/// With c the smallest logit and x = η - c >= 0, `C = e^c Σ_m h_m(x) / (m + K - 1)!`, h the
/// complete homogeneous symmetric polynomials; a mean repeats its node.
struct ExponentialSeries {
  let logNormalizer: Double
  let mean: [Double]

  init(_ logits: [Double]) {
    let least = logits.min() ?? 0
    let nodes = logits.map { $0 - least }
    let top = nodes.max() ?? 0
    let (count, order) = (Double(nodes.count), Int(1.5 * top + 12 * top.squareRoot()) + 60)
    var terms = [1.0] + [Double](repeating: 0, count: order)
    for node in nodes {
      for m in 1...order { terms[m] += node * terms[m - 1] / (Double(m - 1) + count) }
    }
    let sum = terms.reduce(0, +)
    logNormalizer = least + Double.log(sum) - Double.logGamma(count)
    mean = nodes.map { node in
      var (repeated, total) = (0.0, 0.0)
      for m in 0...order {
        repeated = (terms[m] + node * repeated) / (Double(m) + count)
        total += repeated
      }
      return total / sum
    }
  }
}
