import RealModule
import SurprisalLinearAlgebra

/// One label and one prediction, and the value of each interpretation.
struct LedgerEntry {
  let p: [Double]
  let q: [Double]
  let crossEntropy: Double
  private let assumptions: Ledger.Assumptions

  init(label: [Double], prediction: [Double], _ assumptions: Ledger.Assumptions) {
    p = label
    q = prediction
    crossEntropy = Distribution.crossEntropy(label, prediction)
    self.assumptions = assumptions
  }

  /// A value, or the reason why there is none.
  private enum Outcome {
    case value(Double, constant: Double)
    case missing(String)
  }

  /// The entry for one kind.
  package func interpretation(_ kind: LabelInterpretation.Kind) -> LabelInterpretation {
    switch outcome(kind) {
    case .value(let value, let constant):
      let total = value + constant
      let expected = -observations(of: kind) * crossEntropy
      let difference = total == expected ? 0 : total - expected
      return LabelInterpretation(
        kind, logLikelihood: total, constant: constant,
        difference: difference.isNaN ? nil : difference, reason: nil)
    case .missing(let reason):
      return LabelInterpretation(
        kind, logLikelihood: nil, constant: nil, difference: nil, reason: reason)
    }
  }

  /// The number of observations of an interpretation: the votes if it is about votes, otherwise 1.
  private func observations(of kind: LabelInterpretation.Kind) -> Double {
    kind == .multinomial || kind == .dirichletMultinomial ? assumptions.votes ?? 1 : 1
  }

  private func outcome(_ kind: LabelInterpretation.Kind) -> Outcome {
    switch kind {
    case .knownClass:
      p.contains(1) ? .value(-crossEntropy, constant: 0) : .missing("the label is not one class")
    case .expectedLogLikelihood: .value(-crossEntropy, constant: 0)
    case .multinomial: multinomial()
    case .fractionalResponse:
      .missing(
        "a fractional response has no density here: minus cross entropy is a quasi-likelihood")
    case .continuousCategorical: continuousCategorical()
    case .dirichlet: dirichlet()
    case .dirichletMultinomial: dirichletMultinomial()
    case .matchedDistribution: .value(-crossEntropy, constant: Distribution.entropy(p))
    case .candidateSet: candidateSet()
    case .noisyLabel: noisyLabel()
    case .evidence: evidence(prior: nil)
    case .posterior: posterior()
    }
  }

  private func multinomial() -> Outcome {
    guard let votes = assumptions.votes else { return .missing("needs the number of votes") }
    guard let counts = counts(votes) else { return .missing(Self.fractionalVotes) }
    let constant = counts.logMultinomialCoefficient(ofRow: 0)
    return .value(-votes * crossEntropy, constant: constant)
  }

  private func continuousCategorical() -> Outcome {
    guard !q.contains(0) else { return .missing("a prediction of zero has no finite logit") }
    return .value(
      ExponentialSimplex.logDensity(p, logits: q.map { Double.log($0) }), constant: 0)
  }

  private func dirichlet() -> Outcome {
    guard let precision = usablePrecision else { return .missing(Self.precisionNeeded) }
    guard !p.contains(0) else {
      return .missing(
        "the label has a zero, where the density is not defined")
    }
    guard !q.contains(0) else { return .missing("a prediction of zero makes no Dirichlet") }
    return evaluate(Dirichlet(precision: .fixed(precision))) { () throws(LabelError) in
      .probabilities(try ClassProbabilities(BlockedMatrix(rows: [p], columnCount: p.count)))
    }
  }

  private func dirichletMultinomial() -> Outcome {
    guard let precision = usablePrecision else { return .missing(Self.precisionNeeded) }
    guard let votes = assumptions.votes else { return .missing("needs the number of votes") }
    guard let counts = counts(votes) else { return .missing(Self.fractionalVotes) }
    // One vote carries no information about dispersion: the likelihood is the categorical one.
    guard votes > 1 else { return .value(-crossEntropy, constant: 0) }
    return evaluate(DirichletMultinomial(), parameters: [-Double.log(precision)]) {
      .counts(counts)
    }
  }

  private func candidateSet() -> Outcome {
    guard let candidates = assumptions.candidates, !candidates.isEmpty else {
      return .missing("needs the set of candidates")
    }
    guard candidates.allSatisfy(q.indices.contains) else {
      return .missing("a candidate is not a class")
    }
    let members = Set(candidates)
    guard members.count < q.count else { return .value(0, constant: 0) }
    return .value(
      Double.log(members.sorted().reduce(0) { $0 + q[$1] }), constant: 0)
  }

  private func noisyLabel() -> Outcome {
    guard let confusion = assumptions.confusion else {
      return .missing("needs the confusion matrix")
    }
    guard confusion.rowCount == q.count, confusion.classCount == q.count else {
      return .missing("the confusion matrix is not of \(q.count) classes")
    }
    var sum = 0.0
    for report in q.indices where p[report] > 0 {
      let probability = q.indices.reduce(0) { $0 + q[$1] * confusion[$1, report] }
      sum += p[report] * Double.log(probability)
    }
    return .value(sum, constant: 0)
  }

  /// log Σ eₖ qₖ, with the constant log max e. Its difference to minus the cross entropy is the gap
  /// in Jensen's inequality.
  private func evidence(prior: [Double]?) -> Outcome {
    var logs = assumptions.logEvidence ?? p.map { Double.log($0) }
    guard logs.count == q.count else {
      return .missing("the evidence is not of \(q.count) classes")
    }
    if let prior {
      for index in logs.indices where logs[index] > -.infinity {
        guard prior[index] > 0 else {
          return .missing(
            "a class of prior zero has a positive probability")
        }
        logs[index] -= Double.log(prior[index])
      }
    }
    let constant = logs.max() ?? 0
    let joint = zip(logs, q).map { ($0 - constant) + Double.log($1) }
    return .value(Softmax.logSumExp(joint), constant: constant)
  }

  private func posterior() -> Outcome {
    guard let prior = assumptions.prior else { return .missing("needs the prior") }
    guard prior.count == q.count else { return .missing("the prior is not of \(q.count) classes") }
    return evidence(prior: prior)
  }

  private static let fractionalVotes = "the proportions times the votes are not whole numbers"
  private static let precisionNeeded = "needs a precision, positive and finite"

  private var usablePrecision: Double? {
    assumptions.precision.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// The votes for each class, if proportions times votes are whole numbers up to rounding.
  private func counts(_ votes: Double) -> ClassCounts? {
    guard votes >= 1, votes.isFinite, votes.rounded() == votes else { return nil }
    let rounded = p.map { ($0 * votes).rounded() }
    let isWhole = zip(p, rounded).allSatisfy { ($0 * votes - $1).magnitude <= 1e-5 * max(1, $1) }
    guard isWhole, rounded.reduce(0, +) == votes else { return nil }
    return try? ClassCounts(BlockedMatrix(rows: [rounded], columnCount: p.count))
  }

  private func evaluate(
    _ likelihood: some Likelihood, parameters: [Double] = [],
    of labels: () throws(LabelError) -> Labels
  ) -> Outcome {
    do throws(LabelError) {
      let (value, constant) = try likelihood.logLikelihood(
        of: try labels(), logits: q.map { Double.log($0) }, parameters: parameters)
      return .value(value, constant: constant)
    } catch {
      return .missing("the label cannot be read so: \(error)")
    }
  }
}
